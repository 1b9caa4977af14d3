import type { Column } from './batch.js'

/** The market states in which orders are gathered for an uncross (semantics 1.6). */
export const AUCTION_STATES: readonly string[] = [
  'AUCTION_ON_DEMAND',
  'CLOSING_AUCTION',
  'INTRADAY_AUCTION',
  'OPENING_AUCTION',
  'UNSCHEDULED_AUCTION',
]

/** The session of rows that belong to no auction. */
export const REGULAR = 'REGULAR'

/** Columns by which buckets of auctions are told from others. */
export const SESSION = {
  /** REGULAR, or the state of the auction. */
  name: 'Session',
  /** Where an auction begins, where it ends; null in other buckets. */
  start: 'SessionStart',
  end: 'SessionEnd',
  /** Of a row: until when its values can stand, in ns after midnight. */
  until: 'SessionUntil',
} as const

/** How a pass keeps auctions apart. Plain JSON. */
export interface AuctionPlan {
  /** Where the last state of a day ends; null: with the date. */
  sessionEnd: { time: number; zone: string } | null
  /** Rows are told until when their values stand. */
  until: boolean
}

/**
 * The auctions of days and listings: entry e has auctions starts[e]..starts[e+1], which do not overlap and are in order
 * of time. `states` are places in AUCTION_STATES, times are in ns after the day's midnight.
 */
export interface AuctionTimes {
  days: Int32Array
  listings: Column
  starts: Int32Array
  states: Int32Array
  from: Float64Array
  to: Float64Array
}
