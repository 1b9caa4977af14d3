import type { RecordBatch } from 'apache-arrow'
import { type Column, columnOf, type Words } from '../../../core/batch.js'
import { discard } from '../../../core/discard.js'
import { BasaltError } from '../../../core/error.js'
import { Interner } from '../../../core/interner.js'
import type { WrittenColumn } from './shape.js'

type Values = Column['values']

/** Gathers the rows of one column until a row group is full. Words get codes in the order of their first row. */
export class ColumnGatherer {
  private values: Values
  private spare: Values | undefined
  private valid: Uint8Array | null = null
  private rows = 0
  private interner = new Interner()
  private codes = new WeakMap<Words, Int32Array>()

  constructor(
    readonly column: WrittenColumn,
    /** Rows of a full row group. */
    private readonly most: number,
  ) {
    this.values = this.arrayOf(Math.min(most, 1024))
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
    const end = this.rows + to - from
    this.reserve(end)
    if (source.type === 'str') this.appendCodes(source.values, source.valid, source.dictionary, from, to)
    else this.values.set(source.values.subarray(from, to) as never, this.rows)
    if (source.valid) {
      this.valid ??= new Uint8Array(this.values.length).fill(1, 0, this.rows)
      this.valid.set(source.valid.subarray(from, to), this.rows)
    } else this.valid?.fill(1, this.rows, end)
    this.rows = end
  }

  /** Returns the rows so far; their memory is the gatherer's until `forget`. */
  gathered(): Column {
    const { rows, interner } = this
    const { type } = this.column
    const column = { type, values: this.values.subarray(0, rows), valid: this.valid?.subarray(0, rows) ?? null }
    return (type === 'str' ? { ...column, dictionary: { words: interner.words } } : column) as Column
  }

  /** Forgets the rows. Their memory is used again, unless it was given away. */
  forget(givenAway: boolean): void {
    if (givenAway) this.values = this.spare ?? this.arrayOf(this.values.length)
    if (givenAway) this.spare = undefined
    this.valid = null
    this.rows = 0
    this.interner = new Interner()
    this.codes = new WeakMap()
  }

  /** Takes memory back that was given away, for rows to come. */
  reuse(buffer: ArrayBuffer): void {
    this.spare = new (arrays[this.column.type] as new (buffer: ArrayBuffer) => Values)(buffer)
  }

  private appendCodes(codes: Int32Array, valid: Uint8Array | null, words: Words, from: number, to: number): void {
    // Words are numbered when a row first has them, never ahead: the file must not depend on how batches were cut.
    let table = this.codes.get(words)
    if (!table) {
      table = new Int32Array(words.words.length).fill(-1)
      this.codes.set(words, table)
    }
    const into = this.values as Int32Array
    for (let i = from, at = this.rows; i < to; i++, at++) {
      if (valid !== null && valid[i] === 0) {
        into[at] = 0
        continue
      }
      const code = codes[i]
      let own = table[code]
      if (own < 0) own = table[code] = this.interner.code(words.words[code])
      into[at] = own
    }
  }

  private reserve(rows: number): void {
    if (rows <= this.values.length) return
    // Steps of eight: each copies what there is, and memory that no row touches costs nothing.
    const capacity = Math.max(rows, Math.min(this.most, this.values.length * 8))
    const grown = this.arrayOf(capacity)
    grown.set(this.values as never)
    const old = [this.values, this.valid]
    this.values = grown
    if (this.valid) {
      const bytes = new Uint8Array(capacity)
      bytes.set(this.valid)
      this.valid = bytes
    }
    discard(old)
  }

  private arrayOf(length: number): Values {
    return new (arrays[this.column.type] as new (length: number) => Values)(length)
  }
}

const arrays = {
  f64: Float64Array,
  i64: BigInt64Array,
  ts: BigInt64Array,
  i32: Int32Array,
  date: Int32Array,
  str: Int32Array,
  bool: Uint8Array,
} as const
