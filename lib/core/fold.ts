import type { Frame } from './frame.js'

/**
 * What folding one row group leaves: states by bucket and by entity, and the rows that series kernels need. Partials
 * are merged in (file, row group) order, so sums do not depend on threads or batches (semantics 3.3).
 */
export interface Partial {
  /** One row an entity: its keys and its attributes' states. */
  entities: Frame
  /** One row a cell: its entity by number, its label, its states. */
  cells: Frame
  series: Frame[]
  rows: number
  counters: number[]
  /** NaN and infinities that were read as null, by column. */
  nonFinite: Record<string, number>
  /** Rows that were not read because none of them can be wanted. */
  unread?: number
  /** Bars that are done, where footers tell that no other row group can touch them. */
  early: EarlyBars | null
}

/**
 * What a row group of a stretch finishes. Entities are numbered over the stretch: `entities` of the partial then lists
 * the keys of those that this row group saw first, and `cells` holds what other row groups may still add to.
 */
export interface EarlyBars {
  /** Place of the row group in its unit. */
  part: number
  /**
   * States of the attributes of entities in which they changed: `entity`, then `a{i}.{field}`. Of pieces of a sequence,
   * which have no attributes, feed and sequence number of their first and last rows.
   */
  changed: Frame
  /** One row a bar: `entity`, `label` (ns after midnight), then its columns. */
  bars: Frame
}

/** Lists everything that a partial holds rows in. */
export const framesOf = ({ entities, cells, series, early }: Partial): Frame[] =>
  early ? [entities, cells, ...series, early.changed, early.bars] : [entities, cells, ...series]

/** What is known of the rows that went into a unit's groups, which are ordered by entity and label (semantics 3.2). */
export interface GroupFacts {
  rows: number // input rows
  counters: number[]
  /** Entities in which an attribute took a second value, by attribute. */
  conflicts: number[]
}

/** What a row group may hold, as far as the file tells without its rows being read. */
export interface Span {
  /** Place of the row group in its unit, which is (file, row group) order. */
  part: number
  /** Least and greatest event time, ns after the midnight of the unit's date. */
  first: number
  last: number
  /** Its listings: every one, ascending and at least one, or their bounds. Numbers as decimal text. */
  listings: { all: string[] } | { min: string; max: string }
  /** Rows without a listing may be among them. */
  nulls: boolean
}
