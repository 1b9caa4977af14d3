import { type Column, columnOf, isWeekend, operator } from '../../lib/core/index.js'
import { rowsOf } from './columns.js'

export interface DatesParameters {
  date: string
  /** Days since the epoch, inclusive; null is open. */
  from: number | null
  to: number | null
  excludeWeekends: boolean
}

/** Keeps the rows of wanted dates, for files whose path holds no date. */
export const dates = operator<DatesParameters>({
  name: 'dates',
  doc: 'keeps the rows whose partition date is asked for',
  async *run(input, { date, from, to, excludeWeekends }) {
    for await (const batch of input) {
      const { values, valid } = columnOf(batch, date) as Column & { type: 'date' }
      const kept = new Int32Array(batch.numRows)
      let count = 0
      for (let i = 0; i < batch.numRows; i++) {
        // A row without a date is kept: the next step reports it with its place.
        const outside =
          (!valid || valid[i]) &&
          ((from !== null && values[i] < from) ||
            (to !== null && values[i] > to) ||
            (excludeWeekends && isWeekend(values[i])))
        kept[count] = i
        if (!outside) count++
      }
      if (count === batch.numRows) yield batch
      else if (count > 0) yield rowsOf(batch, kept, count)
    }
  },
})
