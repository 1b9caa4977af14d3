import {
  type AggregateParameters,
  and,
  BasaltError,
  type BucketRule,
  type ColumnType,
  type DerivedColumn,
  type Expr,
  type FoldRequest,
  IDENTITY_COLUMNS,
  type OutputColumn,
  type Problem,
  usesHindsight,
} from '../core/index.js'
import { type CarriedColumn, carriedColumn } from './carried.js'
import type { FoldSet } from './fold-set.js'
import type { Requested } from './requests.js'

/** An output column and how it is computed: from folds of its bar, or of those of its listing's day. */
export interface MadeColumn {
  column: OutputColumn
  derived: DerivedColumn
  carried?: CarriedColumn
}

/** What a column says of itself beside its name, when there is nothing special to say. */
const PLAIN = { merge: 'O', nullRule: 'null when unknown', hindsight: false }

/**
 * Plans the column of one requested metric; undefined when it is switched off or cannot be made. `sparse`: rows have no
 * length; `apart`: they are cut by auctions.
 */
export function metricColumn(
  request: Requested,
  folds: FoldSet,
  { sparse, apart }: { sparse: boolean; apart: boolean },
  problems: Problem[],
): MadeColumn | undefined {
  const { metric, parameters, module, offer, name, path, unit } = request
  const by = [metric.pick, metric.part].filter(Boolean).join(' ')
  let uses: Record<string, FoldRequest>
  let rows: Expr
  try {
    uses = metric.uses(parameters, offer)
    rows = and(module.where(metric, parameters, offer), request.where)
  } catch (error) {
    if (!(error instanceof BasaltError) || error.fault !== 'config') throw error
    problems.push({ severity: 'error', path, problem: error.problem })
    return undefined
  }
  if (Object.keys(uses).length === 0) return undefined
  const carried = carriedColumn(request, uses, rows, folds, by, apart)
  const numbers =
    carried?.numbers ??
    Object.fromEntries(Object.entries(uses).map(([key, use]) => [key, folds.add(use, rows, by, path)]))
  const used = Object.values(numbers)
  if (sparse && used.some(number => folds.needsSpan(number))) {
    problems.push({
      severity: 'error',
      path,
      problem: `${by} needs buckets with a length; timeline_mode sparse_original has one row an event time`,
      hint: 'use sparse_digitised',
    })
  }
  const zero = metric.empty === 'zero'
  const type: ColumnType = metric.value ? 'f64' : folds.resultOf(used[0])
  return {
    ...(carried && { carried }),
    derived: {
      name,
      type,
      metric: metric.value ? metric.id : null,
      parameters: printable(parameters),
      folds: numbers,
      zero,
    },
    column: {
      name,
      type,
      unit,
      doc: metric.doc,
      formula: metric.formula,
      merge: metric.merge,
      nullRule: zero ? '0 when nothing matched' : 'null when nothing matched or a denominator is zero',
      hindsight: usesHindsight(metric, parameters),
      inputs: [...new Set(used.flatMap(number => folds.columns(number)))],
      from: path,
    },
  }
}

/** Plans the market state of a bucket: the last one, by total order, among the rows that made it exist. */
export function marketStateColumn(name: string, rows: Expr, folds: FoldSet, path: string): MadeColumn {
  const last: FoldRequest = { kernel: 'last', inputs: [{ op: 'col', name: 'MarketState' }] }
  const fold = folds.add(last, rows, 'MarketState', path)
  return {
    derived: { name, type: 'str', metric: null, parameters: {}, folds: { state: fold }, zero: false },
    column: {
      ...PLAIN,
      name,
      type: 'str',
      unit: 'state',
      doc: 'market state of the last row of the bucket',
      formula: 'last MarketState by total order',
      nullRule: 'null when no row has a state',
      inputs: ['MarketState'],
      from: 'by itself: MarketState is mapped',
    },
  }
}

/** Lists the keys of a raw pass; `labels` are those beside the entity, a bucket's when left out. */
export function keyColumns(
  { entity }: AggregateParameters,
  rule: BucketRule,
  labels?: readonly OutputColumn[],
): OutputColumn[] {
  const key = (name: string, type: ColumnType, unit: string, doc: string, input = name): OutputColumn => ({
    ...PLAIN,
    name,
    type,
    unit,
    doc,
    formula: name,
    merge: 'key',
    nullRule: name === 'ListingId' ? 'null when the row has none' : 'never null',
    inputs: [input],
    from: 'by itself: key',
  })
  const listing = entity[entity.length - 1]
  const label =
    rule.mode === 'sparse_original' ? 'time of the event' : `${rule.anchor} of the bucket, ${rule.closed} edge closed`
  return [
    key('Date', 'date', 'date', 'partition date'),
    key('ListingId', listing.type, 'id', 'listing'),
    ...(labels ?? [key('TimeBucket', 'ts', 'ns UTC', label, 'EventTime')]),
  ]
}

/** Lists the attributes of a listing that are known: from the reference table, or else from the table itself. */
export function identityColumns(
  own: readonly { name: string; type: ColumnType }[],
  joined: readonly { name: string; type: ColumnType }[],
  table: string,
): OutputColumn[] {
  return IDENTITY_COLUMNS.flatMap(name => {
    const fromReference = joined.find(column => column.name === name)
    const found = fromReference ?? own.find(column => column.name === name)
    if (!found) return []
    return {
      ...PLAIN,
      name,
      type: found.type,
      unit: 'identity',
      doc: `${name} of the listing on that date`,
      formula: fromReference ? 'reference table, point in time' : 'first value by total order',
      inputs: [name],
      from: `by itself: ${fromReference ? 'DATA.reference' : table} has it`,
    }
  })
}

/** Keeps what can be printed: filters were already turned into rows. */
function printable(parameters: Record<string, unknown>): Record<string, unknown> {
  const { attribute_filters: _, market_states: __, output_name_pattern: ___, ...rest } = parameters
  return rest
}
