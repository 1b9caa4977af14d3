import type { Parameters } from './kernel.js'
import type { Listing } from './listings.js'

/** What becomes of the rows of a pass when its bars are done: rows are laid between them, nulls are filled. Plain JSON. */
export interface Timeline {
  grid: GridPlan | null
  fill: FillRule[]
  /** Values are carried from one session of the grid to the next. */
  acrossSessions: boolean
  /** Values that buckets take over from those before them. */
  carry?: CarryPlan
}

/** What is carried from bucket to bucket of a listing's day. */
export interface CarryPlan {
  rules: CarryRule[]
  closes: CloseRule[]
  /** Buckets without rows between the first and the last bar of a listing's day have a row. */
  between: boolean
}

/** A column that a carried series kernel makes. */
export interface CarryRule {
  kernel: string
  parameters: Parameters
  /** Columns of its parts, which leave with it. */
  parts: string[]
  /** The column, and those that it keeps for merging. */
  columns: string[]
  /** 0 instead of null. */
  zero: boolean
}

/** A column that takes the value of another in the bars before, where bars before and behind have one. */
export interface CloseRule {
  column: string
  from: string
}

/** Which buckets exist whether or not they hold data (semantics 2.6). */
export interface GridPlan {
  mode: 'adaptative' | 'uniform'
  /** adaptative: market states that make a bucket exist. */
  states: string[]
  /** adaptative: ns by which each interval is widened at either end. */
  pad: number
  /** uniform: wall times of the day, ns after midnight in `zone`. */
  interval: WallInterval | null
  /** Other wall times on some days (since the epoch); null is a day without a grid. */
  calendar: Record<number, WallInterval | null>
  zone: string
  /** Wall time at which the last state of a day ends; null: the end of the partition date. */
  sessionEnd: { time: number; zone: string } | null
  outside: 'keep' | 'drop'
}

/** Start and end, ns after local midnight. */
export type WallInterval = [number, number]

/** How nulls of a column are filled. */
export interface FillRule {
  column: string
  how: 'forward' | 'zero'
  /** Rows that one value is carried over at most; null: any number. */
  limit: number | null
}

/** A listing of the grid of which no bar has come. */
export interface GridListing {
  day: number
  listing: Listing
  /** See `Grid.sessions`. */
  sessions: Float64Array
  /** The table has rows of it on that day, though none made a bar. */
  seen: boolean
  /** Returns an attribute of the listing, null where it is not known. */
  attribute(name: string): string | bigint | null
}

/** The grid of a run, asked for in output order. Days are since the epoch. */
export interface Grid {
  /** Returns the listings that come before this one (null: the rows without a listing) and that no bar was seen of. */
  before(day: number, listing: Listing | null): Promise<GridListing[]>
  /**
   * Returns the sessions of a listing: first and last label of each run of buckets, in turn, ns after the midnight of
   * the day. Empty where it has none.
   */
  sessions(day: number, listing: Listing | null): Float64Array
  /** Tells whether no bar of a listing was lost: of one that failed half-way, nobody knows which buckets are empty. */
  whole(day: number, listing: Listing | null): boolean
  /** Bars outside the grid that were left out. */
  dropped: number
}
