import type { ColumnSpec, RecordBatch } from '../../lib/core/index.js'
import type { Instrument } from './instrument.js'
import { priceOf } from './listings.js'
import { emptyTouch, type Touch } from './quotes.js'
import { RowLog } from './row-log.js'
import { RATES } from './venues.js'

const CURRENCIES = Object.keys(RATES)

/**
 * Columns of the table of consolidated quotes (CBBO): a row whenever the best bid and offer of an instrument changes in
 * price or quantity, over all of its listings that trade continuously. A listing's best is that of all of them in its
 * own currency unit, so it may be crossed for a moment. Rows belong to the primary listing, whose id they bear, and to
 * its market; an instrument has no row until its first quote. Nulls: a side that nobody quotes.
 */
export const QUOTE_COLUMNS: readonly ColumnSpec[] = [
  { name: 'TimestampNanoseconds', type: 'ts', nullable: false },
  { name: 'ListingId', type: 'i64', nullable: false },
  { name: 'InstrumentId', type: 'i64', nullable: false },
  { name: 'BMLLSequenceNo', type: 'i64', nullable: false }, // of the row in its market's day
  { name: 'CurrencyCode', type: 'str', nullable: false },
  { name: 'BidPrice1', type: 'f64' },
  { name: 'BidQuantity1', type: 'f64' },
  { name: 'AskPrice1', type: 'f64' },
  { name: 'AskQuantity1', type: 'f64' },
]

/** Collects the consolidated quotes of the instruments at home in one market, for one day. */
export class QuoteLog {
  private readonly log: RowLog
  private rows = 0
  private readonly last = new Map<Instrument, Touch>()

  constructor(day: number) {
    this.log = new RowLog(QUOTE_COLUMNS, day, { CurrencyCode: { words: CURRENCIES } })
  }

  /** Adds an instrument's quote at `time` when it is not what it was. */
  note(instrument: Instrument, time: number): void {
    const { touch, primary } = instrument
    let last = this.last.get(instrument)
    if (!last) this.last.set(instrument, (last = emptyTouch()))
    if (!changes(last, touch)) return
    const row = this.log.add()
    const [stamp, listing, id, number, currency, bid, bidSize, ask, askSize] = this.log.values
    stamp[row] = time
    listing[row] = primary.listingId
    id[row] = primary.instrumentId
    number[row] = ++this.rows
    currency[row] = CURRENCIES.indexOf(primary.currency)
    bid[row] = touch.bid > 0 ? priceOf(primary, touch.bid) : Number.NaN
    bidSize[row] = touch.bid > 0 ? touch.bidSize : Number.NaN
    ask[row] = touch.ask > 0 ? priceOf(primary, touch.ask) : Number.NaN
    askSize[row] = touch.ask > 0 ? touch.askSize : Number.NaN
    Object.assign(last, touch)
  }

  /** Returns the next batch, as `RowLog.take` does. */
  take(ended: boolean): RecordBatch | undefined {
    return this.log.take(ended)
  }
}

function changes(from: Touch, to: Touch): boolean {
  return from.bid !== to.bid || from.ask !== to.ask || from.bidSize !== to.bidSize || from.askSize !== to.askSize
}
