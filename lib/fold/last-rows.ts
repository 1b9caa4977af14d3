import type { Order } from '../core/index.js'
import type { Selection } from './selection.js'

/** Finds the last rows of cells among selected rows, ascending: by time, feed, sequence number (null last), then row. */
export class LastRows {
  private best = new Int32Array(0) // by cell; -1 between calls

  of({ index, count }: Selection, slots: Int32Array, cells: number, order: Order): Selection {
    if (this.best.length < cells) this.best = new Int32Array(Math.max(cells, 2 * this.best.length)).fill(-1)
    const { best } = this
    const { time } = order
    for (let k = 0; k < count; k++) {
      const row = index[k]
      const known = best[slots[row]]
      if (known >= 0 && (time[row] < time[known] || (time[row] === time[known] && compareRows(order, row, known) < 0)))
        continue
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
    return { index: rows, count: found }
  }
}

/** Compares rows of one time; later rows of equal keys come later. */
function compareRows({ source, sourceValid, number, numberValid }: Order, a: number, b: number): number {
  return compareNullable(source, sourceValid, a, b) || compareNullable(number, numberValid, a, b) || a - b
}

function compareNullable(values: BigInt64Array | null, valid: Uint8Array | null, a: number, b: number): number {
  if (!values) return 0
  const aNull = valid !== null && !valid[a]
  const bNull = valid !== null && !valid[b]
  if (aNull || bNull) return Number(aNull) - Number(bNull)
  return values[a] < values[b] ? -1 : values[a] > values[b] ? 1 : 0
}
