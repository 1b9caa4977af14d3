import type { RecordBatch } from 'apache-arrow'

/**
 * What folding one row group leaves: states by bucket and by entity, and the rows that series kernels need. Partials
 * are merged in (file, row group) order, so sums do not depend on threads or batches (semantics 3.3).
 */
export interface Partial {
  entities: RecordBatch
  cells: RecordBatch
  series: RecordBatch[]
  rows: number
  counters: number[]
  /** NaN and infinities that were read as null, by column. */
  nonFinite: Record<string, number>
}

/** A unit's groups: one row each, ordered by entity and label (semantics 3.2). Fold i is column `f{i}`. */
export interface Groups {
  batch: RecordBatch
  rows: number // input rows
  counters: number[]
  /** Entities in which an attribute took a second value, by attribute. */
  conflicts: number[]
}
