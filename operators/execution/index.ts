export * from './module.js'
export * from './orders.js'
export * from './trades.js'
