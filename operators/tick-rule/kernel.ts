import { type Column, instantsAt, ROW_NUMBER, sequenceKernel, timeBucket } from '../../lib/core/index.js'
import { TICK_DIRECTION } from '../tables/trade-direction.js'

/**
 * Finds the direction of trades of unknown side by the tick rule: 1 above the last different price before them in total
 * order, -1 below it. Only trades with `counts` 1 are such prices. Trades before which no price differs get no row.
 * Source: Lee, Ready, Journal of Finance 46 (1991), tick test.
 */
export const tickDirectionsKernel = sequenceKernel({
  name: 'tick_directions',
  doc: 'directions of trades of unknown side by the last different price before them',
  row: 'trade',
  inputs: ['price', 'counts', 'unknown', 'row'],
  columns: [
    timeBucket('time of the trade'),
    {
      name: ROW_NUMBER,
      type: 'f64',
      unit: '1',
      doc: 'number of the trade in the files of its date',
      formula: 'rows before it',
      merge: 'key',
      nullRule: 'never null',
      leads: true,
    },
    {
      name: TICK_DIRECTION,
      type: 'i32',
      unit: '±1',
      doc: 'direction by the tick rule',
      formula: 'sign of p less the last different price before it',
      merge: 'O',
      nullRule: 'never null',
      leads: true,
    },
  ],
  rows(day) {
    const [price, counts, unknown, number] = day.columns.map(({ values }) => values as Float64Array)
    const rows = new Int32Array(day.length)
    const directions = new Int32Array(day.length)
    let count = 0
    let last = Number.NaN // the last price
    let step = 0 // its sign against the last different one before it
    for (let row = 0; row < day.length; row++) {
      const p = price[row]
      // Of prices that are equal the last one says nothing; what it was reached by does.
      const direction = p > last ? 1 : p < last ? -1 : step
      if (unknown[row] === 1 && direction !== 0) {
        rows[count] = row
        directions[count++] = direction
      }
      if (counts[row] !== 1) continue
      if (p !== last) step = Number.isNaN(last) ? 0 : direction
      last = p
    }
    const made = rows.subarray(0, count)
    return [
      { type: 'ts', values: instantsAt(day, made), valid: null },
      { type: 'f64', values: Float64Array.from(made, row => number[row]), valid: null },
      { type: 'i32', values: directions.slice(0, count), valid: null },
    ] satisfies Column[]
  },
})
