export * from './metrics.js'
export * from './module.js'
export * from './settings.js'
