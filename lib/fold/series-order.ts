import type { Series } from '../core/index.js'
import type { GrowingColumn } from './growing.js'
import type { SeriesGroup } from './series-log.js'

/** The rows logged for one series group: cell, time, feed, sequence number, inputs. */
export interface SeriesRows {
  group: SeriesGroup
  columns: GrowingColumn[]
}

/**
 * Returns the logged rows in the order of `cells` and, inside a cell, in total order: time, feed, sequence number (null
 * last), then the order of logging, which is file and row order. Cell c of the output order has rows from[c]..to[c].
 */
export function orderedSeries(
  rows: SeriesRows,
  cells: Int32Array,
): { series: Series; from: Int32Array; to: Int32Array } {
  const [cell, time, source, number, ...values] = rows.columns.map(column => column.view())
  const cellOf = cell.values as Int32Array
  const n = cellOf.length

  // Counting sort by cell: stable, and linear where a comparison sort of all rows would not be.
  const position = new Int32Array(cells.length)
  for (let c = 0; c < cells.length; c++) position[cells[c]] = c
  const to = new Int32Array(cells.length)
  for (let i = 0; i < n; i++) to[position[cellOf[i]]]++
  const from = new Int32Array(cells.length)
  for (let c = 1; c < cells.length; c++) from[c] = from[c - 1] + to[c - 1]
  to.set(from)
  const order = new Int32Array(n)
  for (let i = 0; i < n; i++) order[to[position[cellOf[i]]]++] = i

  const compare = comparator(time.values as Float64Array, sequence(source, n), sequence(number, n))
  for (let c = 0; c < cells.length; c++) {
    for (let k = from[c] + 1; k < to[c]; k++) {
      if (compare(order[k - 1], order[k]) > 0) {
        order.subarray(from[c], to[c]).sort((a, b) => compare(a, b) || a - b)
        break
      }
    }
  }
  const gather = (from: Float64Array) => Float64Array.from(order, i => from[i])
  const series = {
    length: n,
    time: gather(time.values as Float64Array),
    columns: values.map(column => gather(column.values as Float64Array)),
  }
  return { series, from, to }
}

type Sequence = { values: BigInt64Array; valid: Uint8Array | null } | null

function sequence(column: { values: unknown; valid: Uint8Array | null }, rows: number): Sequence {
  const values = column.values as BigInt64Array
  return values.length === rows && rows > 0 ? { values, valid: column.valid } : null
}

function comparator(time: Float64Array, source: Sequence, number: Sequence): (a: number, b: number) => number {
  return (a, b) => time[a] - time[b] || bySequence(source, a, b) || bySequence(number, a, b)
}

function bySequence(sequence: Sequence, a: number, b: number): number {
  if (!sequence) return 0
  const { values, valid } = sequence
  const aNull = valid !== null && !valid[a]
  const bNull = valid !== null && !valid[b]
  if (aNull || bNull) return Number(aNull) - Number(bNull)
  return values[a] < values[b] ? -1 : values[a] > values[b] ? 1 : 0
}
