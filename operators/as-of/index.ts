export * from './as-of.js'
export * from './row-values.js'
export * from './standing-quotes.js'
