import {
  type AggregateParameters,
  type BucketRule,
  type Cells,
  type Column,
  intervalStart,
  MS_PER_DAY,
  NS_PER_DAY,
  type Series,
} from '../core/index.js'
import type { Made } from './made.js'
import { numbersOf } from './series-identity.js'
import type { SeriesGroup, SeriesRows } from './series-log.js'
import { orderedSeries } from './series-order.js'

interface SeriesInput {
  parameters: AggregateParameters
  entityKeys: readonly Column[] // by entity
  series: readonly SeriesRows[]
  owners: Int32Array // entity by cell
  labels: BigInt64Array // by cell
  order: Int32Array // cells in output order
}

const NO_ROWS = new Int32Array(0)
const NO_EDGES = { start: new Float64Array(0), end: new Float64Array(0) }

/** Hands each entity's rows, in total order, to the series kernels; returns values by fold, in output order. */
export function evaluateSeries({
  parameters,
  entityKeys,
  series: all,
  owners,
  labels,
  order,
}: SeriesInput): Map<number, Float64Array> {
  const results = new Map<number, Float64Array>()
  for (const rows of all) {
    for (const { fold } of rows.group.folds) results.set(fold, new Float64Array(order.length).fill(Number.NaN))
    if (order.length === 0) continue
    const { series, from, to } = orderedSeries(rows, order, owners.length)
    for (let at = 0; at < order.length; ) {
      let end = at
      while (end < order.length && owners[order[end]] === owners[order[at]]) end++
      const base = from[at]
      const cells = spans(order.subarray(at, end), { parameters, entityKeys, owners, labels })
      cells.from = from.subarray(at, end).map(row => row - base)
      cells.to = to.subarray(at, end).map(row => row - base)
      const length = to[end - 1] - base
      const time = series.time.subarray(base, base + length)
      const inputs = series.columns.map(column => numbersOf(column, base, base + length))
      for (const each of rows.group.folds) {
        const out = (results.get(each.fold) as Float64Array).subarray(at, end)
        const given = { length, time, ...inputsOf(each, inputs) }
        each.kernel.evaluate(given, cells, out, parameters.folds[each.fold].parameters ?? {})
      }
      at = end
    }
  }
  return results
}

/** Hands a kernel its columns of the log; what comes after its inputs marks the rows that count. */
function inputsOf(
  { kernel, columns }: SeriesGroup['folds'][number],
  inputs: readonly Float64Array[],
): Pick<Series, 'columns' | 'counts'> {
  const own = columns.map(c => inputs[c])
  const { length } = kernel.inputs
  return kernel.everyRow && own.length > length
    ? { columns: own.slice(0, length), counts: own[length] }
    : { columns: own }
}

/** Returns the spans [T0, T1] of an entity's cells, in ns after its date's midnight. */
function spans(
  cells: Int32Array,
  { parameters, entityKeys, owners, labels }: Omit<SeriesInput, 'series' | 'order'>,
): Cells {
  const { rule, entity, apart } = parameters
  const dateKey = entity.findIndex(({ type }) => type === 'date')
  const dates = dateKey < 0 ? null : (entityKeys[dateKey].values as Int32Array)
  const midnight = BigInt((dates ? dates[owners[cells[0]]] : 0) * MS_PER_DAY) * 1_000_000n
  const offsets = Float64Array.from(cells, cell => Number(labels[cell] - midnight))
  const own = apart && entityKeys[entity.findIndex(({ name }) => name === apart.start)]
  const isApart = own && (!own.valid || own.valid[owners[cells[0]]] === 1)
  const edges = isApart
    ? { start: offsets.map(() => Number((own.values[owners[cells[0]]] as bigint) - midnight)), end: offsets }
    : edgesOf(offsets, rule)
  return { count: cells.length, from: NO_ROWS, to: NO_ROWS, ...edges }
}

/** Returns where the buckets of labels start and end; all in ns after midnight. */
function edgesOf(labels: Float64Array, rule: BucketRule | null): Pick<Cells, 'start' | 'end'> {
  const start = labels.map(label => (rule ? intervalStart(label, rule) : label))
  if (rule?.mode === 'daily_analytics') return { start, end: new Float64Array(start.length).fill(NS_PER_DAY) }
  const width = rule?.mode === 'sparse_digitised' ? rule.width : 0
  return { start, end: start.map(from => from + width) }
}

/**
 * Computes the values of listed cells from their own rows, for folds that need no others; `labels` are those of the
 * listed cells, in ns after midnight, `known` is how many cells the log numbers.
 */
export function evaluateCells(
  rows: SeriesRows,
  { folds, rule }: AggregateParameters,
  cells: Int32Array,
  labels: Float64Array,
  known: number,
): Made[] {
  const { series, from, to } = orderedSeries(rows, cells, known)
  const edges = rows.group.folds.some(({ kernel }) => kernel.span) ? edgesOf(labels, rule) : NO_EDGES
  const spans: Cells = { count: cells.length, from, to, ...edges }
  const inputs = series.columns.map(column => numbersOf(column, 0, series.length))
  return rows.group.folds.map(each => {
    const { fold, kernel } = each
    const values = new Float64Array(cells.length)
    kernel.evaluate({ ...series, ...inputsOf(each, inputs) }, spans, values, folds[fold].parameters ?? {})
    return [`f${fold}`, { type: 'f64', values, valid: null }]
  })
}
