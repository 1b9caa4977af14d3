import {
  batchOf,
  type Column,
  type ColumnType,
  type GridListing,
  halves,
  Interner,
  type RecordBatch,
} from '../../lib/core/index.js'
import { DayClock } from './day-clock.js'
import type { LaidColumn } from './laid-column.js'
import { laidSpecs } from './laid-rows.js'

/** Rows of listings without bars, up to a fixed number. */
export class EmptyRows {
  count = 0
  private readonly listings: GridListing[] = []
  private readonly owner: Int32Array // of each row: its place in `listings`
  private readonly label: Float64Array
  private readonly mark: Int32Array

  constructor(
    private readonly columns: readonly LaidColumn[],
    private readonly session: boolean,
    capacity: number,
  ) {
    this.owner = new Int32Array(capacity)
    this.label = new Float64Array(capacity)
    this.mark = new Int32Array(capacity)
  }

  /** Says whose rows come next. */
  begin(listing: GridListing): void {
    this.listings.push(listing)
  }

  put(label: number, mark: number): void {
    this.owner[this.count] = this.listings.length - 1
    this.label[this.count] = label
    this.mark[this.count++] = mark
  }

  /** Makes a batch of the rows. Additive columns are 0 where the table has rows of the listing, else null. */
  batch(): RecordBatch {
    const { count, listings, owner, columns, session } = this
    const days = Int32Array.from({ length: count }, (_, k) => listings[owner[k]].day)
    const seen = Uint8Array.from(listings, each => Number(each.seen))
    const made = columns.map(({ name, type, role }): Column => {
      if (role === 'label') return { type: 'ts', values: new DayClock().stamps(this.label, days), valid: null }
      if (name === 'Date') return { type: 'date', values: days, valid: null }
      if (role === 'key' || role === 'attribute') return this.ofListings(name, type)
      const column = nulls(type, count)
      if (role === 'zero') for (let k = 0; k < count; k++) (column.valid as Uint8Array)[k] = seen[owner[k]]
      return column
    })
    if (session) made.push({ type: 'i32', values: this.mark.slice(0, count), valid: null })
    return batchOf(laidSpecs(columns, session), made, count)
  }

  /** Returns what listings have, row by row. */
  private ofListings(name: string, type: Column['type']): Column {
    const { count, listings, owner } = this
    const column = nulls(type, count)
    const valid = column.valid as Uint8Array
    const values = listings.map(each => (name === 'ListingId' ? each.listing : each.attribute(name)))
    for (let k = 0; k < count; k++) valid[k] = values[owner[k]] === null ? 0 : 1
    if (column.type === 'str') {
      const interner = new Interner()
      const codes = Int32Array.from(values, value => interner.code(String(value ?? '')))
      for (let k = 0; k < count; k++) column.values[k] = codes[owner[k]]
      return { ...column, dictionary: interner.snapshot() }
    }
    const numbers = halves(BigInt64Array.from(values, value => BigInt(value ?? 0)))
    const words = halves(column.values as BigInt64Array)
    for (let k = 0; k < count; k++) {
      words[2 * k] = numbers[2 * owner[k]]
      words[2 * k + 1] = numbers[2 * owner[k] + 1]
    }
    return column
  }
}

/** Returns a column of nulls. */
function nulls(type: ColumnType, rows: number): Column {
  const valid = new Uint8Array(rows)
  if (type === 'str') return { type, values: new Int32Array(rows), valid, dictionary: { words: [''] } }
  if (type === 'f64') return { type, values: new Float64Array(rows), valid }
  if (type === 'i64' || type === 'ts') return { type, values: new BigInt64Array(rows), valid }
  return type === 'bool' ? { type, values: new Uint8Array(rows), valid } : { type, values: new Int32Array(rows), valid }
}
