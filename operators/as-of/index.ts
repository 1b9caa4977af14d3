export * from './as-of.js'
export * from './standing-mids.js'
