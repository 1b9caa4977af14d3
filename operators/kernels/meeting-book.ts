import { seriesKernel } from '../../lib/core/index.js'

/**
 * Rebuilds the book of a listing's day from its messages and tells whether, after a settled row of the bucket, the best
 * bid is the best ask, or with `crossed` above it. Each row takes a size from one level and adds one to another; rows of
 * neither side change nothing, and of a level that is not there nothing is taken: its orders came before the messages.
 */
export const meetingBook = seriesKernel({
  name: 'meeting_book',
  doc: '1 when the book is locked, or with crossed crossed, after a settled row of the bucket, else 0',
  inputs: ['bid', 'taken_price', 'taken', 'price', 'added', 'settled'],
  everyRow: true,
  result: 'i64',
  evaluate({ counts, columns: [bid, takenPrice, taken, price, added, settled] }, cells, out, { crossed }) {
    const [bids, asks] = [new Levels(), new Levels()]
    for (let cell = 0; cell < cells.count; cell++) {
      out[cell] = 0
      for (let row = cells.from[cell]; row < cells.to[cell]; row++) {
        const side = bid[row] === 1 ? bids : bid[row] === 0 ? asks : undefined
        side?.change(takenPrice[row], -taken[row])
        side?.change(price[row], added[row])
        if (settled[row] !== 1 || (counts !== undefined && counts[row] !== 1)) continue
        const [best, worst] = [bids.highest(), asks.lowest()]
        if (crossed === true ? best > worst : best === worst) out[cell] = 1
      }
    }
  },
})

/** What rounding may leave of sizes that are no whole numbers. */
const NOTHING = 1e-9

/** Sizes by price, ascending; levels without size are not there. */
class Levels {
  private readonly prices: number[] = []
  private readonly sizes: number[] = []

  /** Adds to a level's size; null changes nothing. */
  change(price: number, size: number): void {
    if (Number.isNaN(price) || Number.isNaN(size) || size === 0) return
    const at = this.placeOf(price)
    if (this.prices[at] !== price) {
      if (size <= 0) return
      this.prices.splice(at, 0, price)
      this.sizes.splice(at, 0, size)
      return
    }
    this.sizes[at] += size
    if (this.sizes[at] > NOTHING) return
    this.prices.splice(at, 1)
    this.sizes.splice(at, 1)
  }

  /** Returns the highest price, or NaN. */
  highest(): number {
    return this.prices[this.prices.length - 1] ?? Number.NaN
  }

  /** Returns the lowest price, or NaN. */
  lowest(): number {
    return this.prices[0] ?? Number.NaN
  }

  /** Returns the place of the first price that is not below. */
  private placeOf(price: number): number {
    let [from, to] = [0, this.prices.length]
    while (from < to) {
      const middle = (from + to) >> 1
      if (this.prices[middle] < price) from = middle + 1
      else to = middle
    }
    return from
  }
}
