import type { RecordBatch } from 'apache-arrow'
import { type Column, columnOf, type Words } from '../../core/batch.js'
import { BasaltError } from '../../core/error.js'
import { Interner } from '../../core/interner.js'
import type { WrittenColumn } from './shape.js'

type Values = Column['values']

/** Gathers the rows of one column until a row group is full. Words get codes in the order of their first row. */
export class ColumnGatherer {
  values: Values
  valid: Uint8Array | null = null
  interner = new Interner()
  private codes = new WeakMap<Words, Int32Array>()

  constructor(readonly column: WrittenColumn) {
    this.values = new (arrays[column.type] as new (length: number) => Values)(1024)
  }

  /** Appends rows [from, to) of a batch behind the `filled` rows gathered so far. */
  append(batch: RecordBatch, from: number, to: number, filled: number): void {
    const { name, type, nullable } = this.column
    const source = columnOf(batch, name)
    if (source?.type !== type) {
      throw new BasaltError('internal', `a batch brings ${source?.type ?? 'no column'} where ${type} is written`, {
        field: name,
      })
    }
    this.reserve(filled + to - from)
    if (source.type === 'str') this.appendCodes(source.values, source.valid, source.dictionary, from, to, filled)
    else this.values.set(source.values.subarray(from, to) as never, filled)
    if (source.valid) {
      if (!nullable && source.valid.subarray(from, to).includes(0)) {
        throw new BasaltError('internal', 'a null reached a column that has none', { field: name })
      }
      this.valid ??= new Uint8Array(this.values.length).fill(1, 0, filled)
      this.valid.set(source.valid.subarray(from, to), filled)
    } else this.valid?.fill(1, filled, filled + to - from)
  }

  /** Forgets the rows; memory is kept for the next row group. */
  clear(): void {
    this.valid = null
    this.interner = new Interner()
    this.codes = new WeakMap()
  }

  private appendCodes(
    codes: Int32Array,
    valid: Uint8Array | null,
    words: Words,
    from: number,
    to: number,
    at: number,
  ): void {
    // Words are numbered when a row first has them, never ahead: the file must not depend on how batches were cut.
    let table = this.codes.get(words)
    if (!table) {
      table = new Int32Array(words.words.length).fill(-1)
      this.codes.set(words, table)
    }
    for (let i = from; i < to; i++, at++) {
      if (valid && !valid[i]) {
        this.values[at] = 0
        continue
      }
      const code = codes[i]
      if (table[code] < 0) table[code] = this.interner.code(words.words[code])
      this.values[at] = table[code]
    }
  }

  private reserve(rows: number): void {
    if (rows <= this.values.length) return
    const capacity = Math.max(rows, this.values.length * 2)
    const grown = new (this.values.constructor as new (length: number) => Values)(capacity)
    grown.set(this.values as never)
    this.values = grown
    if (this.valid) {
      const bytes = new Uint8Array(capacity)
      bytes.set(this.valid)
      this.valid = bytes
    }
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
