import type { ColumnType } from './batch.js'
import type { Frame } from './frame.js'
import type { MergeState, StateColumn } from './merge-state.js'
import type { Fields, SharedSchemas } from './module.js'
import type { Context } from './operator.js'
import type { OutputColumn } from './plan.js'
import type { BucketRule } from './time.js'

/** What a later pass can read: the result of an earlier pass, or a declared table. */
export interface Source {
  name: string
  /** Its columns in output order, keys first. */
  columns: OutputColumn[]
  /** Columns that name a row; rows are in ascending order of them, null last. Of a table none are known. */
  keys: string[]
  /** How its labels were made; null where no column TimeBucket is, or, of a table, it is not known. */
  rule: BucketRule | null
  /** What is kept of its columns for merging, by column, where a later pass asks for it. */
  state: Record<string, MergeState>
}

/** What a module of a later pass knows when it is planned. */
export interface LaterOffer {
  /** Its block in the pass, checked by its schema. */
  // biome-ignore lint/suspicious/noExplicitAny: checked by the module's schema.
  config: any
  /** What it reads, in the order of `sources`. */
  sources: Source[]
  /** The pass's own settings of time. */
  pass: {
    name: string
    /** Null where the config does not say: the source's then. */
    anchor: 'end' | 'start' | null
    closed: 'right' | 'left'
    /** How the pass labels times, for modules that make buckets of their own. */
    rule: BucketRule
  }
  /** Columns of this pass whose merge state a later one asks for. */
  keep: ReadonlySet<string>
  /** Columns of the reference table that can be joined to ListingId by date; empty when none is loaded. */
  reference: { name: string; type: ColumnType }[]
  onUnmapped: 'keep' | 'drop' | 'error'
  /** Reports a problem at a field of the block: `aggregations.Clse`. */
  refuse(field: string, problem: string, hint?: string): void
  warn(field: string, problem: string, hint?: string): void
}

/**
 * A way to compute a result in parts that do not fit into memory together: a row of it depends on source rows that are
 * equal in some columns, and on no others.
 */
export interface Cut {
  /** By source, the columns whose equal values stay together, of which the outline reads all; null: every part needs the whole source. */
  columns: (string[] | null)[]
  /** Rows of two dates meet where they come to lie under one label (semantics 2.4): such dates stay together, too. */
  labels?: boolean
}

/** Lists the cuts of a result whose groups stand alone: by date, where it is a key, and by the other keys. */
export function cutsByKeys(keys: readonly string[]): Cut[] {
  const others = keys.filter(key => key !== 'Date')
  const dates: Cut[] = keys.includes('Date') ? [{ columns: [['Date']] }] : []
  return others.length > 0 ? [...dates, { columns: [others] }] : dates
}

/** What a module of a later pass will give. */
export interface Outline {
  /** Columns that name a row of its result, in the order that rows are sorted by. */
  keys: string[]
  /** Output columns, keys first. */
  columns: OutputColumn[]
  /** Columns that `run` reads, by source. */
  reads: string[][]
  /** How its labels are made; null where it has no column TimeBucket. */
  rule: BucketRule | null
  /** What a row depends on: rows of its listing, of its date, or, when left out, of the whole run. */
  scope?: 'symbol' | 'date' | 'all'
  /** How it can be computed in parts, the best way first; left out where a row depends on the whole run. */
  cuts?: Cut[]
  /** `run` holds the columns that it reads, all their rows at once. Left out where it takes them frame by frame. */
  holdsRows?: boolean
  /** What it keeps of its columns for merging, and the columns that hold it: `run` returns these as well. */
  state?: Record<string, MergeState>
  stateColumns?: StateColumn[]
  /** What `run` is given: plain JSON. */
  parameters: unknown
}

/** Names what a module reads, and the field of its block that says so. Null: the pass before. */
export interface SourceName {
  field: string
  name: string | null
  /** The internal module of tables whose rows are read where nothing is named: the pass makes them for itself. */
  rows?: string
  /** What is read where nothing is named, in place of the pass before: the nearest that fits and is not read already. */
  otherwise?: {
    fits(source: Source): boolean
    /** What to say where none does. */
    problem: string
    hint: string
  }
}

/**
 * A module of a later pass: it reads results of earlier passes, never raw rows. Its rows are computed by one call over
 * the frames of its sources, which come in their output order.
 */
export interface LaterModule {
  kind: 'later'
  name: string
  doc: string
  /** No config names it: passes of several tables end with it. */
  internal?: true
  /** The PassConfig key that holds its configuration. */
  block: string
  /** Zod fields of the block. */
  settings: Fields | ((shared: SharedSchemas) => Fields)
  sources(config: LaterOffer['config']): SourceName[]
  /** Further results that later passes may read, as those of other modules. */
  sideOutputs?(config: LaterOffer['config']): { names: string[]; module: string }[]
  /** Modules that read tables may stand beside it: their rows are what it reads in place of `otherwise`. */
  joinsOwnRows?: boolean
  /** Lists, by source, the columns whose merge state it needs so that its own columns `wanted` have theirs. */
  keeps?(config: LaterOffer['config'], wanted: ReadonlySet<string>): string[][]
  /** Plans it. Problems are reported to the offer, all of them; null when there is nothing to run then. */
  outline(offer: LaterOffer): Outline | null
  /**
   * Returns the labels that rows of these labels come to lie under, of one date (days since the epoch); they ascend as the
   * labels do. Left out where labels stay.
   */
  // biome-ignore lint/suspicious/noExplicitAny: the module's own parameters, through JSON.
  labels?(labels: BigInt64Array, day: number, parameters: any): BigInt64Array
  /** Computes its rows, in ascending order of its keys. A frame has the columns of the outline, and its state's. */
  // biome-ignore lint/suspicious/noExplicitAny: the module's own parameters, through JSON.
  run(inputs: AsyncIterable<Frame>[], parameters: any, context: Context): Promise<Frame>
}

/** Declares a module of later passes. The export of the value is its registration. */
export const laterModule = (definition: Omit<LaterModule, 'kind'>): LaterModule => ({ kind: 'later', ...definition })
