import { type Column, columnOf, type RecordBatch } from '../core/index.js'
import type { PassChecks } from './pass-checks.js'

/** Least and greatest value of a column; undefined while every value is null. 64-bit integers are exact. */
export interface Extremes {
  least: number | bigint | undefined
  greatest: number | bigint | undefined
}

/**
 * What checks need to know of a result, gathered batch by batch: rows, nulls of every column, extremes of those that
 * have a range. Nothing of a batch is kept, and the order of batches does not matter.
 */
export class ResultFacts {
  rows = 0
  /** Nulls by column. */
  readonly nulls = new Map<string, number>()
  /** By column that has a range. */
  readonly extremes = new Map<string, Extremes>()

  constructor(private readonly checks: Pick<PassChecks, 'columns' | 'quality'>) {
    for (const name of checks.columns) this.nulls.set(name, 0)
    for (const { column } of checks.quality?.ranges ?? [])
      this.extremes.set(column, { least: undefined, greatest: undefined })
  }

  /** Counts the rows of a batch. Columns that no check knows are passed over. */
  add(batch: RecordBatch): void {
    this.rows += batch.numRows
    for (const [i, { name }] of batch.schema.fields.entries()) {
      const nulls = this.nulls.get(name)
      if (nulls !== undefined) this.nulls.set(name, nulls + (batch.getChildAt(i)?.nullCount ?? 0))
    }
    for (const [name, known] of this.extremes) {
      const column = columnOf(batch, name)
      if (column) widen(known, extremesOf(column))
    }
  }

  /** Joins what was gathered of other rows. */
  merge(other: ResultFacts): void {
    this.rows += other.rows
    for (const [name, nulls] of other.nulls) this.nulls.set(name, (this.nulls.get(name) ?? 0) + nulls)
    for (const [name, extremes] of other.extremes) widen(this.extremes.get(name) as Extremes, extremes)
  }

  /** Makes facts of no rows for the same checks. */
  empty(): ResultFacts {
    return new ResultFacts(this.checks)
  }
}

function widen(known: Extremes, { least, greatest }: Extremes): void {
  if (least !== undefined && (known.least === undefined || least < known.least)) known.least = least
  if (greatest !== undefined && (known.greatest === undefined || greatest > known.greatest)) known.greatest = greatest
}

/** Finds the extremes of a numeric column: f64, i32 or i64. */
export function extremesOf({ values, valid }: Column): Extremes {
  if (values instanceof BigInt64Array) return extremesOfIntegers(values, valid)
  let least = Infinity
  let greatest = -Infinity
  for (let i = 0; i < values.length; i++) {
    if (valid && !valid[i]) continue
    const value = values[i]
    if (value < least) least = value
    if (value > greatest) greatest = value
  }
  return least > greatest ? { least: undefined, greatest: undefined } : { least, greatest }
}

/** A BigInt a row would cost more than all else here: halves are compared, the high ones with their sign. */
function extremesOfIntegers(values: BigInt64Array, valid: Uint8Array | null): Extremes {
  const halves = new Int32Array(values.buffer, values.byteOffset, values.length * 2)
  let least = -1
  let greatest = -1
  for (let i = 0; i < values.length; i++) {
    if (valid && !valid[i]) continue
    if (least < 0 || isBelow(halves, i, least)) least = i
    if (greatest < 0 || isBelow(halves, greatest, i)) greatest = i
  }
  return least < 0 ? { least: undefined, greatest: undefined } : { least: values[least], greatest: values[greatest] }
}

function isBelow(halves: Int32Array, a: number, b: number): boolean {
  const [high, other] = [halves[2 * a + 1], halves[2 * b + 1]]
  return high !== other ? high < other : halves[2 * a] >>> 0 < halves[2 * b] >>> 0
}
