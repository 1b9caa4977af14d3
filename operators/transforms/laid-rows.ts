import {
  batchOf,
  type Column,
  type ColumnSpec,
  type ColumnType,
  columnOf,
  halves,
  pick,
  type RecordBatch,
} from '../../lib/core/index.js'
import { DayClock } from './day-clock.js'

/** A column of rows that are laid on a grid, and what it holds in a row without data. */
export interface LaidColumn {
  name: string
  type: ColumnType
  /** key, attribute: what the listing has. label: that of the grid. zero, null: that. */
  role: 'key' | 'attribute' | 'label' | 'zero' | 'null'
}

/** Column of the place of each row among the sessions of its listing; see `dense`. */
export const SESSION = 'Session'

/** Lists the columns of laid rows as specs. */
export const laidSpecs = (columns: readonly LaidColumn[], session: boolean): ColumnSpec[] => [
  ...columns.map(({ name, type }) => ({ name, type })),
  ...(session ? [{ name: SESSION, type: 'i32' as const }] : []),
]

/** Rows on their way out: those of a batch, and empty ones between them. */
export class LaidRows {
  count = 0
  /** Labels of the batch's rows, ns after the midnight of their date. */
  readonly labels: Float64Array
  private readonly days: Int32Array
  private readonly clock = new DayClock()
  private from = new Int32Array(1024) // row of the batch; -1 for an empty one
  private like = new Int32Array(1024) // row of the batch whose listing it is
  private label = new Float64Array(1024)
  private mark = new Int32Array(1024)

  constructor(
    private readonly source: RecordBatch,
    private readonly columns: readonly LaidColumn[],
    private readonly session: boolean,
  ) {
    const name = columns.find(({ role }) => role === 'label')?.name as string
    const stamps = columnOf(source, name) as Column & { type: 'ts' }
    this.days = (columnOf(source, 'Date') as Column & { type: 'date' }).values
    this.labels = this.clock.offsets(stamps.values, this.days)
  }

  /** Puts a row: one of the batch, or (`from` -1) an empty one like row `like`. `mark` is its place among sessions. */
  put(from: number, like: number, label: number, mark: number): void {
    if (this.count === this.from.length) this.grow()
    this.from[this.count] = from
    this.like[this.count] = like
    this.label[this.count] = label
    this.mark[this.count++] = mark
  }

  /** Makes a batch of the rows so far, in memory of its own, and forgets them. */
  batch(): RecordBatch {
    const { count, source, columns, session } = this
    const days = new Int32Array(count)
    pick(this.days, this.like, count, days)
    const made = columns.map(({ name, type, role }): Column => {
      if (role === 'label') return { type: 'ts', values: this.clock.stamps(this.label, days), valid: null }
      const column = columnOf(source, name) ?? nulls(type, source.numRows)
      if (role === 'key' || role === 'attribute') return placed(column, this.like, count, false)
      return placed(column, this.from, count, role === 'zero')
    })
    if (session) made.push({ type: 'i32', values: this.mark.slice(0, count), valid: null })
    this.count = 0
    return batchOf(laidSpecs(columns, session), made, count)
  }

  private grow(): void {
    const size = this.from.length * 2
    const ints = (old: Int32Array) => {
      const grown = new Int32Array(size)
      grown.set(old)
      return grown
    }
    const label = new Float64Array(size)
    label.set(this.label)
    this.label = label
    this.from = ints(this.from)
    this.like = ints(this.like)
    this.mark = ints(this.mark)
  }
}

/** Returns a column of nulls. */
export function nulls(type: ColumnType, rows: number): Column {
  const values = type === 'f64' ? new Float64Array(rows) : is64(type) ? new BigInt64Array(rows) : new Int32Array(rows)
  const valid = new Uint8Array(rows)
  if (type === 'str') return { type, values: values as Int32Array, valid, dictionary: { words: [''] } }
  if (type === 'bool') return { type, values: new Uint8Array(rows), valid }
  return { type, values, valid } as Column
}

const is64 = (type: ColumnType) => type === 'i64' || type === 'ts'

/** Copies rows `from[0..count)` of a column; a row -1 holds 0 or null. */
function placed(column: Column, from: Int32Array, count: number, zero: boolean): Column {
  const Values = column.values.constructor as new (length: number) => typeof column.values
  const values = new Values(count)
  let absent = 0
  for (let k = 0; k < count; k++) if (from[k] < 0) absent++
  if (values instanceof Float64Array) doubles(column.values as Float64Array, from, values)
  else if (values instanceof Int32Array) ints(column.values as Int32Array, from, values)
  else if (values instanceof Uint8Array) bytes(column.values as Uint8Array, from, values)
  else longs(halves(column.values as BigInt64Array), from, halves(values))
  const { valid } = column
  let present: Uint8Array | null = null
  if (valid || (absent > 0 && !zero)) {
    present = new Uint8Array(count)
    const empty = zero ? 1 : 0
    for (let k = 0; k < count; k++) present[k] = from[k] < 0 ? empty : valid ? valid[from[k]] : 1
  }
  return { ...column, values, valid: present, coded: undefined, uniform: undefined } as Column
}

// A loop for each type, as in pick.
function doubles(from: Float64Array, rows: Int32Array, into: Float64Array): void {
  for (let k = 0; k < into.length; k++) if (rows[k] >= 0) into[k] = from[rows[k]]
}

function ints(from: Int32Array, rows: Int32Array, into: Int32Array): void {
  for (let k = 0; k < into.length; k++) if (rows[k] >= 0) into[k] = from[rows[k]]
}

function bytes(from: Uint8Array, rows: Int32Array, into: Uint8Array): void {
  for (let k = 0; k < into.length; k++) if (rows[k] >= 0) into[k] = from[rows[k]]
}

function longs(from: Int32Array, rows: Int32Array, into: Int32Array): void {
  for (let k = 0; 2 * k < into.length; k++) {
    const row = rows[k]
    if (row < 0) continue
    into[2 * k] = from[2 * row]
    into[2 * k + 1] = from[2 * row + 1]
  }
}
