// Arrow comes first: arrow.mjs says why.
import './own-arrow.js'
import './thread.js'
