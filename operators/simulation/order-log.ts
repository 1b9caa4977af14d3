import type { RecordBatch } from '../../lib/core/index.js'
import type { Book, Order, Side } from './book.js'
import { type Listing, priceOf, tradeIdOf } from './listings.js'
import { ORDER_AT as at, ORDER_COLUMNS } from './order-columns.js'
import { RowLog } from './row-log.js'
import { isCall, MARKET_STATES } from './session.js'

const EXECUTE = 1
const INSERT = 2
const REMOVE = 3
const UPDATE = 4
const ON_BOOK = 1

const NULL_AT_FIRST = [
  'Price',
  'Size',
  'PriceLevel',
  'OldPrice',
  'OldSize',
  'OldPriceLevel',
  'ExecutionPrice',
  'ExecutionSize',
  'TradeId',
  'Printable',
].map(name => at[name])

/** Collects the order messages of one market's day, by the conventions of `ORDER_COLUMNS`. */
export class OrderLog {
  private readonly log: RowLog
  private event = 1

  constructor(
    day: number, // days since the epoch
    private readonly listings: readonly Listing[], // the universe
  ) {
    this.log = new RowLog(ORDER_COLUMNS, day, { MarketState: { words: MARKET_STATES } })
  }

  inserted(book: Book, order: Order): void {
    const row = this.message(book, order, INSERT)
    this.after(row, book, order)
  }

  removed(book: Book, order: Order): void {
    const row = this.message(book, order, REMOVE)
    this.before(row, book, order, order.price, order.size)
  }

  updated(book: Book, order: Order, oldPrice: number, oldSize: number): void {
    const row = this.message(book, order, UPDATE)
    this.after(row, book, order)
    this.before(row, book, order, oldPrice, oldSize)
    // A level that the order has opened by moving was not there before.
    const opened = order.level.orders === 1 && isBetter(order.side, order.price, oldPrice)
    if (opened) this.log.values[at.OldPriceLevel][row]--
  }

  executed(book: Book, order: Order, size: number, price: number, trade: number): void {
    const row = this.message(book, order, order.size > 0 ? EXECUTE : REMOVE)
    if (order.size > 0) this.after(row, book, order)
    this.before(row, book, order, order.price, order.size + size)
    const listing = this.listings[book.listing]
    const v = this.log.values
    v[at.ExecutionPrice][row] = priceOf(listing, price)
    v[at.ExecutionSize][row] = size
    v[at.TradeId][row] = this.log.id(tradeIdOf(listing, trade))
    v[at.Printable][row] = isCall(book.state) ? 0 : 1
  }

  /** Ends an event of so many messages, of which the last is the market's message number `sequence`. */
  settled(messages: number, sequence: number): void {
    this.log.number(at.ExchangeSequenceNo, messages, sequence)
    if (messages > 0) this.log.number(at.EndOfEvent, 1, 1)
    this.event++
  }

  /** Returns the next batch, as `RowLog.take` does. */
  take(ended: boolean): RecordBatch | undefined {
    return this.log.take(ended)
  }

  /** Adds a row with what every message has, and nulls. */
  private message(book: Book, order: Order, action: number): number {
    const row = this.log.add()
    const v = this.log.values
    v[at.TimestampNanoseconds][row] = book.now
    v[at.ListingId][row] = this.listings[book.listing].listingId
    v[at.EventNo][row] = this.event
    v[at.LobAction][row] = action
    v[at.Side][row] = order.side
    v[at.OrderId][row] = order.id
    v[at.OriginalOrderId][row] = order.parent === order.id ? Number.NaN : order.parent
    for (const column of NULL_AT_FIRST) v[column][row] = Number.NaN
    v[at.OrderType][row] = ON_BOOK
    v[at.MarketState][row] = MARKET_STATES.indexOf(book.state)
    let sizeAhead = 0
    let ordersAhead = 0
    // An order that has left still knows who stood before it.
    for (let ahead = order.ahead; ahead; ahead = ahead.ahead, ordersAhead++) sizeAhead += ahead.size
    v[at.SizeAhead][row] = sizeAhead
    v[at.OrdersAhead][row] = ordersAhead
    return row
  }

  private after(row: number, book: Book, order: Order): void {
    const v = this.log.values
    v[at.Price][row] = priceOf(this.listings[book.listing], order.price)
    v[at.Size][row] = order.size
    v[at.PriceLevel][row] = levelOf(book, order.side, order.price)
  }

  private before(row: number, book: Book, order: Order, price: number, size: number): void {
    const v = this.log.values
    v[at.OldPrice][row] = priceOf(this.listings[book.listing], price)
    v[at.OldSize][row] = size
    v[at.OldPriceLevel][row] = levelOf(book, order.side, price)
  }
}

const isBetter = (side: Side, a: number, b: number): boolean => (side === 1 ? a > b : a < b)

/** Counts the levels of a side down to a price, 1 being the best one. */
function levelOf(book: Book, side: Side, price: number): number {
  const levels = book.levels(side)
  let i = levels.length
  while (i > 0 && isBetter(side, levels[i - 1].price, price)) i--
  return levels.length - i + 1
}
