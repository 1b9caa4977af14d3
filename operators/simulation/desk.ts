import type { RecordBatch } from '../../lib/core/index.js'
import { AnnouncementLog } from './announcement-log.js'
import type { Book, BookObserver, Order } from './book.js'
import type { ListingDay, Recorder } from './listing-day.js'
import type { Listing } from './listings.js'
import { StateLog } from './market-state.js'
import { OrderLog } from './order-log.js'
import type { Print } from './prints.js'
import { QuoteLog } from './quote-log.js'
import { SnapshotLog } from './snapshot-log.js'
import { Tape } from './tape.js'

/** Tables that a simulated market leaves behind. */
export const SIMULATED_TABLES = ['reference', 'trades', 'marketstate', 'l2', 'l3', 'cbbo', 'imbalance'] as const

export type SimulatedTable = (typeof SIMULATED_TABLES)[number]

/** A batch of one table. Batches of one (day, table, mic) come in time order; those of different markets alternate. */
export interface MarketChunk {
  day: number // days since the epoch
  table: SimulatedTable
  mic: string
  batch: RecordBatch
}

/** Records what happens in one market on one day, for the tables that are wanted. */
export class Desk implements Recorder, BookObserver {
  private readonly tape: Tape
  private readonly states: StateLog
  private readonly snapshots: SnapshotLog | undefined
  private readonly orders: OrderLog | undefined
  private readonly quotes: QuoteLog | undefined
  private readonly announcements: AnnouncementLog | undefined
  private readonly logs = new Map<SimulatedTable, { take(ended: boolean): RecordBatch | undefined }>()
  private messages = 0 // of the event that is being played

  constructor(
    readonly mic: string,
    private readonly day: number, // days since the epoch
    listings: readonly Listing[], // the universe
    markets: readonly string[],
    private readonly wanted: ReadonlySet<SimulatedTable>,
    private readonly observer: BookObserver | undefined,
  ) {
    // The tape draws what it reports at random, so it runs even when nobody wants it: trades do not depend on `wanted`.
    this.tape = new Tape(mic, day, listings, markets)
    this.states = new StateLog(mic)
    if (wanted.has('l2')) this.logs.set('l2', (this.snapshots = new SnapshotLog(day, listings)))
    if (wanted.has('l3')) this.logs.set('l3', (this.orders = new OrderLog(day, listings)))
    if (wanted.has('cbbo')) this.logs.set('cbbo', (this.quotes = new QuoteLog(day)))
    if (wanted.has('imbalance')) this.logs.set('imbalance', (this.announcements = new AnnouncementLog(day)))
  }

  /** The oldest time about which mids may still be asked, ns; infinite when nothing is pending. */
  get oldest(): number {
    return this.tape.oldest
  }

  trade(day: ListingDay, time: number, print: Print): void {
    this.tape.trade(day, time, print)
  }

  state(day: ListingDay, time: number): void {
    this.states.add(day, time)
  }

  inserted(book: Book, order: Order): void {
    this.messages++
    this.orders?.inserted(book, order)
    this.observer?.inserted?.(book, order)
  }

  removed(book: Book, order: Order): void {
    this.messages++
    this.orders?.removed(book, order)
    this.observer?.removed?.(book, order)
  }

  updated(book: Book, order: Order, oldPrice: number, oldSize: number): void {
    this.messages++
    this.orders?.updated(book, order, oldPrice, oldSize)
    this.observer?.updated?.(book, order, oldPrice, oldSize)
  }

  executed(book: Book, order: Order, size: number, price: number, trade: number): void {
    this.messages++
    this.orders?.executed(book, order, size, price, trade)
    this.observer?.executed?.(book, order, size, price, trade)
  }

  settled(book: Book): void {
    const sequence = this.tape.skip(this.messages)
    this.orders?.settled(this.messages, sequence)
    this.snapshots?.settled(book, sequence)
    this.messages = 0
    this.observer?.settled?.(book)
  }

  /** Looks at a listing of this market after its event at `time`. */
  played(day: ListingDay, time: number): void {
    this.announcements?.note(day, time)
  }

  /** Looks at the consolidated quote of an instrument at home here, after an event of any of its listings. */
  quoted(day: ListingDay, time: number): void {
    this.quotes?.note(day.instrument, time)
  }

  /**
   * Yields the batches of trades whose mids are all known at `now`; the rest at the end, when `now` is infinite. Returns
   * whether there were any, wanted or not.
   */
  *trades(now: number): Generator<MarketChunk, boolean> {
    let taken = false
    for (let batch = this.tape.take(now); batch; batch = this.tape.take(now)) {
      taken = true
      if (this.wanted.has('trades')) yield this.chunk('trades', batch)
    }
    return taken
  }

  /** Yields the full batches of the other tables, and at the end all that is left. */
  *others(ended: boolean): Generator<MarketChunk> {
    if (ended && this.wanted.has('marketstate')) yield this.chunk('marketstate', this.states.batch(this.day))
    for (const [table, log] of this.logs) {
      for (let batch = log.take(ended); batch; batch = log.take(ended)) yield this.chunk(table, batch)
    }
  }

  private chunk(table: SimulatedTable, batch: RecordBatch): MarketChunk {
    return { day: this.day, table, mic: this.mic, batch }
  }
}
