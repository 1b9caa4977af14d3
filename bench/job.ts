import type { Layout, TradeData } from './data.js'

export type Contestant = 'basalt' | 'duckdb' | 'polars'

/**
 * warm: rows consumed in memory, repeated inside one process. cold: a process from its start to a sorted Parquet file.
 * growth: peak of cold over 16 days to that over one. first: when the first 1 % of rows reach the reader of
 * `stream run`. cost: CPU of the job's config to that of its `cheaper` one.
 */
export type Measure = 'warm' | 'cold' | 'growth' | 'first' | 'cost'

/** A question, what Basalt is configured to do about it, and the same question in the rivals' best words. */
export interface Job {
  name: string
  title: string
  /** The tables that it reads; default trades. */
  table?: TradeData['table']
  /** It takes minutes: everyone runs it twice in a process, and once to be timed. */
  slow?: true
  races: { layout: Layout; measures: Measure[]; quick?: Measure[] }[]
  must: Must
  config(root: string, days: string[]): Record<string, unknown>
  /** For measure cost. */
  cheaper?(root: string, days: string[]): Record<string, unknown>
  answer: Answer
  /** A query for DuckDB. */
  sql(files: string): string
  /** A lazy frame for Python Polars, with `pl` and `col` at hand. */
  polars(files: string, order: Layout['order']): string
}

/** What must be reached; what is left out is shown without a verdict. */
export interface Must {
  warm?: Faster
  cold?: Faster
  /** Bytes of the file over DuckDB's. */
  size?: number
  /** MB at the peak of cold, by row groups of up to 122k and of up to 1M rows. */
  peak?: { small: number; large: number }
  growth?: number
  first?: number
  cost?: number
}

/** Rival's seconds over Basalt's. */
export type Faster = Record<Exclude<Contestant, 'basalt'>, number>

/**
 * The rivals' columns by Basalt's name. exact: equal to the last bit. sums: to 1e-12, because sums of doubles differ by
 * the order in which they are added. deviations: to 1e-9.
 */
export interface Answer {
  keys: string[]
  exact: Record<string, string>
  sums: Record<string, string>
  deviations: Record<string, string>
}

/** What a contestant's process is told, as JSON in its first argument. */
export interface Order {
  root: string
  threads: number
  /** Timed runs after one that is not, without `out`. */
  repetitions: number
  /** The file to write: Parquet, zstd, ordered by keys. */
  out: string | null
  query: string
  keys: string[]
  config: Record<string, unknown>
}

/** What it answers, as JSON in the last line of its standard output. */
export interface Reply {
  version: string
  /** The repetitions; none when it writes a file, whose time is that of the process. */
  runs: Run[]
  rows: number | null
  cpu: number // seconds of the whole process
  peak: number // bytes of the whole process
}

export interface Run {
  seconds: number
  cpu: number
}
