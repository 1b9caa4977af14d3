import type { ColumnSpec, RecordBatch } from '../../lib/core/index.js'
import type { Book, Level } from './book.js'
import { type Listing, priceOf } from './listings.js'
import { RowLog } from './row-log.js'
import { MARKET_STATES } from './session.js'
import { RATES } from './venues.js'

/** Levels a side of a snapshot. */
const DEPTH = 10

const CURRENCIES = Object.keys(RATES)

const levelColumns = (side: string, level: number): ColumnSpec[] => [
  { name: `${side}Price${level}`, type: 'f64' },
  { name: `${side}Quantity${level}`, type: 'f64' },
  { name: `${side}NumOrders${level}`, type: 'i32' },
]

/**
 * Columns of the table of book snapshots (L2): a row for each event of a listing that changed its book or began a market
 * state, with the displayed book as it stands after it, in time order. Prices are in the listing's currency unit,
 * quantities in shares; all three of a level are null where there is none. A book may be crossed while a call collects
 * orders. L2EventNo is the EventNo of the order messages that made it; ExchangeSequenceNo is that of the last message or
 * trade of the market until then.
 */
export const SNAPSHOT_COLUMNS: readonly ColumnSpec[] = [
  { name: 'TimestampNanoseconds', type: 'ts', nullable: false },
  { name: 'ListingId', type: 'i64', nullable: false },
  { name: 'ExchangeSequenceNo', type: 'i64', nullable: false },
  { name: 'L2EventNo', type: 'i64', nullable: false },
  { name: 'CurrencyCode', type: 'str', nullable: false },
  { name: 'MarketState', type: 'str', nullable: false },
  ...Array.from({ length: DEPTH }, (_, i) => [...levelColumns('Bid', i + 1), ...levelColumns('Ask', i + 1)]).flat(),
]

const at = Object.fromEntries(SNAPSHOT_COLUMNS.map((spec, i) => [spec.name, i])) as Record<string, number>
const TO_NEXT_LEVEL = at.BidPrice2 - at.BidPrice1 // columns

/** Collects the book snapshots of one market's day. */
export class SnapshotLog {
  private readonly log: RowLog
  private event = 1

  constructor(
    day: number, // days since the epoch
    private readonly listings: readonly Listing[], // the universe
  ) {
    const words = { CurrencyCode: { words: CURRENCIES }, MarketState: { words: MARKET_STATES } }
    this.log = new RowLog(SNAPSHOT_COLUMNS, day, words)
  }

  /** Adds the book as it is at the end of an event, whose last message is the market's number `sequence`. */
  settled(book: Book, sequence: number): void {
    const listing = this.listings[book.listing]
    const row = this.log.add()
    const v = this.log.values
    v[at.TimestampNanoseconds][row] = book.now
    v[at.ListingId][row] = listing.listingId
    v[at.ExchangeSequenceNo][row] = sequence
    v[at.L2EventNo][row] = this.event++
    v[at.CurrencyCode][row] = CURRENCIES.indexOf(listing.currency)
    v[at.MarketState][row] = MARKET_STATES.indexOf(book.state)
    fillSide(v, row, at.BidPrice1, listing, book.levels(1))
    fillSide(v, row, at.AskPrice1, listing, book.levels(2))
  }

  /** Returns the next batch, as `RowLog.take` does. */
  take(ended: boolean): RecordBatch | undefined {
    return this.log.take(ended)
  }
}

/** Fills the columns of a side, which begin with the price of its first level. */
function fillSide(
  v: readonly Float64Array[],
  row: number,
  first: number,
  listing: Listing,
  levels: readonly Level[],
): void {
  for (let n = 0, column = first; n < DEPTH; n++, column += TO_NEXT_LEVEL) {
    const level = levels[levels.length - 1 - n] // undefined below the last one
    v[column][row] = level ? priceOf(listing, level.price) : Number.NaN
    v[column + 1][row] = level ? level.size : Number.NaN
    v[column + 2][row] = level ? level.orders : Number.NaN
  }
}
