import type { ColumnType } from './batch.js'
import type { Parameters } from './kernel.js'
import type { EntryParameters } from './metric.js'

/** How folds of a metric are merged, by the kernel that made them. Others cannot be merged. */
export type FoldMerge = 'sum' | 'count' | 'min' | 'max' | 'first' | 'last' | 'mean' | 'std' | 'returns' | 'several'

/** What is kept of one fold: columns by what they are to it. */
export interface FoldState {
  merge: FoldMerge
  /**
   * value · value and time of first and last · total, n of mean · n, mean, m2 of std · n, mean, m2, first, last of
   * returns · value and word of several. A time of type f64 is ns after the midnight of the row's Date.
   */
  columns: Record<string, StateColumn>
  /** Parameters of the fold's kernel. */
  parameters?: Parameters
}

/** What a pass keeps beside a column so that later passes can merge its rows (semantics 5.0, merge codes). */
export interface MergeState {
  /** The metric whose value is computed from merged folds; null: the only fold's own value. */
  metric: string | null
  parameters: EntryParameters
  /** 0 instead of null where nothing matched. */
  zero: boolean
  folds: Record<string, FoldState>
}

/** A column that is kept for later passes and shown only on request. */
export interface StateColumn {
  name: string
  type: ColumnType
}

/** Names a column of state: TradeTotalVWAP, notional, value → TradeTotalVWAPStateNotionalValue. */
export function stateName(column: string, fold: string, part: string): string {
  const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
  return `${column}State${capital(fold)}${capital(part)}`
}
