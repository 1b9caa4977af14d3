import type { SequenceColumn } from '../../lib/core/index.js'

/** Returns what declares a column of numbers of such rows, null where they have none. */
export const numbersOf =
  (row: 'message' | 'trade') =>
  (name: string, unit: string, doc: string, formula: string): SequenceColumn => ({
    name,
    type: 'f64',
    unit,
    doc,
    formula,
    merge: 'O',
    nullRule: `null where the ${row} has none`,
  })
