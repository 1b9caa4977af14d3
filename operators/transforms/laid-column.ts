import { type Column, type ColumnType, halves, Interner, type Words } from '../../lib/core/index.js'

/** A column of rows that are laid on a grid, and what it holds in a row without data. */
export interface LaidColumn {
  name: string
  type: ColumnType
  /** key, attribute: what the listing has. label: that of the grid. zero, null: that. */
  role: 'key' | 'attribute' | 'label' | 'zero' | 'null'
}

/** Rows of a source, by place: `from` says which, -1 for one without data. */
export interface Places {
  from: Int32Array
  count: number
  /** 1 where a row has data; null where all have. */
  present: Uint8Array | null
}

type Values = Float64Array | BigInt64Array | Int32Array | Uint8Array

const MANY_WORDS = 4096 // a dictionary that is longer is begun anew with the next batch

/** A column that rows of one source after another are copied to, up to a fixed number; then it is begun anew. */
export class ColumnBuilder {
  private values: Values
  private valid: Uint8Array | null = null
  private words = new Interner()
  private table: { of: Words; codes: Int32Array } | undefined

  constructor(
    private readonly type: ColumnType,
    private readonly zero: boolean,
    private readonly capacity: number,
  ) {
    this.values = valuesOf(type, capacity)
  }

  /** Copies rows of a column behind the `at` that are there; without a column they are null. */
  add(column: Column | null, { from, count, present }: Places, at: number): void {
    if (!column) {
      this.nulls(at).fill(0, at, at + count)
      return
    }
    const { values, zero } = this
    if (column.type === 'str')
      recode(column.values, this.codesOf(column.dictionary), from, count, values as Int32Array, at)
    else if (values instanceof Float64Array) doubles(column.values as Float64Array, from, count, values, at)
    else if (values instanceof Int32Array) ints(column.values as Int32Array, from, count, values, at)
    else if (values instanceof Uint8Array) bytes(column.values as Uint8Array, from, count, values, at)
    else longs(halves(column.values as BigInt64Array), from, count, halves(values), at)
    if (column.valid) validity(column.valid, from, count, this.nulls(at), at, zero ? 1 : 0)
    else if (present && !zero) this.nulls(at).set(present.subarray(0, count), at)
    else this.valid?.fill(1, at, at + count)
  }

  /** Copies stamps behind the `at` that are there. */
  addStamps(stamps: BigInt64Array, at: number): void {
    ;(this.values as BigInt64Array).set(stamps, at)
  }

  /** Returns the first `count` rows, and begins anew. */
  take(count: number): Column {
    const { type, values, valid } = this
    const whole = values.length === count
    const column = {
      type,
      values: whole ? values : values.slice(0, count),
      valid: valid && (whole ? valid : valid.slice(0, count)),
      ...(type === 'str' && { dictionary: this.dictionary() }),
    } as Column
    this.values = valuesOf(type, this.capacity)
    this.valid = null
    return column
  }

  private dictionary(): Words {
    if (this.words.words.length === 0) this.words.code('')
    const words = this.words.snapshot()
    if (words.words.length > MANY_WORDS) {
      this.words = new Interner()
      this.table = undefined
    }
    return words
  }

  private codesOf(dictionary: Words): Int32Array {
    if (this.table?.of !== dictionary) this.table = { of: dictionary, codes: this.words.translate(dictionary) }
    return this.table.codes
  }

  private nulls(at: number): Uint8Array {
    this.valid ??= new Uint8Array(this.capacity).fill(1, 0, at)
    return this.valid
  }
}

function valuesOf(type: ColumnType, length: number): Values {
  if (type === 'f64') return new Float64Array(length)
  if (type === 'i64' || type === 'ts') return new BigInt64Array(length)
  return type === 'bool' ? new Uint8Array(length) : new Int32Array(length)
}

// A loop for each type, as in pick: one over several is compiled for none of them. What is not copied is 0.
function doubles(values: Float64Array, from: Int32Array, count: number, into: Float64Array, at: number): void {
  for (let k = 0; k < count; k++) {
    const row = from[k]
    if (row >= 0) into[at + k] = values[row]
  }
}

function ints(values: Int32Array, from: Int32Array, count: number, into: Int32Array, at: number): void {
  for (let k = 0; k < count; k++) {
    const row = from[k]
    if (row >= 0) into[at + k] = values[row]
  }
}

function bytes(values: Uint8Array, from: Int32Array, count: number, into: Uint8Array, at: number): void {
  for (let k = 0; k < count; k++) {
    const row = from[k]
    if (row >= 0) into[at + k] = values[row]
  }
}

function longs(values: Int32Array, from: Int32Array, count: number, into: Int32Array, at: number): void {
  for (let k = 0; k < count; k++) {
    const row = from[k]
    if (row < 0) continue
    into[2 * (at + k)] = values[2 * row]
    into[2 * (at + k) + 1] = values[2 * row + 1]
  }
}

/** Copies codes as those of another dictionary; null rows may hold any code. */
function recode(
  codes: Int32Array,
  table: Int32Array,
  from: Int32Array,
  count: number,
  into: Int32Array,
  at: number,
): void {
  for (let k = 0; k < count; k++) {
    const row = from[k]
    if (row >= 0) into[at + k] = table[codes[row]] ?? 0
  }
}

function validity(
  valid: Uint8Array,
  from: Int32Array,
  count: number,
  into: Uint8Array,
  at: number,
  empty: number,
): void {
  for (let k = 0; k < count; k++) into[at + k] = from[k] < 0 ? empty : valid[from[k]]
}
