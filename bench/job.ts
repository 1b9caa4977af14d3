import type { TradeData } from './data.js'

/** One race: what Basalt is configured to do, and the same question in the rivals' words. */
export interface Job {
  name: string
  title: string
  /** Data sets to race over; the first alone with --quick. */
  variants: Omit<TradeData, 'rows' | 'seed'>[]
  config(root: string): Record<string, unknown>
  /** The rivals' columns by Basalt's name. Numbers under `exact` are equal to the last bit, under `close` to 1e-12. */
  answer: { keys: string[]; exact: Record<string, string>; close: Record<string, string> }
  /** A query for DuckDB. */
  sql(files: string): string
  /** A lazy frame for Python Polars, with `pl` and `col` at hand. */
  polars(files: string): string
}

/**
 * What a contestant does with its rows. memory: holds them, in any order. file: writes them to one Parquet file (snappy)
 * ordered by the job's keys.
 */
export type Ending = 'memory' | 'file'

/** What a contestant's process is told, as JSON in its first argument. */
export interface Order {
  files: string // glob
  root: string
  threads: number
  out: string | null // the file to write
  query: string
  keys: string[]
  config: Record<string, unknown>
}

/** What it answers, as JSON in the last line of its standard output. */
export interface Reply {
  version: string
  /** From the start of the job, the library being loaded, to the last row. */
  seconds: number
  /** From the start of the process to the first rows at the consumer; null where all come at once. */
  firstRows: number | null
  rows: number
  cpu: number // seconds of the whole process
  peak: number // bytes of the whole process
}
