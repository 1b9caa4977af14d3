import {
  type Column,
  columnOfDoubles,
  doublesOf,
  type Frame,
  frameColumn,
  KeyTable,
  rankRows,
} from '../../lib/core/index.js'
import { INDICATORS, type Indicator } from '../indicators/index.js'
import type { PlannedIndicator } from './indicator-plan.js'

/** Columns that name a series, and the one that orders it. */
export interface SeriesKeys {
  by: string[]
  time: string
}

/** Returns a frame with the columns of its indicators: each series alone, in the order of time. */
export function withIndicators(frame: Frame, planned: readonly PlannedIndicator[], { by, time }: SeriesKeys): Frame {
  if (planned.length === 0) return frame
  const series = seriesOf(frame, by, time)
  const columns = new Map(frame.columns)
  for (const each of planned) {
    for (const [name, column] of computed({ rows: frame.rows, columns }, each, series)) columns.set(name, column)
  }
  return { rows: frame.rows, columns }
}

/** Row numbers series by series in the order of time, and where each series ends. */
interface SeriesRows {
  order: Int32Array
  ends: number[]
}

function seriesOf(frame: Frame, by: readonly string[], time: string): SeriesRows {
  const keys = by.map(name => frameColumn(frame, name))
  const table = new KeyTable(by.map((name, k) => ({ name, type: keys[k].type })))
  const numbers = by.length === 0 ? new Int32Array(frame.rows) : table.resolve(keys, frame.rows)
  const order = rankRows([{ type: 'i32', values: numbers, valid: null }, frameColumn(frame, time)], frame.rows)
  const ends: number[] = []
  for (let i = 1; i <= order.length; i++)
    if (i === order.length || numbers[order[i]] !== numbers[order[i - 1]]) ends.push(i)
  return { order, ends }
}

function computed(frame: Frame, { name, options, inputs, outputs }: PlannedIndicator, { order, ends }: SeriesRows) {
  const indicator = INDICATORS.get(name) as Indicator
  const columns = inputs.map(input => doublesOf(frameColumn(frame, input)))
  const out = indicator.outputs.map(() => new Float64Array(frame.rows).fill(Number.NaN))
  // Room for the longest series, used again for each.
  const longest = ends.reduce((most, to, s) => Math.max(most, to - (ends[s - 1] ?? 0)), 0)
  const rows = new Int32Array(longest)
  const room = [...columns, ...out].map(() => new Float64Array(longest))
  let from = 0
  for (const to of ends) {
    const length = presentRows(columns, order, from, to, rows)
    const [series, results] = [room.slice(0, columns.length), room.slice(columns.length)].map(arrays =>
      arrays.map(array => array.subarray(0, length)),
    )
    for (const [c, values] of columns.entries()) copyFrom(values, rows, series[c])
    indicator.compute(series, options, results)
    for (const [o, values] of results.entries()) copyTo(out[o], rows, values)
    from = to
  }
  return outputs.map(({ index, column }): [string, Column] => [column, columnOfDoubles(out[index])])
}

/**
 * Lists the rows of a series that have all inputs, and returns how many. The others give null and do not advance the
 * indicator (semantics 4.4).
 */
function presentRows(columns: Float64Array[], order: Int32Array, from: number, to: number, rows: Int32Array): number {
  let count = 0
  for (let i = from; i < to; i++) {
    const row = order[i]
    let present = true
    for (let c = 0; c < columns.length; c++) if (Number.isNaN(columns[c][row])) present = false
    if (present) rows[count++] = row
  }
  return count
}

function copyFrom(values: Float64Array, rows: Int32Array, into: Float64Array): void {
  for (let i = 0; i < into.length; i++) into[i] = values[rows[i]]
}

function copyTo(into: Float64Array, rows: Int32Array, values: Float64Array): void {
  for (let i = 0; i < values.length; i++) into[rows[i]] = values[i]
}
