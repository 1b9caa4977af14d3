import type { Order } from '../core/index.js'
import type { Selection } from './selection.js'
import { bySequence } from './series-order.js'

/** Finds the last rows of cells among selected rows, ascending: by time, feed, sequence number (null last), then row. */
export class LastRows {
  private best = new Int32Array(0) // by cell; -1 between calls

  of({ index, count }: Selection, slots: Int32Array, cells: number, order: Order): Selection {
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
    return { index: rows, count: found }
  }
}
