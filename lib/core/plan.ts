import { type AuctionPlan, SESSION } from './auctions.js'
import type { ColumnType } from './batch.js'
import type { ColumnBinding } from './dataset.js'
import type { Expr } from './expr.js'
import type { Parameters } from './kernel.js'
import type { Cut } from './later.js'
import type { MergeState, StateColumn } from './merge-state.js'
import type { EntryParameters } from './metric.js'
import type { TakenPlan } from './standing.js'
import type { BucketRule } from './time.js'
import type { Timeline } from './timeline.js'

/** One fold of a plan: a kernel, what it reads, and the rows it takes. */
export interface Fold {
  kernel: string
  inputs: Expr[]
  where: Expr
  parameters?: Parameters
  /** How inputs of series kernels are kept, by input, where they are not all doubles: identities are as they are read. */
  types?: ColumnType[]
}

/** What `fold` and `merge` compute: groups, their order keys, and every distinct fold. Plain JSON. */
export interface AggregateParameters {
  /** Columns that name an entity: Date and ListingId in raw passes. */
  entity: { name: string; type: ColumnType }[]
  /** The column of bucket labels; with the entity it is the group's key. Null: one group an entity. */
  bucket: string | null
  /** How labels were made; series kernels need a bucket's span. */
  rule: BucketRule | null
  /**
   * Labels are those of the bucket's column, and not of the rule alone: of an entity for which the column `start` is not
   * null, the bucket begins there and ends at its label.
   */
  apart?: { start: string }
  /** Column of event times and of sequence keys; absent ones are null. */
  order: { time: string | null; source: string | null; number: string | null }
  /** Rows that make a group exist. */
  rows: Expr
  /** Folds of a bucket; a kernel that is a series kernel gets the rows in total order. */
  folds: Fold[]
  /** The fold whose rows take the place of one row a group; there is one group an entity then. */
  sequence?: SequenceFold
  /** Attributes of an entity: the first value by total order, over all its rows. */
  attributes: Attribute[]
  /** Rows that are left out, counted for the run report. */
  counters: { name: string; where: Expr }[]
  /** Which counters count no rows that are left out but a share of others, both by number. */
  shares?: { part: number; whole: number }[]
  /** Conditions that no row may meet. `fields` are shown with the row. */
  refused: { where: Expr; problem: string; fields: string[] }[]
}

/** A fold of a sequence kernel. */
export interface SequenceFold {
  /** Its number. */
  fold: number
  /** How its inputs are kept: columns of 64-bit integers, instants and text as they are, all else as doubles. */
  inputs: ColumnType[]
  /** The kernel's columns, in its order, as they are named in the output. */
  columns: { name: string; type: ColumnType }[]
  /** What the kernel counts for the run report, behind the plan's counters. */
  counts?: string[]
}

export interface Attribute {
  name: string
  type: 'str' | 'i64'
  /** Rows that have a say; every row when left out. */
  where?: Expr
  /** The problem to report when an entity has two values; otherwise that is only counted. */
  once?: string
}

/** A column that is computed from folds, or passed through. */
export interface DerivedColumn {
  name: string
  type: ColumnType
  /** The metric whose `value` computes it, with its parameters; null: the fold's own value. */
  metric: string | null
  parameters: EntryParameters
  /** Fold numbers by the names that the metric uses. */
  folds: Record<string, number>
  /** 0 instead of null where nothing matched. */
  zero: boolean
}

/** An output column, as plan, explain and the file's metadata show it. */
export interface OutputColumn {
  name: string
  type: ColumnType
  unit: string
  doc: string
  formula: string
  merge: string
  nullRule: string
  hindsight: boolean
  inputs: string[]
  /** The config entry that makes it, or how it comes by itself. */
  from: string
}

/** A named operator and its parameters. */
export interface Step {
  operator: string
  parameters: unknown
}

/** One pass over a table, ready to be cut into units. Plain JSON: it is printed, hashed and sent. */
export interface PassPlan {
  kind: 'raw'
  name: string
  modules: string[]
  table: string
  scope: 'symbol' | 'date' | 'all'
  bindings: ColumnBinding[]
  /** What rows are given of internal passes: of another table as it stood at their time, or of their own. */
  taken?: TakenPlan[]
  /** Rows of auctions are in buckets of their own. */
  auctions?: AuctionPlan
  /** Steps over the rows of one row group, before they are folded. */
  rows: Step[]
  aggregate: AggregateParameters
  /** Columns that are computed from the folds of a finished bar. */
  derive: DerivedColumn[]
  /** Steps over finished bars. */
  attach: Step[]
  /** Rows laid between bars, and fills; left out where bars stay as they are. */
  timeline?: Timeline
  columns: OutputColumn[]
  /** What is kept beside its columns for later passes, and the columns that hold it; they are not written. */
  state: Record<string, MergeState>
  stateColumns: StateColumn[]
  /** Columns that expressions compute from others, as they were inlined; for people only. */
  derived: { name: string; expr: Expr }[]
}

/** Names what tells the rows of a pass over a table apart, where they are buckets. */
export function bucketKeys({ auctions }: Pick<PassPlan, 'auctions'>): string[] {
  return ['Date', 'ListingId', 'TimeBucket', ...(auctions ? [SESSION.name] : [])]
}

/** One pass over results of earlier ones. Plain JSON as well. */
export interface LaterPlan {
  kind: 'later'
  name: string
  modules: string[]
  /** What its rows depend on: those of one listing, of one date, or of the whole run. */
  scope: 'symbol' | 'date' | 'all'
  /** One step a module, in the order of the config; their rows are joined on the keys. */
  steps: LaterStep[]
  keys: string[]
  columns: OutputColumn[]
  rule: BucketRule | null
  state: Record<string, MergeState>
  stateColumns: StateColumn[]
}

/** A module's share of a later pass: what it reads, and what it makes. */
export interface LaterStep {
  module: string
  sources: { name: string; columns: string[] }[]
  /** Its columns, without the prefix that they are given. */
  columns: string[]
  prefix: string
  /** How its rows can be computed in parts, the best way first. */
  cuts: Cut[]
  /** It holds all rows that it reads at once. */
  holdsRows: boolean
  parameters: unknown
}

/** Part of the work of one pass: a partition date (null: files without one) and a batch of listings. */
export interface Unit {
  id: string
  pass: string
  day: number | null
  /** The listings of this batch, ascending; null: all. i64 as decimal text; a null among them is rows without one. */
  listings: (string | null)[] | null
  /** Files of the dataset by number, with the row groups to read. */
  parts: { file: number; rowGroup: number }[]
  rows: number
  /** Which share of a shredded date its rows are in; undefined where its files are read. */
  share?: number
}
