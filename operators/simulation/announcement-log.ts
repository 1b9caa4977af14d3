import type { ColumnSpec, RecordBatch } from '../../lib/core/index.js'
import { auctionPrice, sharesAt } from './auction.js'
import type { ListingDay } from './listing-day.js'
import { priceOf } from './listings.js'
import { RowLog } from './row-log.js'
import { isCall, MARKET_STATES, UNCROSS_LEAD } from './session.js'

/** How long after an announcement the next one comes at the earliest, ns. */
const EVERY = 10e9

/**
 * Columns of the table of auction imbalances: what would trade were the call over, after the first event of the listing
 * in it and after the first that comes ten seconds or more after the announcement before. IndicativeUncrossingPrice, in
 * the listing's currency unit, is where most shares would trade; PairedQuantity is how many; ImbalanceQuantity is how
 * many that would trade at this price find nobody, and ImbalanceSide whose they are, 0 when there are none. Shares that
 * icebergs hold back count. Nothing to trade: no price, a paired quantity of 0, no quantity of imbalance.
 */
export const ANNOUNCEMENT_COLUMNS: readonly ColumnSpec[] = [
  { name: 'TimestampNanoseconds', type: 'ts', nullable: false },
  { name: 'ListingId', type: 'i64', nullable: false },
  { name: 'ImbalanceSide', type: 'i32', nullable: false },
  { name: 'IndicativeUncrossingPrice', type: 'f64' },
  { name: 'PairedQuantity', type: 'f64', nullable: false },
  { name: 'ImbalanceQuantity', type: 'f64' },
  { name: 'MarketState', type: 'str', nullable: false },
]

/** Collects the announcements of one market's calls of a day. */
export class AnnouncementLog {
  private readonly log: RowLog
  private readonly due = new Map<ListingDay, number>() // when the next one may come, ns after midnight UTC

  constructor(day: number) {
    this.log = new RowLog(ANNOUNCEMENT_COLUMNS, day, { MarketState: { words: MARKET_STATES } })
  }

  /** Announces what a listing's call would trade after its event at `time`, when an announcement is due. */
  note(day: ListingDay, time: number): void {
    if (!isCall(day.state) || time < (this.due.get(day) ?? 0)) return
    // The uncrossing is the end of the call and no announcement.
    const call = day.phases.find(phase => time < phase.end)!
    if (time >= call.end - UNCROSS_LEAD) return
    this.due.set(day, time + EVERY)
    const price = auctionPrice(day.book, Math.round(day.instrument.fair))
    const demand = price > 0 ? sharesAt(day.book, 1, price) : 0
    const supply = price > 0 ? sharesAt(day.book, 2, price) : 0
    const row = this.log.add()
    const [stamp, listing, side, indicative, paired, imbalance, state] = this.log.values
    stamp[row] = time
    listing[row] = day.listing.listingId
    side[row] = demand === supply ? 0 : demand > supply ? 1 : 2
    indicative[row] = price > 0 ? priceOf(day.listing, price) : Number.NaN
    paired[row] = Math.min(demand, supply)
    imbalance[row] = price > 0 ? Math.abs(demand - supply) : Number.NaN
    state[row] = MARKET_STATES.indexOf(day.state)
  }

  /** Returns the next batch, as `RowLog.take` does. */
  take(ended: boolean): RecordBatch | undefined {
    return this.log.take(ended)
  }
}
