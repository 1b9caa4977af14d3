/** Relative rounding that sums of fractional sizes may have. */
export const ROUNDING = 1e-9

/** Levels from the touch on that are looked through one by one: most messages are about these. */
const NEAR = 8

/**
 * The price levels of one side of a book: sorted arrays, the best level last, where most changes are. `orders` counts
 * the orders of a level; a level of which they are known to be none is gone, or, where orders are not `tracked`, one
 * without a size.
 */
export class Ladder {
  length = 0
  sizes = new Float64Array(64)
  orders = new Int32Array(64)
  /** Prices of bids, negative prices of asks: ascending, so that the best is the greatest. */
  private keys = new Float64Array(64)

  constructor(
    private readonly sign: 1 | -1,
    private readonly tracked: boolean,
  ) {}

  /** Returns the price of the level at a depth, 0 being the best. */
  price(depth: number): number {
    const key = this.keys[this.length - 1 - depth]
    return this.sign === 1 ? key : 0 - key // 0 - 0 is not -0
  }

  /** Adds to a level, which begins where it is not there. Returns its depth. */
  add(price: number, size: number, orders: number): number {
    const key = this.sign * price
    let at = this.find(key)
    if (at < 0) {
      at = -1 - at
      this.open(at, key)
    }
    this.sizes[at] += size
    this.orders[at] += orders
    return this.length - 1 - at
  }

  /**
   * Takes from a level, which goes when nothing is left. Returns the depth that it had; `short` says whether more was
   * taken than there was, which leaves nothing.
   */
  take(price: number, size: number, orders: number): number {
    const at = this.find(this.sign * price)
    this.short = at < 0
    if (at < 0) return Infinity
    const left = this.sizes[at] - size
    const rounding = ROUNDING * size
    this.short = left < -rounding
    const depth = this.length - 1 - at
    this.sizes[at] = Math.max(left, 0)
    this.orders[at] -= orders
    if (this.tracked ? this.orders[at] <= 0 : left <= rounding) this.close(at)
    return depth
  }

  short = false

  clear(): void {
    this.length = 0
  }

  /** Returns the place of a level, or -1 - that where it would be. */
  private find(key: number): number {
    const { keys } = this
    let high = this.length - 1
    const near = Math.max(0, this.length - NEAR)
    for (; high >= near; high--) {
      if (keys[high] === key) return high
      if (keys[high] < key) return -2 - high
    }
    let low = 0
    while (low <= high) {
      const middle = (low + high) >> 1
      if (keys[middle] === key) return middle
      if (keys[middle] < key) low = middle + 1
      else high = middle - 1
    }
    return -1 - low
  }

  private open(at: number, key: number): void {
    if (this.length === this.keys.length) this.grow()
    const { keys, sizes, orders, length } = this
    if (length - at < NEAR) {
      // A loop: a call of copyWithin costs what it moves of some ten levels.
      for (let i = length; i > at; i--) {
        keys[i] = keys[i - 1]
        sizes[i] = sizes[i - 1]
        orders[i] = orders[i - 1]
      }
    } else {
      keys.copyWithin(at + 1, at, length)
      sizes.copyWithin(at + 1, at, length)
      orders.copyWithin(at + 1, at, length)
    }
    keys[at] = key
    sizes[at] = 0
    orders[at] = 0
    this.length++
  }

  private close(at: number): void {
    const { keys, sizes, orders, length } = this
    if (length - at <= NEAR) {
      for (let i = at + 1; i < length; i++) {
        keys[i - 1] = keys[i]
        sizes[i - 1] = sizes[i]
        orders[i - 1] = orders[i]
      }
    } else {
      keys.copyWithin(at, at + 1, length)
      sizes.copyWithin(at, at + 1, length)
      orders.copyWithin(at, at + 1, length)
    }
    this.length--
  }

  private grow(): void {
    const capacity = 2 * this.keys.length
    const grown = <A extends Float64Array | Int32Array>(from: A, into: A): A => {
      into.set(from)
      return into
    }
    this.keys = grown(this.keys, new Float64Array(capacity))
    this.sizes = grown(this.sizes, new Float64Array(capacity))
    this.orders = grown(this.orders, new Int32Array(capacity))
  }
}
