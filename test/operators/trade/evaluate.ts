import {
  type AggregateParameters,
  and,
  batchOf,
  type Column,
  type ColumnSpec,
  type ColumnType,
  columnOf,
  type EntryParameters,
  type Expr,
  Interner,
  isIn,
  type Metric,
  type Offer,
  type RecordBatch,
  Registry,
  substitute,
  TRUE,
} from '../../../lib/core/index.js'
import { aggregate as aggregation } from '../../../lib/fold/index.js'
import * as pack from '../../../operators/index.js'
import { trades } from '../../../operators/tables/trades.js'

export const registry = new Registry().add(pack, 'built-in')

/** One trade: `t` seconds after midnight, `bucket` (0 when left out) of one minute each, and its columns. */
export type Trade = { t?: number; bucket?: number } & Record<string, number | string | null | undefined>

const INTEGERS = new Set(['PreTradeElapsedTimeChg', 'PostTradeElapsedTimeChg', 'PreTradeElapsedTimeChgAtPrimary'])
const MINUTE = 60_000_000_000n

/** What a table of these trades offers. */
export function offerOf(rows: readonly Trade[], settings: Partial<Offer> = {}): Offer {
  const columns = new Set(rows.flatMap(row => Object.keys(row)))
  return {
    has: column => columns.has(column) || trades.always?.includes(column) === true,
    flag: column => isIn(column, ['Y', 'YES', 'T', 'TRUE', '1'], 'upper'),
    config: { annualisation_seconds: 21_772_800 },
    modules: ['trade'],
    bucketSeconds: 60,
    rule: { mode: 'sparse_digitised', width: 60e9, anchor: 'end', closed: 'right', origin: null, zone: 'UTC' },
    closed: 'right',
    sessionEnd: false,
    mixedUnits: 'error',
    ...settings,
  }
}

/** Computes a metric over trades: one value a bucket, null where it is null. */
export async function compute(
  metric: Metric,
  parameters: EntryParameters,
  rows: readonly Trade[],
  settings: Partial<Offer> = {},
): Promise<(number | null)[]> {
  const offer = offerOf(rows, settings)
  const module = registry.get('modules', metric.module)
  const given = new Set(rows.flatMap(row => Object.keys(row)))
  const define = (name: string): Expr | undefined =>
    given.has(name) && !trades.always?.includes(name)
      ? undefined
      : trades.derived[name]?.(has => given.has(has), { mixedUnits: 'error' })
  const resolve = (value: Expr) => substitute(value, define)
  const base = module.where(metric, parameters, offer)
  const uses = Object.entries(metric.uses(parameters, offer))
  const aggregate: AggregateParameters = {
    entity: [
      { name: 'Date', type: 'date' },
      { name: 'ListingId', type: 'str' },
    ],
    bucket: 'TimeBucket',
    rule: {
      mode: 'sparse_digitised',
      width: Number(MINUTE),
      anchor: 'end',
      closed: 'right',
      origin: null,
      zone: 'UTC',
    },
    order: { time: 'EventTime', source: null, number: null },
    rows: TRUE,
    folds: uses.map(([, { kernel, inputs, where, parameters }]) => ({
      kernel,
      inputs: inputs.map(resolve),
      where: resolve(and(base, where ?? TRUE)),
      ...(parameters && { parameters }),
    })),
    attributes: [],
    counters: [],
    refused: [],
  }
  const derive = {
    keep: ['TimeBucket'],
    columns: [
      {
        name: 'value',
        type: metric.value ? 'f64' : resultOf(uses[0][1].kernel),
        metric: metric.id,
        parameters,
        folds: Object.fromEntries(uses.map(([name], i) => [name, i])),
        zero: metric.empty === 'zero',
      },
    ],
  }
  const context = { registry, where: {} }
  const groups = aggregation.run(once(batchOfTrades(rows)), aggregate, context)
  const values: (number | null)[] = []
  for await (const batch of pack.derive.run(groups, derive, context)) {
    const column = columnOf(batch, 'value') as Column
    for (let i = 0; i < batch.numRows; i++) {
      values.push(column.valid && !column.valid[i] ? null : Number(column.values[i]))
    }
  }
  return values
}

function resultOf(name: string): ColumnType {
  const kernel = registry.get('kernels', name)
  return kernel.kind === 'kernel' ? kernel.result : 'f64'
}

async function* once(batch: RecordBatch): AsyncGenerator<RecordBatch> {
  yield batch
}

/** Lays trades out as a batch: text as codes, elapsed times as integers, everything else as doubles. */
function batchOfTrades(rows: readonly Trade[]): RecordBatch {
  const specs: ColumnSpec[] = []
  const columns: Column[] = []
  const put = (name: string, column: Column) => {
    specs.push({ name, type: column.type })
    columns.push(column)
  }
  const at = (row: Trade, i: number) => BigInt(Math.round((row.t ?? i + 1) * 1e9)) + BigInt(row.bucket ?? 0) * MINUTE
  put('Date', { type: 'date', values: new Int32Array(rows.length), valid: null })
  put('ListingId', textColumn(rows.map(() => 'X')))
  put('EventTime', { type: 'ts', values: BigInt64Array.from(rows, at), valid: null })
  put('TimeBucket', { type: 'ts', values: BigInt64Array.from(rows, (row, i) => labelOf(at(row, i))), valid: null })
  for (const name of new Set(rows.flatMap(row => Object.keys(row)))) {
    if (name === 't' || name === 'bucket') continue
    const values = rows.map(row => row[name] ?? null)
    if (values.some(value => typeof value === 'string')) put(name, textColumn(values as (string | null)[]))
    else if (INTEGERS.has(name)) put(name, integerColumn(values as (number | null)[]))
    else
      put(name, { type: 'f64', values: Float64Array.from(values, value => Number(value ?? Number.NaN)), valid: null })
  }
  return batchOf(specs, columns, rows.length)
}

const labelOf = (ns: bigint) => ((ns + MINUTE - 1n) / MINUTE) * MINUTE

function textColumn(words: (string | null)[]): Column {
  const interner = new Interner()
  const values = Int32Array.from(words, word => (word === null ? 0 : interner.code(word)))
  return {
    type: 'str',
    values,
    valid: Uint8Array.from(words, word => (word === null ? 0 : 1)),
    dictionary: interner.snapshot(),
  }
}

function integerColumn(numbers: (number | null)[]): Column {
  return {
    type: 'i64',
    values: BigInt64Array.from(numbers, value => BigInt(value ?? 0)),
    valid: Uint8Array.from(numbers, value => (value === null ? 0 : 1)),
  }
}

/** Five trades that most worked examples share: three sides, one auction, one block, one retail. */
export const BLOCK: Trade[] = [
  { Price: 100, Size: 10, AggressorSide: 1, Classification: 'LIT_CONTINUOUS', PricePoint: 1 },
  { Price: 101, Size: 20, AggressorSide: 2, Classification: 'LIT_CONTINUOUS', PricePoint: 0 },
  { Price: 99, Size: 30, AggressorSide: 1, Classification: 'LIT_CONTINUOUS', PricePoint: 1 },
  { Price: 102, Size: 40, AggressorSide: 0, Classification: 'LIT_AUCTION' },
  { Price: 100.5, Size: 5, AggressorSide: 2, Classification: 'LIT_CONTINUOUS', PricePoint: 1, IsBlock: 'Y' },
].map(row => ({ ...row, TradeNotionalEUR: row.Price * row.Size }))

/** Adds the same columns to every trade. */
export const withColumns = (rows: readonly Trade[], columns: Trade): Trade[] =>
  rows.map(row => ({ ...row, ...columns }))

/** Tells whether two values agree to a relative 1e-12, or are both null. */
export function near(a: number | null, b: number | null, tolerance = 1e-12): boolean {
  if (a === null || b === null) return a === b
  return Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b))
}
