import type { MarketState } from './session.js'

/** Side of the book: 1 bid, 2 ask. */
export type Side = 1 | 2

/** One resting order. A price is a whole number of ticks, at least 1. */
export interface Order {
  id: number
  parent: number // id under which it was first entered; differs after an iceberg shows its next peak
  side: Side
  price: number
  size: number // displayed shares
  reserve: number // shares not displayed; the order is an iceberg while this is positive
  peak: number // shares displayed at a time
  entered: number // ns after midnight UTC
  auctionOnly: boolean // leaves the book when the auction has uncrossed
  level: Level
  ahead: Order | null // in its level's queue
  behind: Order | null
  slot: number // position among the side's orders, for drawing one at random
}

/** The orders at one price, first come first served. */
export interface Level {
  price: number
  size: number // displayed shares
  orders: number
  first: Order | null
  last: Order | null
}

/**
 * Hears every change of a book: the seam for order messages (L3) and snapshots (L2). `book.now` is the time of the
 * change, `book.state` the market state. `settled` follows when all changes of one event are in, and when a state
 * begins: a snapshot is due then, and the last message ended its event.
 */
export interface BookObserver {
  inserted?(book: Book, order: Order): void
  /** The order has left the book, unfilled; its fields still show what it was. */
  removed?(book: Book, order: Order): void
  updated?(book: Book, order: Order, oldPrice: number, oldSize: number): void
  /** `size` shares of the order traded at `price` ticks; its size is what still rests. 0 = it has left the book. */
  executed?(book: Book, order: Order, size: number, price: number, trade: number): void
  settled?(book: Book): void
}

/** A limit order book under price-time priority. It stores and removes; matching is the caller's (continuous or auction). */
export class Book {
  now = 0 // ns after midnight UTC
  state: MarketState = 'PRE_OPEN'
  /** Messages so far: inserts, removals, updates and executions. */
  messages = 0
  private nextId: number
  private readonly sides: readonly [BookSide, BookSide] = [new BookSide(1), new BookSide(2)]

  constructor(
    readonly listing: number, // index in the universe
    private readonly observer: BookObserver | undefined,
  ) {
    this.nextId = (listing + 1) * 1e10
  }

  /** Returns the best level of a side. */
  best(side: Side): Level | undefined {
    return this.sides[side - 1].levels.at(-1)
  }

  /** Returns the best price of a side in ticks, 0 when the side is empty. */
  price(side: Side): number {
    const { levels } = this.sides[side - 1]
    return levels.length > 0 ? levels[levels.length - 1].price : 0
  }

  /** Returns the levels of a side, worst first. */
  levels(side: Side): readonly Level[] {
    return this.sides[side - 1].levels
  }

  /** Returns the resting orders of a side in no particular order. */
  orders(side: Side): readonly Order[] {
    return this.sides[side - 1].orders
  }

  insert(side: Side, price: number, size: number, reserve = 0, auctionOnly = false, parent = 0): Order {
    const id = this.nextId++
    const order = this.sides[side - 1].add(id, parent || id, price, size, reserve, this.now, auctionOnly)
    this.messages++
    this.observer?.inserted?.(this, order)
    return order
  }

  cancel(order: Order): void {
    this.sides[order.side - 1].remove(order)
    this.messages++
    this.observer?.removed?.(this, order)
  }

  /** Changes an order. Less size at the same price keeps its place in the queue; anything else goes to the back. */
  update(order: Order, price: number, size: number): void {
    const { price: oldPrice, size: oldSize } = order
    const side = this.sides[order.side - 1]
    if (price === oldPrice && size <= oldSize) {
      order.size = size
      order.level.size -= oldSize - size
    } else {
      side.remove(order)
      order.price = price
      order.size = size
      side.place(order)
    }
    this.messages++
    this.observer?.updated?.(this, order, oldPrice, oldSize)
  }

  /** Fills part of an order, at most its displayed size. An iceberg that is used up shows its next peak, at the back. */
  execute(order: Order, size: number, price: number, trade: number): void {
    order.size -= size
    order.level.size -= size
    if (order.size === 0) this.sides[order.side - 1].remove(order)
    this.messages++
    this.observer?.executed?.(this, order, size, price, trade)
    if (order.size > 0 || order.reserve === 0) return
    const shown = Math.min(order.peak, order.reserve)
    this.insert(order.side, order.price, shown, order.reserve - shown, order.auctionOnly, order.parent).peak =
      order.peak
  }

  settle(): void {
    this.observer?.settled?.(this)
  }
}

class BookSide {
  readonly levels: Level[] = [] // worst first: the touch is the end, where most changes are
  readonly orders: Order[] = []

  constructor(private readonly side: Side) {}

  add(id: number, parent: number, price: number, size: number, reserve: number, entered: number, auctionOnly: boolean) {
    const level = this.levelAt(price)
    const links = { ahead: null, behind: null, slot: 0 }
    const order: Order = {
      id,
      parent,
      side: this.side,
      price,
      size,
      reserve,
      peak: size,
      entered,
      auctionOnly,
      level,
      ...links,
    }
    this.queue(order)
    return order
  }

  place(order: Order): void {
    order.level = this.levelAt(order.price)
    this.queue(order)
  }

  remove(order: Order): void {
    const { level, ahead, behind } = order
    if (ahead) ahead.behind = behind
    else level.first = behind
    if (behind) behind.ahead = ahead
    else level.last = ahead
    level.size -= order.size
    if (--level.orders === 0) this.levels.splice(this.levels.lastIndexOf(level), 1)
    const moved = this.orders.pop() as Order
    if (moved === order) return
    this.orders[order.slot] = moved
    moved.slot = order.slot
  }

  private queue(order: Order): void {
    const { level } = order
    order.ahead = level.last
    order.behind = null
    if (level.last) level.last.behind = order
    else level.first = order
    level.last = order
    level.size += order.size
    level.orders++
    order.slot = this.orders.push(order) - 1
  }

  private levelAt(price: number): Level {
    const { levels } = this
    let i = levels.length
    while (i > 0 && this.better(levels[i - 1].price, price)) i--
    if (i > 0 && levels[i - 1].price === price) return levels[i - 1]
    const level: Level = { price, size: 0, orders: 0, first: null, last: null }
    levels.splice(i, 0, level)
    return level
  }

  private better(a: number, b: number): boolean {
    return this.side === 1 ? a > b : a < b
  }
}
