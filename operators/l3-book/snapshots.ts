import type { Column } from '../../lib/core/index.js'
import type { Book } from './book.js'

const FEWEST = 64 // rows that there is room for

/** Snapshots of a book, a column for each price, quantity and number of orders of a level. */
export class Snapshots {
  rows = 0
  /** By row: the message before it, and its time. */
  private message: Int32Array
  private time: Float64Array
  private readonly bids: Levels
  private readonly asks: Levels

  constructor(
    private readonly depth: number, // levels a side
    private readonly orders: boolean,
    private capacity = FEWEST, // rows for which there is room at first
  ) {
    this.capacity = Math.max(FEWEST, capacity)
    this.message = new Int32Array(this.capacity)
    this.time = new Float64Array(this.capacity)
    this.bids = new Levels(depth, this.capacity)
    this.asks = new Levels(depth, this.capacity)
  }

  /** Adds the book as it is, unless its levels are those of the row before and `onlyChanged` says to leave it out then. */
  add(book: Book, message: number, time: number, onlyChanged: boolean): boolean {
    const { rows } = this
    if (rows === this.capacity) this.grow()
    const { changed } = book
    const bid = changed & 1 || rows === 0 ? this.bids.write(book, 0, rows) : this.bids.repeat(rows)
    const ask = changed & 2 || rows === 0 ? this.asks.write(book, 1, rows) : this.asks.repeat(rows)
    book.changed = 0
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
      [this.bids, this.asks].flatMap(side => side.all[n].columns(this.rows, this.orders)),
    ).flat()
  }

  private grow(): void {
    this.capacity *= 4
    this.message = into(new Int32Array(this.capacity), this.message)
    this.time = into(new Float64Array(this.capacity), this.time)
    for (const level of [...this.bids.all, ...this.asks.all]) level.grow(this.capacity)
  }
}

/** A level of one side by row; a NaN price and no orders where there is none. */
class Level {
  prices: Float64Array
  sizes: Float64Array
  orders: Int32Array

  constructor(capacity: number) {
    this.prices = new Float64Array(capacity)
    this.sizes = new Float64Array(capacity)
    this.orders = new Int32Array(capacity)
  }

  /** Writes a level, -1 if there is none, into a row; tells whether it differs from the row before, or from none. */
  write(row: number, book: Book, level: number): boolean {
    const { prices, sizes, orders } = this
    const price = level < 0 ? Number.NaN : book.prices[level]
    const size = level < 0 ? Number.NaN : book.sizes[level]
    const count = level < 0 ? 0 : book.orders[level]
    prices[row] = price
    sizes[row] = size
    orders[row] = count
    if (row === 0) return level >= 0
    if (level < 0) return !Number.isNaN(prices[row - 1])
    return prices[row - 1] !== price || sizes[row - 1] !== size || orders[row - 1] !== count
  }

  repeat(row: number): void {
    this.prices[row] = this.prices[row - 1]
    this.sizes[row] = this.sizes[row - 1]
    this.orders[row] = this.orders[row - 1]
  }

  columns(rows: number, withOrders: boolean): Column[] {
    const prices = this.prices.subarray(0, rows)
    const columns: Column[] = [
      { type: 'f64', values: prices, valid: null },
      { type: 'f64', values: this.sizes.subarray(0, rows), valid: null },
    ]
    if (!withOrders) return columns
    const valid = new Uint8Array(rows)
    for (let row = 0; row < rows; row++) valid[row] = Number.isNaN(prices[row]) ? 0 : 1
    return [...columns, { type: 'i32', values: this.orders.subarray(0, rows), valid }]
  }

  grow(capacity: number): void {
    this.prices = into(new Float64Array(capacity), this.prices)
    this.sizes = into(new Float64Array(capacity), this.sizes)
    this.orders = into(new Int32Array(capacity), this.orders)
  }
}

/** The first levels of one side by row. */
class Levels {
  readonly all: Level[]

  constructor(depth: number, capacity: number) {
    this.all = Array.from({ length: depth }, () => new Level(capacity))
  }

  /** Writes the levels of a side into a row; tells whether they differ from the row before, or from an empty book. */
  write(book: Book, side: number, row: number): boolean {
    const { all } = this
    let differs = false
    let rank = book.best[side]
    for (let n = 0; n < all.length; n++) {
      if (n > 0 && rank >= 0) rank = book.below(side, rank)
      if (all[n].write(row, book, rank < 0 ? -1 : 2 * rank + side)) differs = true
    }
    book.watched[side] = rank
    return differs
  }

  /** Writes the levels of the row before, from which nothing differs. */
  repeat(row: number): boolean {
    for (let n = 0; n < this.all.length; n++) this.all[n].repeat(row)
    return false
  }
}

function into<A extends Float64Array | Int32Array>(grown: A, from: A): A {
  grown.set(from)
  return grown
}
