import type { Expr, Scalar } from './expr.js'

/** How one column of a scan is made from a file: read from `source`, taken from the path, or constant. */
export interface ColumnBinding {
  name: string
  type: 'f64' | 'i64' | 'i32' | 'str' | 'ts' | 'date'
  /** Column of the file; null when the value is constant or comes from the path. */
  source: string | null
  /** Value of every row, when there is no source. i64 as decimal text. */
  constant?: Scalar | null
  /** Path key (`date`, `mic`, any hive key) whose value every row of a file has. */
  partition?: string
  /** Decimal text; integers are multiplied by it with one correct rounding ('0.0001': divide by 10 000). */
  scale?: string
  /** Unit of integer stamps; auto takes the Parquet type, plain integers are ns. */
  timeUnit?: 'auto' | 's' | 'ms' | 'us' | 'ns'
  /** IANA zone of stamps without one. */
  timeZone?: string
  /** Codes by source text; a value that is not listed is a data fault. Null stays null. */
  codes?: Record<string, number>
  /** Booleans read as TRUE/FALSE, integers as their digits. */
  text?: boolean
}

/** One file of a table, with its footer's facts. Plain data: it travels to workers and into plans. */
export interface DataFile {
  path: string // as it is opened
  relative: string // to the table's root; what the order of files goes by
  bytes: number
  modified: number // ms since the epoch; part of the input fingerprint, never of results
  day: number | null // days since the epoch, from the path
  mic: string | null
  keys: Record<string, string> // path keys as written
  columns: FileColumn[]
  rowGroups: RowGroupFacts[]
}

export interface FileColumn {
  name: string
  /** The column type that holds it, or null when no stage can (nested, decimals beyond a double …). */
  type: ColumnBinding['type'] | 'bool' | null
  physical: string // the Parquet type in words, for messages
}

export interface RowGroupFacts {
  rows: number
  bytes: Record<string, number> // compressed bytes by column
  /** Min and max by column, where the file states usable ones. i64 and ts as decimal text. */
  bounds: Record<string, { min: Scalar; max: Scalar; nulls?: number }>
  /** What is known of other columns: nulls, and bounds beyond which no value lies though none need be there. */
  hints?: Record<string, Hint>
}

/** What a file says of a column in some rows. */
export interface Hint {
  min?: Scalar
  max?: Scalar
  nulls?: number
}

/** What to read of a row group. */
export interface ScanRequest {
  file: DataFile
  rowGroup: number
  columns: ColumnBinding[]
  batchRows: number
  /** Rows that do not meet it need not be handed out. */
  wanted?: Wanted
}

/** A condition on rows, and how the columns that it reads are made of a file: those left out may hold anything. */
export interface Wanted {
  where: Expr
  columns: ColumnBinding[]
}

/** Returns the number that the first row of a row group has in its file, counted from 0. */
export function firstRowOf({ rowGroups }: { rowGroups: readonly { rows: number }[] }, rowGroup: number): number {
  return rowGroups.slice(0, rowGroup).reduce((total, { rows }) => total + rows, 0)
}
