import { kernel } from '../../lib/core/index.js'
import { count } from './sum.js'

/** Tells whether a row was selected. It counts them, as the engine's own kernel does, and reads the count as 0 or 1. */
export const any = kernel({
  ...count,
  name: 'any',
  doc: '1 when a row was selected, else 0',
  stands: undefined,
  read: ({ rows }, group) => (rows[group] > 0 ? 1n : 0n),
})
