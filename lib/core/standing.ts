import type { Column } from './batch.js'

/** A column that rows take from the quotes of their listing: the value that stood at their time, or some time from it. */
export interface StandingColumn {
  name: string
  /** ns from the row's time on; negative is before. */
  lead: number
  /** Only values of instants before are seen; otherwise those of the instant itself, too. */
  strict: boolean
}

/** What a pass takes from the quotes of another table. */
export interface StandingPlan {
  /** The pass that makes the quotes: Date, ListingId, TimeBucket and `value` of its rows are read. */
  source: string
  value: string
  columns: StandingColumn[]
  /**
   * Market states say where continuous trading ends, which no value is looked up over: the last of a day ends at
   * `sessionEnd`, or with the date. Left out: the quotes say it themselves.
   */
  states?: { sessionEnd: { time: number; zone: string } | null }
}

/**
 * Values that stand until the next one, by day and listing: entry e has rows starts[e]..starts[e+1]. The last row of an
 * entry is as late as anything is known of it. Numbers are in memory that threads share.
 */
export interface StandingValues {
  days: Int32Array
  listings: Column
  starts: Int32Array
  times: Float64Array // ns after midnight, ascending within an entry
  values: Float64Array
  /** Instants over which no value is looked up ahead: of entry e breakStarts[e]..breakStarts[e+1], ascending. */
  breakStarts: Int32Array
  breaks: Float64Array
  /** Values stand until the next break, however early the last of them is; where none comes, as without this. */
  untilBreaks?: boolean
}
