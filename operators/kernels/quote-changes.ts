import { seriesKernel } from '../../lib/core/index.js'

/** Counts the rows of a bucket in which any input differs from the row before, of this bucket or an earlier one. */
export const quoteChanges = seriesKernel({
  name: 'quote_changes',
  doc: 'number of rows that differ from the one before; the first of the day has none before it',
  inputs: ['bid', 'bid quantity', 'ask', 'ask quantity'],
  scope: 'day',
  evaluate({ columns }, { count, from, to }, out) {
    for (let cell = 0; cell < count; cell++) {
      let changes = 0
      for (let row = Math.max(from[cell], 1); row < to[cell]; row++) {
        if (columns.some(column => differs(column[row], column[row - 1]))) changes++
      }
      out[cell] = changes
    }
  },
})

/** A price that comes or goes is a change; none after none is not. */
const differs = (a: number, b: number): boolean => a !== b && !(Number.isNaN(a) && Number.isNaN(b))
