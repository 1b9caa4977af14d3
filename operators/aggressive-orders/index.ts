export * from './executions.js'
export * from './kernel.js'
export * from './module.js'
