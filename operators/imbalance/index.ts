export * from './announcements.js'
export * from './counts.js'
export * from './module.js'
