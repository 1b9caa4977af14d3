import { type FoldMerge, type MergeState, type StateColumn, stateName } from '../../lib/core/index.js'
import type { Measure } from './measures.js'

/** Says what is kept of a measure for later passes, and lists the columns that this takes beside its own. */
export function keep(measure: Measure): StateColumn[] {
  const { name, method, type, state } = measure
  const value = { name, type }
  const own = (merge: FoldMerge, columns: Record<string, StateColumn> = { value }): MergeState => ({
    metric: null,
    parameters: {},
    zero: false,
    folds: { value: { merge, columns } },
  })
  if (method === 'sum' || method === 'min' || method === 'max') measure.kept = own(method)
  if (method === 'count') measure.kept = own('sum')
  if (method === 'first' || method === 'last') {
    const time: StateColumn = { name: stateName(name, '', 'time'), type: 'ts' }
    measure.kept = own(method, { value, time })
    return [time]
  }
  if (method !== 'merge' || !state) return []
  const folds = Object.entries(state.folds).map(([fold, { columns, ...rest }]) => {
    const named = Object.entries(columns).map(([part, { type }]): [string, StateColumn] => {
      // The value of a metric that is its only fold is the column itself.
      if (part === 'value' && state.metric === null) return [part, value]
      // Merged counts and moments are doubles.
      const own = part === 'time' ? 'ts' : part === 'value' || part === 'word' ? type : 'f64'
      return [part, { name: stateName(name, fold, part), type: own }]
    })
    return [fold, { ...rest, columns: Object.fromEntries(named) }] as const
  })
  measure.kept = { ...state, folds: Object.fromEntries(folds) }
  return folds.flatMap(([, { columns }]) => Object.values(columns)).filter(column => column.name !== name)
}
