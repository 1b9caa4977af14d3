import type { RecordBatch } from 'apache-arrow'
import { type Column, columnOf, type Words } from '../../../core/batch.js'
import { BasaltError } from '../../../core/error.js'
import { Interner } from '../../../core/interner.js'
import { GrowingArray, type Kind } from './growing.js'
import type { WrittenColumn } from './shape.js'

type Values = Column['values']

/** Rows of a column, as they are gathered: values, and which of them are there. */
interface Gathered {
  values: GrowingArray<Values>
  valid: GrowingArray<Uint8Array> | undefined
}

/**
 * Gathers the rows of one column until a row group is full. Words get codes in the order of their first row. With
 * `shared`, rows lie in memory that other threads can read: one row group can be lent to them while the next one fills.
 */
export class ColumnGatherer {
  private filling: Gathered
  private lent: Gathered | undefined
  private nulls = false // among the rows
  private rows = 0
  private interner = new Interner()
  private codes = new WeakMap<Words, Int32Array>()

  constructor(
    readonly column: WrittenColumn,
    /** Rows of a full row group. */
    private readonly most: number,
    private readonly shared = false,
  ) {
    this.filling = this.arrays()
  }

  /** Returns the column's values in a batch. Another type, or a null where none may be, is an `internal` fault. */
  sourceOf(batch: RecordBatch): Column {
    const { name, type, nullable } = this.column
    const source = columnOf(batch, name)
    if (source?.type !== type) {
      throw new BasaltError('internal', `a batch brings ${source?.type ?? 'no column'} where ${type} is written`, {
        field: name,
      })
    }
    if (!nullable && source.valid?.includes(0)) {
      throw new BasaltError('internal', 'a null reached a column that has none', { field: name })
    }
    return source
  }

  /** Appends rows [from, to) of a source. */
  append(source: Column, from: number, to: number): void {
    const { filling, rows } = this
    const end = rows + to - from
    filling.values.reserve(end)
    const values =
      source.type === 'str'
        ? this.codesOf(source.values, source.valid, source.dictionary, from, to)
        : source.values.subarray(from, to)
    filling.values.values.set(values as never, rows)
    this.appendValid(source.valid?.subarray(from, to), end)
    this.rows = end
  }

  /** Returns the rows so far; their memory is the gatherer's until `forget`. */
  gathered(): Column {
    const { rows, interner, filling } = this
    const { type } = this.column
    const valid = this.nulls ? filling.valid?.values.subarray(0, rows) : null
    const column = { type, values: filling.values.values.subarray(0, rows), valid }
    return (type === 'str' ? { ...column, dictionary: { words: interner.words } } : column) as Column
  }

  /** Forgets the rows. Their memory is used again. */
  forget(): void {
    this.nulls = false
    this.rows = 0
    this.interner = new Interner()
    this.codes = new WeakMap()
  }

  /** Returns the rows and forgets them. Their memory is not written until rows are lent again. */
  lend(): Column {
    const rows = this.gathered()
    const { filling } = this
    this.filling = this.lent ?? this.arrays()
    this.lent = filling
    this.forget()
    return rows
  }

  /** Leaves all memory to others; what was lent must not be read any more. */
  letGo(): void {
    for (const { values, valid } of this.lent ? [this.filling, this.lent] : [this.filling]) {
      values.letGo()
      valid?.letGo()
    }
  }

  private appendValid(valid: Uint8Array | undefined, end: number): void {
    if (!valid && !this.nulls) return
    const { filling, most, shared, rows } = this
    filling.valid ??= new GrowingArray(Uint8Array, most, shared)
    filling.valid.reserve(end)
    const into = filling.valid.values
    if (!this.nulls) into.fill(1, 0, rows)
    if (valid) into.set(valid, rows)
    else into.fill(1, rows, end)
    this.nulls = true
  }

  private codesOf(codes: Int32Array, valid: Uint8Array | null, words: Words, from: number, to: number): Int32Array {
    // Words are numbered when a row first has them, never ahead: the file must not depend on how batches were cut.
    let table = this.codes.get(words)
    if (!table) {
      table = new Int32Array(words.words.length).fill(-1)
      this.codes.set(words, table)
    }
    // Not where they are gathered: elements of memory that can grow are six times as slow to write one by one.
    if (own.length < to - from) own = new Int32Array(to - from)
    for (let i = from, at = 0; i < to; i++, at++) {
      if (valid !== null && valid[i] === 0) {
        own[at] = 0
        continue
      }
      const code = codes[i]
      let known = table[code]
      if (known < 0) known = table[code] = this.interner.code(words.words[code])
      own[at] = known
    }
    return own.subarray(0, to - from)
  }

  private arrays(): Gathered {
    const kind = arrays[this.column.type] as Kind<Values>
    return { values: new GrowingArray<Values>(kind, this.most, this.shared), valid: undefined }
  }
}

let own = new Int32Array(0) // codes of a batch, for one column after the other

const arrays = {
  f64: Float64Array,
  i64: BigInt64Array,
  ts: BigInt64Array,
  i32: Int32Array,
  date: Int32Array,
  str: Int32Array,
  bool: Uint8Array,
} as const
