export * from './kernel.js'
export * from './module.js'
