import type { Column } from '../../lib/core/index.js'
import type { Ladder } from './ladder.js'
import type { Replay } from './replay.js'

const FIRST_CAPACITY = 256 // rows

/** Snapshots of a book, a column for each price, quantity and number of orders of a level. */
export class Snapshots {
  rows = 0
  private capacity = 0
  /** By row: the message before it, and where rows have times of their own, those. */
  private message = new Int32Array(0)
  private time = new Float64Array(0)
  private readonly bids: Levels
  private readonly asks: Levels

  constructor(
    private readonly depth: number, // levels a side
    private readonly orders: boolean,
  ) {
    this.bids = new Levels(depth)
    this.asks = new Levels(depth)
  }

  /** Adds the book as it is, unless its levels are those of the row before and `onlyChanged` says to leave it out then. */
  add({ bids, asks }: Replay, message: number, time: number, onlyChanged: boolean): boolean {
    const { rows } = this
    if (rows === this.capacity) this.grow()
    const [bid, ask] = [this.bids.write(bids, rows), this.asks.write(asks, rows)]
    if (onlyChanged && !bid && !ask) return false
    this.message[rows] = message
    this.time[rows] = time
    this.rows++
    return true
  }

  /** Returns the message before each row. */
  get messages(): Int32Array {
    return this.message.subarray(0, this.rows)
  }

  get times(): Float64Array {
    return this.time.subarray(0, this.rows)
  }

  /** Returns the columns of the first levels, level by level, bids before asks. */
  columns(): Column[] {
    return Array.from({ length: this.depth }, (_, n) =>
      [this.bids, this.asks].flatMap(side => side.columns(n, this.rows, this.orders)),
    ).flat()
  }

  private grow(): void {
    this.capacity = Math.max(FIRST_CAPACITY, 4 * this.capacity)
    this.message = into(new Int32Array(this.capacity), this.message)
    this.time = into(new Float64Array(this.capacity), this.time)
    this.bids.grow(this.capacity)
    this.asks.grow(this.capacity)
  }
}

/** The first levels of one side by row; NaN prices and no orders where there is none. */
class Levels {
  private readonly prices: Float64Array[]
  private readonly sizes: Float64Array[]
  private readonly orders: Int32Array[]

  constructor(private readonly depth: number) {
    const each = <A>(make: () => A) => Array.from({ length: depth }, make)
    this.prices = each(() => new Float64Array(0))
    this.sizes = each(() => new Float64Array(0))
    this.orders = each(() => new Int32Array(0))
  }

  /** Writes the levels of a ladder into a row; tells whether they differ from the row before, or from an empty book. */
  write(ladder: Ladder, row: number): boolean {
    const { length } = ladder
    let differs = false
    for (let n = 0; n < this.depth; n++) {
      const [prices, sizes, orders] = [this.prices[n], this.sizes[n], this.orders[n]]
      const isLevel = n < length
      const price = isLevel ? ladder.price(n) : Number.NaN
      const size = isLevel ? ladder.sizes[length - 1 - n] : Number.NaN
      const count = isLevel ? ladder.orders[length - 1 - n] : 0
      prices[row] = price
      sizes[row] = size
      orders[row] = count
      if (differs) continue
      if (row === 0) differs = isLevel
      else if (isLevel) differs = prices[row - 1] !== price || sizes[row - 1] !== size || orders[row - 1] !== count
      else differs = !Number.isNaN(prices[row - 1])
    }
    return differs
  }

  columns(n: number, rows: number, withOrders: boolean): Column[] {
    const values = (array: Float64Array): Column => ({ type: 'f64', values: array.subarray(0, rows), valid: null })
    const columns = [values(this.prices[n]), values(this.sizes[n])]
    if (!withOrders) return columns
    const valid = new Uint8Array(rows)
    for (let row = 0; row < rows; row++) valid[row] = Number.isNaN(this.prices[n][row]) ? 0 : 1
    return [...columns, { type: 'i32', values: this.orders[n].subarray(0, rows), valid }]
  }

  grow(capacity: number): void {
    for (let n = 0; n < this.depth; n++) {
      this.prices[n] = into(new Float64Array(capacity), this.prices[n])
      this.sizes[n] = into(new Float64Array(capacity), this.sizes[n])
      this.orders[n] = into(new Int32Array(capacity), this.orders[n])
    }
  }
}

function into<A extends Float64Array | Int32Array>(grown: A, from: A): A {
  grown.set(from)
  return grown
}
