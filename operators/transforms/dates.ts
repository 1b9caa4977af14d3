import { type Column, isWeekend, rowOperator } from '../../lib/core/index.js'

export interface DatesParameters {
  date: string
  /** Days since the epoch, inclusive; null is open. */
  from: number | null
  to: number | null
  excludeWeekends: boolean
}

/** Keeps the rows of wanted dates, for files whose path holds no date. */
export const dates = rowOperator<DatesParameters>({
  name: 'dates',
  doc: 'keeps the rows whose partition date is asked for',
  rows:
    ({ date, from, to, excludeWeekends }) =>
    chunk => {
      const { values, valid } = chunk.required(date) as Column & { type: 'date' }
      const wanted = new Uint8Array(chunk.rows)
      for (let i = 0; i < wanted.length; i++) {
        // A row without a date is kept: the next step reports it with its place.
        const outside =
          (!valid || valid[i]) &&
          ((from !== null && values[i] < from) ||
            (to !== null && values[i] > to) ||
            (excludeWeekends && isWeekend(values[i])))
        wanted[i] = outside ? 0 : 1
      }
      if (wanted.includes(0)) chunk.keep(wanted)
      return []
    },
})
