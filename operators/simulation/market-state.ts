import type { ColumnSpec, RecordBatch, Words } from '../../lib/core/index.js'
import type { ListingDay } from './listing-day.js'
import { Rows } from './rows.js'
import { MARKET_STATES } from './session.js'

/** Columns of the market state table: one row per change, in time order. */
export const MARKET_STATE_COLUMNS: readonly ColumnSpec[] = [
  { name: 'TimestampNanoseconds', type: 'ts', nullable: false },
  { name: 'ListingId', type: 'i64', nullable: false },
  { name: 'MIC', type: 'str', nullable: false },
  { name: 'MarketState', type: 'str', nullable: false },
]

const STATES: Words = { words: MARKET_STATES }

/** Collects the state changes of one market's day. */
export class StateLog {
  private readonly changes: number[] = [] // time, listing id, state, in turn
  private readonly mics: Words

  constructor(mic: string) {
    this.mics = { words: [mic] }
  }

  add(day: ListingDay, time: number): void {
    this.changes.push(time, day.listing.listingId, MARKET_STATES.indexOf(day.state))
  }

  /** Builds the batch of all changes. `day` is in days since the epoch. */
  batch(day: number): RecordBatch {
    const rows = new Rows(MARKET_STATE_COLUMNS, this.changes.length / 3)
    for (let i = 0; i < this.changes.length; i += 3, rows.length++) {
      rows.values[0][rows.length] = this.changes[i]
      rows.values[1][rows.length] = this.changes[i + 1]
      rows.values[3][rows.length] = this.changes[i + 2]
    }
    return rows.batch(day, name => (name === 'MIC' ? this.mics : STATES))
  }
}
