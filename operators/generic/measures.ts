import type { ColumnType, LaterOffer, MergeState, OutputColumn, Source, StateColumn } from '../../lib/core/index.js'
import { columnNamed } from '../statistics/source-columns.js'
import { keep } from './kept-measure.js'

export const METHODS = [
  'sum',
  'mean',
  'first',
  'last',
  'max',
  'min',
  'count',
  'merge',
  'weighted_mean',
  'std',
  'median',
] as const

export type Method = (typeof METHODS)[number]

/** One aggregated column of a pass, as the plan holds it: plain JSON. */
export interface Measure {
  name: string
  type: ColumnType
  method: Method
  column: string
  weight?: string
  /** Of first and last: where the time of a value stands; null: the order of the source decides. */
  time?: StateColumn | null
  /** Of merge: what the source kept. */
  state?: MergeState
  /** Seconds of the buckets that are made, where the merged value depends on them. */
  seconds?: number
  /** What is kept of it for a later pass. */
  kept?: MergeState
}

/** What a config asks for of one column. */
export interface MeasureRequest {
  column: string
  method: Method
  weight?: string
  name: string
  /** Field of the block, for problems. */
  field: string
}

/** What the rows of a pass are, as far as merged values depend on it. */
export interface Buckets {
  /** Length of a bucket; null where rows have none. */
  seconds: number | null
  byListing: boolean
}

/** Plans a measure; undefined after a problem was reported. */
export function planMeasure(
  request: MeasureRequest,
  source: Source,
  offer: LaterOffer,
  buckets: Buckets = { seconds: null, byListing: false },
): { measure: Measure; column: OutputColumn; state: StateColumn[] } | undefined {
  const { column: name, method, weight, field } = request
  const column = columnNamed(name, source, field, offer)
  if (!column) return undefined
  if (weight !== undefined && !columnNamed(weight, source, `${field}.weight`, offer)) return undefined
  if (method === 'weighted_mean' && weight === undefined) {
    offer.refuse(field, `weighted_mean of ${name} has no weight`, `{method: weighted_mean, weight: TradeTotalVolume}`)
    return undefined
  }
  const isNumber = column.type === 'f64' || column.type === 'i64' || column.type === 'i32'
  const isExtreme = method === 'min' || method === 'max'
  const isTime = column.type === 'ts' || column.type === 'date'
  if (!isNumber && NUMERIC.has(method) && !(isTime && isExtreme)) {
    offer.refuse(
      field,
      `${method} needs numbers; ${name} is ${column.type}`,
      `use ${isTime ? 'min, max, ' : ''}first, last or count`,
    )
    return undefined
  }
  const measure: Measure = { name: request.name, type: typeOf(method, column), method, column: name }
  if (weight !== undefined) measure.weight = weight
  const kept = source.state[name]
  if (method === 'merge') {
    if (!kept) {
      offer.refuse(
        field,
        `${name} cannot be merged: ${unmergeable(column)}`,
        'use sum, mean, last, … or a pass of its own',
      )
      return undefined
    }
    measure.state = kept
    const { seconds, byListing } = buckets
    if (Object.values(kept.folds).some(({ merge }) => merge === 'returns')) {
      if (byListing && seconds !== null) measure.seconds = seconds
      else {
        offer.refuse(field, `${name} is merged over the buckets of one listing`, 'group by ListingId and TimeBucket')
        return undefined
      }
    }
  }
  if (method === 'first' || method === 'last') measure.time = timeOf(kept, source)
  const state = offer.keep.has(request.name) ? keep(measure) : []
  return { measure, column: outputColumn(request, column, measure, source), state }
}

const NUMERIC = new Set<Method>(['sum', 'mean', 'max', 'min', 'weighted_mean', 'std', 'median'])

function typeOf(method: Method, { type }: OutputColumn): ColumnType {
  if (method === 'count') return 'i64'
  if (method === 'first' || method === 'last' || method === 'merge') return type
  if ((method === 'min' || method === 'max') && (type === 'ts' || type === 'date')) return type
  if (method === 'sum' || method === 'min' || method === 'max') return type === 'i64' ? 'i64' : 'f64'
  return 'f64'
}

const unmergeable = ({ merge, name }: OutputColumn) =>
  merge === '–' || merge === 'key'
    ? `rows of ${name} do not tell enough (merge code ${merge})`
    : 'its pass keeps no state of it'

/** Returns where the times of a column's values are, when the source keeps them, else its labels. */
function timeOf(kept: MergeState | undefined, source: Source): StateColumn | null {
  const fold = kept?.metric === null ? Object.values(kept.folds)[0] : undefined
  if (fold?.columns.time) return fold.columns.time
  return source.keys.includes('TimeBucket') ? { name: 'TimeBucket', type: 'ts' } : null
}

function outputColumn(
  request: MeasureRequest,
  of: OutputColumn,
  { type, method }: Measure,
  source: Source,
): OutputColumn {
  const { column, weight, name } = request
  const by = weight === undefined ? '' : ` by ${weight}`
  return {
    name,
    type,
    unit: method === 'count' ? 'rows' : of.unit,
    doc: `${method.replace('_', ' ')} of ${column} over rows of ${source.name}${by}`,
    formula: weight === undefined ? `${method}(${column})` : `${method}(${column}, ${weight})`,
    merge: mergeOf(method, of),
    nullRule: method === 'count' ? '0 when nothing matched' : 'null when every value is null',
    hindsight: of.hindsight,
    inputs: weight === undefined ? [column] : [column, weight],
    from: request.field,
  }
}

function mergeOf(method: Method, { merge }: OutputColumn): string {
  if (method === 'merge') return merge
  if (method === 'sum' || method === 'count') return 'S'
  if (method === 'min' || method === 'max') return 'N'
  return method === 'first' || method === 'last' ? 'O' : '–'
}

/** Lists the columns that a measure reads. */
export function readsOf({ column, weight, time, state }: Measure): string[] {
  const parts = state ? Object.values(state.folds).flatMap(({ columns }) => Object.values(columns)) : []
  const times = [...parts, ...(time ? [time] : [])]
  // Times of a raw pass count from the midnight of the row's date.
  const dates = Object.values(state?.folds ?? {})
    .flatMap(({ columns }) => columns.time ?? [])
    .concat(time ?? [])
  return [
    // Of one that is 0 where nothing matched, its own nulls say where there was no data.
    ...(state && !state.zero ? [] : [column]),
    ...times.map(({ name }) => name),
    ...(weight === undefined ? [] : [weight]),
    ...(dates.some(({ type }) => type === 'f64') ? ['Date'] : []),
    // Values that were filled in are of their row's label.
    ...(dates.length > 0 ? ['TimeBucket'] : []),
  ]
}
