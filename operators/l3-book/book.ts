import { PriceNumbers } from './price-numbers.js'

/** Sides of messages; less 1, those of a book. */
export const BID = 1
export const ASK = 2

/** Relative rounding that sums of fractional sizes may have. */
export const ROUNDING = 1e-9

/**
 * The levels of both sides of a book: one for each price of the day and side, numbered 2 * rank + side, where prices of a
 * side are ranked from the worst, 0, to the best that it has all day. Side 0 has bids, 1 asks. A message finds its level
 * by a number, and a bit says whether the level is there: nothing is searched or moved when levels begin and go, which
 * costs mispredicted branches.
 */
export class Book {
  readonly numbers = new PriceNumbers()
  /** By level. */
  prices = new Float64Array(0)
  sizes = new Float64Array(0)
  orders = new Int32Array(0)
  /** By side: rank of the best level, -1 if there is none. */
  readonly best = Int32Array.of(-1, -1)
  /** Sides of which a level changed that was shown last, or would be now: 1 bids, 2 asks, 3 both. Who shows them sets it back. */
  changed = 0
  /** By 32 ranks and side, a bit for each level that is there. */
  present = new Int32Array(0)
  /** By side: rank of the worst level that was shown last, -1 if all were. */
  readonly watched = Int32Array.of(-1, -1)
  /** By number of a price and side. */
  levels = new Int32Array(0)
  private tracked = false

  /**
   * Begins another day, whose prices are given by row. `tracked` says whether it is known how many orders a level has: it
   * goes with the last, else with its size.
   */
  begin(prices: Float64Array, tracked: boolean): void {
    this.tracked = tracked
    this.changed = 0
    this.best.fill(-1)
    this.watched.fill(-1)
    this.numbers.begin(prices)
    const { count, values } = this.numbers
    const ranks = count - 1 // number 0 is no price
    if (this.levels.length < 2 * count) this.grow(values.length)
    this.sizes.fill(0, 0, 2 * ranks)
    this.orders.fill(0, 0, 2 * ranks)
    this.present.fill(0, 0, 2 * Math.ceil(ranks / 32))
    const sorted = values.slice(1, count).sort()
    for (let rank = 0; rank < ranks; rank++) {
      const number = this.numbers.find(sorted[rank])
      const [bid, ask] = [2 * rank, 2 * (ranks - 1 - rank) + 1]
      this.levels[2 * number] = bid
      this.levels[2 * number + 1] = ask
      this.prices[bid] = sorted[rank]
      this.prices[ask] = sorted[rank]
    }
  }

  /** Returns the level of the price of a row on a side, 0 or 1. */
  levelOf(row: number, side: number): number {
    return this.levels[2 * this.numbers.rows[row] + side]
  }

  /** Returns the level of a price on a side, -1 if it is none of the day. */
  levelAt(price: number, side: number): number {
    const number = this.numbers.find(price)
    return number === 0 ? -1 : this.levels[2 * number + side]
  }

  /** Adds to a level, which begins where it is not there. */
  add(level: number, size: number, orders: number): void {
    const { present, watched } = this
    const [side, rank] = [level & 1, level >> 1]
    const word = ((rank >> 5) << 1) | side
    const bits = present[word]
    if ((bits & (1 << rank)) === 0) {
      present[word] = bits | (1 << rank)
      if (rank > this.best[side]) this.best[side] = rank
    }
    this.sizes[level] += size
    this.orders[level] += orders
    if (rank >= watched[side]) this.changed |= 1 << side
  }

  /** Takes from a level, which goes when nothing is left. Returns whether there was as much; else nothing is left. */
  take(level: number, size: number, orders: number): boolean {
    const [side, rank] = [level & 1, level >> 1]
    if (!this.has(side, rank)) return false
    const left = this.sizes[level] - size
    const rounding = ROUNDING * size
    this.sizes[level] = Math.max(left, 0)
    this.orders[level] -= orders
    if (rank >= this.watched[side]) this.changed |= 1 << side
    if (this.tracked ? this.orders[level] <= 0 : left <= rounding) this.close(side, rank)
    return left >= -rounding
  }

  clear(side: number): void {
    if (this.best[side] >= 0) this.changed |= 1 << side
    while (this.best[side] >= 0) this.close(side, this.best[side])
  }

  /** Returns the rank of the next worse level of a side that is there, -1 if there is none. */
  below(side: number, rank: number): number {
    const { present } = this
    let word = ((rank >> 5) << 1) | side
    let bits = present[word] & ((1 << rank) - 1)
    while (bits === 0) {
      word -= 2
      if (word < 0) return -1
      bits = present[word]
    }
    return ((word >> 1) << 5) + 31 - Math.clz32(bits)
  }

  private has(side: number, rank: number): boolean {
    return (this.present[((rank >> 5) << 1) | side] & (1 << rank)) !== 0
  }

  private close(side: number, rank: number): void {
    const level = (rank << 1) | side
    this.present[((rank >> 5) << 1) | side] &= ~(1 << rank)
    this.sizes[level] = 0
    this.orders[level] = 0
    if (rank === this.best[side]) this.best[side] = this.below(side, rank)
  }

  private grow(capacity: number): void {
    this.prices = new Float64Array(2 * capacity)
    this.sizes = new Float64Array(2 * capacity)
    this.orders = new Int32Array(2 * capacity)
    this.levels = new Int32Array(2 * capacity)
    this.present = new Int32Array(2 * Math.ceil(capacity / 32))
  }
}
