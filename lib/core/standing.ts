import type { Column } from './batch.js'

/** A column that rows take from an internal pass, under another name than it has there. */
export interface TakenColumn {
  name: string
  /** Its name in the rows that it is taken of. */
  value: string
}

/** A column of the quotes of a row's listing: the value that stood at the row's time, or some time from it. */
export interface StandingColumn extends TakenColumn {
  /** ns from the row's time on; negative is before. */
  lead: number
  /** Only values of instants before are seen; otherwise those of the instant itself, too. */
  strict: boolean
}

/**
 * Columns by which rows that stand until the next one say how they go on from a piece of the day to the next. `head` is
 * on the first row of each piece: `ofDay` where the piece is the whole day, else `ofPiece`; 0 on others. `stands` tells
 * whether values stand from a row on; where they cease to, none is looked up ahead. A row without a value changes none.
 */
export const PIECE = { head: 'Head', stands: 'Stands', ofPiece: 1, ofDay: 2 } as const

/** The state in which what a quote says can be traded at: a mid-price of an auction is none. */
export const CONTINUOUS = 'CONTINUOUS_TRADING'

/** What a pass takes from the quotes of another table. */
export interface StandingPlan {
  by: 'time'
  /** The module that makes the quotes. */
  module: string
  /** The pass that makes the quotes: Date, ListingId, TimeBucket, `known` and the values of its rows are read. */
  source: string
  /** The value whose nulls say that nothing stands from there on. */
  known: string
  columns: StandingColumn[]
  /**
   * Market states say where continuous trading ends, which no value is looked up over: the last of a day ends at
   * `sessionEnd`, or with the date. Left out: the quotes say it themselves.
   */
  states?: { sessionEnd: { time: number; zone: string } | null }
  /** ns after which a value stands no longer, and the value that tells since when it does; null: until the next one. */
  tolerance: { ns: number; since: string } | null
}

/** What a pass finds of each row among rows of another table that are near it in time. */
export interface NearPlan {
  by: 'near'
  /** The module that makes the rows of the other table. */
  module: string
  /** The pass that makes them: Date, ListingId, TimeBucket, `known` and `values` of its rows are read. */
  source: string
  /** A value that none of them lacks. */
  known: string
  values: string[]
  /** The operator that adds the columns, which it names itself: `value` is that name. */
  operator: string
  parameters: Record<string, unknown>
  columns: TakenColumn[]
}

/** What a pass takes from a pass over its own table, row for row. */
export interface RowValuesPlan {
  by: 'row'
  /** The module that makes the values. */
  module: string
  /** The pass that makes the values: Date, ListingId, RowNumber and the values of its rows are read. */
  source: string
  columns: TakenColumn[]
}

export type TakenPlan = StandingPlan | NearPlan | RowValuesPlan

/** The column of an internal pass that names a row of its table: the number of the row in the table's files of its date. */
export const ROW_NUMBER = 'RowNumber'

/**
 * Values that stand until the next ones, by day and listing: entry e has rows starts[e]..starts[e+1]. The last row of an
 * entry is as late as anything is known of it. Numbers are in memory that threads share.
 */
export interface StandingValues {
  days: Int32Array
  listings: Column
  starts: Int32Array
  times: Float64Array // ns after midnight, ascending within an entry
  /** By name; NaN is null. */
  values: Record<string, Float64Array>
  /** Instants over which no value is looked up ahead: of entry e breakStarts[e]..breakStarts[e+1], ascending. */
  breakStarts: Int32Array
  breaks: Float64Array
  /** Values stand until the next break, however early the last of them is; where none comes, as without this. */
  untilBreaks?: boolean
}

/** Values of single rows of the pass's own table, in ascending order of row number. Others have none. */
export interface RowValues {
  rows: Float64Array
  /** By name; NaN is null. */
  values: Record<string, Float64Array>
}

export type TakenValues = StandingValues | RowValues
