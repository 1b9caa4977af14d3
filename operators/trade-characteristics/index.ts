export * from './items.js'
export * from './module.js'
