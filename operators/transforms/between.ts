import { type Column, columnOf, operator } from '../../lib/core/index.js'
import type { LaidColumn } from './laid-column.js'
import { LaidRows } from './laid-rows.js'
import { ListingDays } from './listing-days.js'

export interface BetweenParameters {
  /** Columns of the output, in order. */
  columns: LaidColumn[]
  width: number // ns
}

/**
 * Lays a row for each bucket without data between the first and the last bar of a listing's day, among bars that come in
 * output order. Additive columns are 0 in it, others null. Holds one batch at a time.
 */
export const between = operator<BetweenParameters>({
  name: 'between',
  doc: "adds the buckets without data between the first and the last bar of a listing's day",
  async *run(input, { columns, width }) {
    const rows = new LaidRows(columns, false)
    const days = new ListingDays()
    let last = Number.NaN // label of the bar before, of the same listing and day
    for await (const batch of input) {
      if (batch.numRows === 0) continue
      const starts = days.starts(
        columnOf(batch, 'Date') as Column & { type: 'date' },
        columnOf(batch, 'ListingId') as Column,
      )
      rows.begin(batch)
      const { labels } = rows
      for (let row = 0; row < batch.numRows; row++) {
        if (!starts[row])
          for (let label = last + width; label < labels[row]; label += width) rows.put(-1, row, label, 0)
        rows.put(row, row, labels[row], 0)
        last = labels[row]
      }
      yield* rows.take()
    }
    yield* rows.rest()
  },
})
