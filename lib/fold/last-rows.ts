import { type Chunk, type Order, Program, pick, rowNumbers } from '../core/index.js'
import { RowColumns } from './row-columns.js'
import type { CellRows, Selection } from './selection.js'
import { bySequence } from './series-order.js'

/** The last rows of cells, by themselves: a chunk of a few of its rows, numbered from 0, and what is computed of them. */
export interface LastRows {
  program: Program
  rows: CellRows
  order: Order
}

/**
 * Finds the last rows of cells among selected rows: by time, feed, sequence number (null last), then row. Of a chunk of
 * 16,384 rows these are some hundred, so no other value of theirs is looked up or computed.
 */
export class LastOfCells {
  private readonly program = new Program()
  private readonly columns = new RowColumns()
  private best = new Int32Array(0) // by cell; -1 between calls

  of(chunk: Chunk, selected: CellRows, cells: number, order: Order): LastRows {
    // Runs in which times rise end with their last row. A cell of two runs has two: its fold settles which is later.
    const index = selected.runs?.rising
      ? endsOf(selected.index, selected.runs.starts, selected.runs.count)
      : this.among(selected, selected.slots, cells, order)
    const count = index.length
    this.program.load(this.columns.of(chunk, index, count))
    const rows = { index: rowNumbers(count), count, slots: index.map(row => selected.slots[row]) }
    return { program: this.program, rows, order: orderAt(order, index) }
  }

  private among({ index, count }: Selection, slots: Int32Array, cells: number, order: Order): Int32Array {
    if (this.best.length < cells) this.best = new Int32Array(Math.max(cells, 2 * this.best.length)).fill(-1)
    const { best } = this
    const { time } = order
    const isEarlier = (a: number, b: number) => (bySequence(order, a, b) || a - b) < 0
    for (let k = 0; k < count; k++) {
      const row = index[k]
      const known = best[slots[row]]
      if (known >= 0 && (time[row] < time[known] || (time[row] === time[known] && isEarlier(row, known)))) continue
      best[slots[row]] = row
    }
    const rows = new Int32Array(count)
    let found = 0
    for (let k = 0; k < count; k++) {
      const row = index[k]
      if (best[slots[row]] !== row) continue
      best[slots[row]] = -1
      rows[found++] = row
    }
    return rows.subarray(0, found)
  }
}

function endsOf(index: Int32Array, starts: Int32Array, runs: number): Int32Array {
  const ends = new Int32Array(runs)
  for (let run = 0; run < runs; run++) ends[run] = index[starts[run + 1] - 1]
  return ends
}

function orderAt({ time, source, number, sourceValid, numberValid }: Order, rows: Int32Array): Order {
  return {
    time: picked(time, rows),
    source: source && picked(source, rows),
    number: number && picked(number, rows),
    sourceValid: sourceValid && picked(sourceValid, rows),
    numberValid: numberValid && picked(numberValid, rows),
  }
}

function picked<Values extends Float64Array | BigInt64Array | Uint8Array>(values: Values, rows: Int32Array): Values {
  const out = new (values.constructor as new (length: number) => Values)(rows.length)
  pick(values, rows, rows.length, out)
  return out
}
