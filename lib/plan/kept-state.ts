import {
  type ColumnType,
  type DerivedColumn,
  type FoldMerge,
  type FoldState,
  type MergeState,
  type StateColumn,
  stateName,
} from '../core/index.js'
import type { CarriedColumn } from './carried.js'
import type { FoldSet } from './fold-set.js'
import type { MadeColumn } from './output-columns.js'

/** What is kept of a column beside it; nothing where its rows cannot be merged. */
export interface KeptState {
  name: string
  state: MergeState | undefined
  /** Columns that hold it, beside the column itself. */
  columns: StateColumn[]
  /** How they are made, where folds of a bar make them. */
  derived: DerivedColumn[]
}

/** How folds merge, by kernel, and the kernels that give the parts; null: the fold's own value. */
const PARTS: Record<string, { merge: FoldMerge; parts: Record<string, string | null> }> = {
  sum: { merge: 'sum', parts: { value: null } },
  count: { merge: 'count', parts: { value: null } },
  min: { merge: 'min', parts: { value: null } },
  // 1 or 0: whether any row was selected in any of several buckets is the greater one.
  any: { merge: 'max', parts: { value: null } },
  meeting_book: { merge: 'max', parts: { value: null } },
  // Two buckets of one word each may differ: the word is kept too, whichever it is where there are several.
  several: { merge: 'several', parts: { value: null, word: 'first' } },
  max: { merge: 'max', parts: { value: null } },
  first: { merge: 'first', parts: { value: null, time: 'first_time' } },
  last: { merge: 'last', parts: { value: null, time: 'last_time' } },
  last_row: { merge: 'last', parts: { value: null, time: 'last_row_time' } },
  // What orders and executions add up to, each of which is of one bucket.
  orders: { merge: 'sum', parts: { value: null } },
  replacement: { merge: 'sum', parts: { value: null } },
  mean: { merge: 'mean', parts: { total: 'sum', n: 'values' } },
  std: { merge: 'std', parts: { n: 'values', mean: 'mean', m2: 'm2' } },
  trade_volatility: {
    merge: 'returns',
    parts: { n: 'return_count', mean: 'return_mean', m2: 'return_m2', first: 'first', last: 'last' },
  },
}

/** Plans what a raw pass keeps of a metric so that later passes can merge its rows (semantics 5.0, merge codes). */
export function keptState({ column, derived, carried }: MadeColumn, folds: FoldSet, dense: boolean): KeptState {
  const { name } = column
  if (carried) return keptOfCarried(name, carried, dense)
  const own = Object.entries(derived.folds)
  const kernels = own.map(([, number]) => folds.folds[number].kernel.replace(/_(i64|code)$/, ''))
  if (!kernels.every(kernel => Object.hasOwn(PARTS, kernel)))
    return { name, state: undefined, columns: [], derived: [] }
  const alone = derived.metric === null
  const made: DerivedColumn[] = []
  const states = own.map(([key, number], i): [string, FoldState] => {
    const { merge, parts } = PARTS[kernels[i]]
    const columns = Object.entries(parts).map(([part, kernel]): [string, StateColumn] => {
      // The value of a metric that is its only fold is the column itself.
      if (kernel === null && alone) return [part, { name, type: column.type }]
      const fold = kernel === null ? number : folds.part(number, kernel)
      const type: ColumnType = folds.resultOf(fold)
      const as = stateName(name, alone ? '' : key, part)
      made.push({ name: as, type, metric: null, parameters: {}, folds: { value: fold }, zero: false })
      return [part, { name: as, type }]
    })
    const { parameters } = folds.folds[number]
    return [key, { merge, columns: Object.fromEntries(columns), ...(parameters && { parameters }) }]
  })
  const { metric, parameters, zero } = derived
  const state = { metric, parameters, zero, folds: Object.fromEntries(states) }
  return { name, state, columns: made.map(({ name, type }) => ({ name, type })), derived: made }
}

/** A carried column is merged by what its kernel keeps beside it, which is made with it and not with its bar. */
function keptOfCarried(name: string, { kernel, rule }: CarriedColumn, dense: boolean): KeptState {
  const { kept } = kernel
  if (!kept || (kept.everyBucket && !dense)) return { name, state: undefined, columns: [], derived: [] }
  const columns = kept.parts.map((part): [string, StateColumn] => [
    part,
    part === 'value' ? { name, type: 'f64' } : { name: stateName(name, '', part), type: 'f64' },
  ])
  const beside = columns.filter(([part]) => part !== 'value').map(([, column]) => column)
  rule.columns.push(...beside.map(column => column.name))
  const folds = { value: { merge: kept.merge, columns: Object.fromEntries(columns) } }
  return { name, state: { metric: null, parameters: {}, zero: rule.zero, folds }, columns: beside, derived: [] }
}
