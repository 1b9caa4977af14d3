import { batchOf, type ColumnSpec, columnOf, type RecordBatch } from '../../lib/core/index.js'

const SPECS: ColumnSpec[] = [
  { name: 'Date', type: 'date', nullable: false },
  { name: 'ListingId', type: 'i64', nullable: false },
  { name: 'EventTime', type: 'ts', nullable: false },
  { name: 'Price', type: 'f64' },
  { name: 'Size', type: 'f64' },
]

const DAY = 20_487 // 2026-02-03
const NS_PER_DAY = 86_400_000_000_000n
const SECOND = 1_000_000_000n

/** Makes batch number `k` of a tape: one row a second, two listings in turn, the price is the number of the row. */
export function tradesBatch(k: number, rows = 100): RecordBatch {
  const number = (i: number) => k * rows + i
  return batchOf(
    SPECS,
    [
      { type: 'date', values: new Int32Array(rows).fill(DAY), valid: null },
      { type: 'i64', values: BigInt64Array.from({ length: rows }, (_, i) => BigInt(1 + (number(i) % 2))), valid: null },
      {
        type: 'ts',
        values: BigInt64Array.from(
          { length: rows },
          (_, i) => BigInt(DAY) * NS_PER_DAY + BigInt(number(i) + 1) * SECOND,
        ),
        valid: null,
      },
      { type: 'f64', values: Float64Array.from({ length: rows }, (_, i) => number(i)), valid: null },
      { type: 'f64', values: new Float64Array(rows).fill(10), valid: null },
    ],
    rows,
  )
}

/** Yields `count` batches of the tape. */
export async function* tape(count: number, rows = 100): AsyncGenerator<RecordBatch> {
  for (let k = 0; k < count; k++) yield tradesBatch(k, rows)
}

/** Returns the values of a numeric column over batches. */
export function numbers(batches: readonly RecordBatch[], name: string): number[] {
  return batches.flatMap(batch => Array.from(columnOf(batch, name)?.values ?? [], Number))
}

/** Folds of the tape's aggregate: volume, number of trades, last price, by listing and minute. */
export const AGGREGATE = {
  entity: [
    { name: 'Date', type: 'date' as const },
    { name: 'ListingId', type: 'i64' as const },
  ],
  bucket: 'TimeBucket',
  order: { time: 'EventTime', source: null, number: null },
  rows: { op: 'true' as const },
  attributes: [],
  counters: [],
  refused: [],
}
