import { type Column, type Order, pick, rowNumbers, take } from '../core/index.js'
import type { SeriesRows } from './series-log.js'

/** Rows of a log in order: doubles, and identities as they were read. */
interface OrderedRows {
  length: number
  time: Float64Array
  columns: Column[]
}

/**
 * Returns the logged rows of `cells` as a series, see `orderedRuns`. Cell `cells[c]` has rows from[c]..to[c]. The series
 * may be the log itself: it is valid until the log changes.
 */
export function orderedSeries(
  rows: SeriesRows,
  cells: Int32Array,
  known: number,
): { series: OrderedRows; from: Int32Array; to: Int32Array } {
  const runs = orderedRuns(rows, cells, known)
  const [, time, , , ...values] = rows.columns.map(column => column.view())
  const { order, from, to } = runs
  const gather = (values: Float64Array) => {
    if (order === null) return values
    const gathered = new Float64Array(order.length)
    pick(values, order, order.length, gathered)
    return gathered
  }
  const times = time.values as Float64Array
  const columns = values.map((column): Column => {
    if (column.type === 'f64') return { type: 'f64', values: gather(column.values), valid: null }
    return order === null ? column : take(column, order, order.length)
  })
  const length = order?.length ?? rows.columns[0].length
  return { series: { length, time: runs.timed ? gather(times) : times, columns }, from, to }
}

/**
 * Finds the logged rows of `cells` in their order and, inside a cell, in total order: time, feed, sequence number (null
 * last), then the order of logging, which is file and row order. Rows without logged times stay in the order of logging.
 * `known` is how many cells there are.
 */
export function orderedRuns(rows: SeriesRows, cells: Int32Array, known: number): Runs & { timed: boolean } {
  const [cell, time, source, number] = rows.columns.map(column => column.view())
  const cellOf = cell.values as Int32Array
  const n = cellOf.length
  const places = new Int32Array(known).fill(-1)
  for (let c = 0; c < cells.length; c++) places[cells[c]] = c
  const runs: Runs = { order: null, from: new Int32Array(cells.length), to: new Int32Array(cells.length) }
  if (!isGrouped(cellOf, places, runs)) group(cellOf, places, runs)
  const times = time.values as Float64Array
  const timed = times.length === n
  const [feeds, numbers] = [logged(source, n), logged(number, n)]
  const sequence = {
    source: feeds.values,
    sourceValid: feeds.valid,
    number: numbers.values,
    numberValid: numbers.valid,
  }
  if (timed) sortCells(runs, times, (a, b) => times[a] - times[b] || bySequence(sequence, a, b))
  return { ...runs, timed }
}

/** Where the rows of each cell are: order[from..to), or from..to of the log where `order` is null. */
export interface Runs {
  order: Int32Array | null
  from: Int32Array
  to: Int32Array
}

/** Finds the rows of each cell, if they are logged cell by cell, as those of files in order of listing are. */
function isGrouped(cellOf: Int32Array, places: Int32Array, { from, to }: Runs): boolean {
  let last = -1
  for (let i = 0; i < cellOf.length; ) {
    const start = i
    const cell = cellOf[i]
    do i++
    while (i < cellOf.length && cellOf[i] === cell)
    const place = places[cell]
    if (place < 0) continue
    if (place <= last) return false
    // Cells without rows lie between their neighbours. A loop: they are few, and a call of fill costs 50 ns.
    for (let c = last + 1; c <= place; c++) from[c] = to[c] = start
    to[place] = i
    last = place
  }
  const end = last < 0 ? 0 : to[last]
  from.fill(end, last + 1)
  to.fill(end, last + 1)
  return true
}

/** Lists rows cell by cell: a counting sort, stable, and linear where a comparison sort of all rows would not be. */
function group(cellOf: Int32Array, places: Int32Array, runs: Runs): void {
  const { from, to } = runs
  to.fill(0)
  let taken = 0
  for (let i = 0; i < cellOf.length; i++) {
    const place = places[cellOf[i]]
    if (place < 0) continue
    to[place]++
    taken++
  }
  for (let c = 0, start = 0; c < from.length; c++) {
    from[c] = start
    start += to[c]
    to[c] = from[c]
  }
  runs.order = new Int32Array(taken)
  for (let i = 0; i < cellOf.length; i++) {
    const place = places[cellOf[i]]
    if (place >= 0) runs.order[to[place]++] = i
  }
}

/** Sorts the rows of each cell in which they are not in order already. */
function sortCells(runs: Runs, time: Float64Array, compare: (a: number, b: number) => number): void {
  const { from, to } = runs
  for (let c = 0; c < from.length; c++) {
    const { order } = runs
    for (let k = from[c] + 1; k < to[c]; k++) {
      const [before, row] = order ? [order[k - 1], order[k]] : [k - 1, k]
      if (time[before] < time[row] || compare(before, row) <= 0) continue
      runs.order ??= rowNumbers(time.length)
      runs.order.subarray(from[c], to[c]).sort((a, b) => compare(a, b) || a - b)
      break
    }
  }
}

type Sequence = Pick<Order, 'source' | 'number' | 'sourceValid' | 'numberValid'>

/** Returns a logged column of the sequence, null where it was not logged. */
function logged(column: { values: unknown; valid: Uint8Array | null }, rows: number) {
  const values = column.values as BigInt64Array
  return values.length === rows && rows > 0 ? { values, valid: column.valid } : { values: null, valid: null }
}

/** Compares rows of one time: by feed, then by sequence number, null last. */
export function bySequence({ source, sourceValid, number, numberValid }: Sequence, a: number, b: number): number {
  return byNumber(source, sourceValid, a, b) || byNumber(number, numberValid, a, b)
}

function byNumber(values: BigInt64Array | null, valid: Uint8Array | null, a: number, b: number): number {
  if (!values) return 0
  const aNull = valid !== null && !valid[a]
  const bNull = valid !== null && !valid[b]
  if (aNull || bNull) return Number(aNull) - Number(bNull)
  return values[a] < values[b] ? -1 : values[a] > values[b] ? 1 : 0
}
