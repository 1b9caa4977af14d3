import type { Column, ColumnSpec, ColumnType } from './batch.js'
import { translated } from './group-index.js'
import { Interner } from './interner.js'
import { pick, pickAscending } from './pick.js'

type Values = Float64Array | BigInt64Array | Int32Array | Uint8Array

const MAKE: Record<ColumnType, (capacity: number) => Values> = {
  f64: n => new Float64Array(n),
  i64: n => new BigInt64Array(n),
  ts: n => new BigInt64Array(n),
  i32: n => new Int32Array(n),
  date: n => new Int32Array(n),
  str: n => new Int32Array(n),
  bool: n => new Uint8Array(n),
}

/** A column that rows are appended to; it keeps values, nulls and, for text, one dictionary of its own. */
export class GrowingColumn {
  readonly interner = new Interner()
  length = 0
  private values: Values
  private valid: Uint8Array | null = null

  constructor(
    readonly spec: ColumnSpec,
    capacity = 1024,
  ) {
    this.values = MAKE[spec.type](capacity)
  }

  /** Appends rows `index[0..count)` of a column of the same type; `copy` may know more of the rows. */
  append(column: Column, index: Int32Array, count: number, copy = pick): void {
    this.reserve(this.length + count)
    const from = column.type === 'str' ? translated(column.values, column.dictionary, this.interner) : column.values
    copy(from, index, count, this.values, this.length)
    if (column.valid || this.valid) this.markNulls(column.valid, index, count)
    this.length += count
  }

  /** Appends rows `index[0..count)`, ascending, of numbers as they are, without nulls. */
  appendValues(from: Float64Array | Int32Array, index: Int32Array, count: number): void {
    this.reserve(this.length + count)
    pickAscending(from, index, count, this.values, this.length)
    this.length += count
  }

  /** Keeps rows `index[0..count)`, ascending, and forgets the others; nothing that was viewed stays as it was. */
  keep(index: Int32Array, count: number): void {
    if (this.length === 0) return
    pickAscending(this.values, index, count, this.values)
    if (this.valid) pickAscending(this.valid, index, count, this.valid)
    this.length = count
  }

  private markNulls(from: Uint8Array | null, index: Int32Array, count: number): void {
    this.valid ??= new Uint8Array(this.values.length).fill(1, 0, this.length)
    for (let k = 0; k < count; k++) this.valid[this.length + k] = from ? from[index[k]] : 1
  }

  private reserve(length: number): void {
    if (length <= this.values.length) return
    const capacity = Math.max(length, this.values.length * 2)
    const values = MAKE[this.spec.type](capacity)
    // biome-ignore lint/suspicious/noExplicitAny: the same array type on both sides.
    values.set(this.values as any)
    this.values = values
    if (this.valid) {
      const valid = new Uint8Array(capacity)
      valid.set(this.valid)
      this.valid = valid
    }
  }

  /** Returns what was appended so far, without a copy. */
  view(): Column {
    const values = this.values.subarray(0, this.length)
    const valid = this.valid?.subarray(0, this.length) ?? null
    return {
      type: this.spec.type,
      values,
      valid,
      ...(this.spec.type === 'str' && { dictionary: this.interner.snapshot() }),
    } as Column
  }
}
