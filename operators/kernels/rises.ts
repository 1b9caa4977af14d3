import { seriesKernel } from '../../lib/core/index.js'

/** Tells whether values never fall from row to row of a bucket; with `from_time` they are counted from the row's time. */
export const rises = seriesKernel({
  name: 'rises',
  doc: '1 when no value of the bucket is below the one before, or with strictly not above it; nulls skipped; else 0',
  inputs: ['value'],
  scope: 'cell',
  result: 'i64',
  evaluate({ time, columns: [values] }, cells, out, { strictly, from_time }) {
    for (let cell = 0; cell < cells.count; cell++) {
      let before = Number.NaN
      out[cell] = 1
      for (let row = cells.from[cell]; row < cells.to[cell]; row++) {
        const value = from_time === true ? time[row] + values[row] : values[row]
        if (Number.isNaN(value)) continue
        if (value < before || (strictly === true && value === before)) out[cell] = 0
        before = value
      }
    }
  },
})
