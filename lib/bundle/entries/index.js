// Arrow comes first: arrow.mjs says why.
import './installed-arrow.js'

export * from './library.js'
