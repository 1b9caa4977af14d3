import {
  BasaltError,
  batchOf,
  type Column,
  columnOf,
  dayText,
  type Lookup,
  operator,
  type RecordBatch,
} from '../../lib/core/index.js'
import { columnsOfBatch, rowsOf } from './columns.js'

export interface ReferenceParameters {
  /** Columns to add, from the reference table. */
  columns: string[]
  /** What to do with a listing that the table does not know on that date. */
  onUnmapped: 'keep' | 'drop' | 'error'
}

/**
 * Joins attributes of the listing, point in time: the values that hold on the row's Date (semantics 1.5). A listing
 * that is unknown on that date has null attributes, or is dropped, or ends the unit.
 */
export const reference = operator<ReferenceParameters>({
  name: 'reference',
  doc: 'joins reference columns to (Date, ListingId), point in time',
  async *run(input, { columns, onUnmapped }, { reference: lookup }) {
    if (!lookup) throw new BasaltError('internal', 'no reference table is loaded')
    for await (const batch of input) yield join(batch, columns, onUnmapped, lookup)
  },
})

function join(
  batch: RecordBatch,
  names: string[],
  onUnmapped: ReferenceParameters['onUnmapped'],
  lookup: Lookup,
): RecordBatch {
  const dates = columnOf(batch, 'Date') as Column & { type: 'date' }
  const listings = columnOf(batch, 'ListingId') as Column
  const rows = new Int32Array(batch.numRows)
  let last: { day: number; listing: unknown; row: number } | undefined
  for (let i = 0; i < rows.length; i++) {
    const listing = listings.valid && !listings.valid[i] ? null : listings.values[i]
    const known = last !== undefined && last.day === dates.values[i] && last.listing === listing
    if (!known) {
      const key = listing === null ? null : text(listings, i)
      last = { day: dates.values[i], listing, row: key === null ? -1 : lookup.find(key, dates.values[i]) }
      if (last.row < 0) {
        lookup.unmapped.add(`${dayText(last.day)} ${key}`)
        if (onUnmapped === 'error') {
          throw new BasaltError('data', `listing ${key} has no row in the reference table on ${dayText(last.day)}`, {
            field: 'ListingId',
          })
        }
      }
    }
    rows[i] = (last as { row: number }).row
  }
  const joined = withColumns(batch, names, rows, lookup)
  if (onUnmapped !== 'drop' || !rows.includes(-1)) return joined
  const kept = new Int32Array(rows.length).map((_, i) => i).filter(i => rows[i] >= 0)
  return rowsOf(joined, kept, kept.length)
}

function text(column: Column, row: number): string {
  return column.type === 'str' ? column.dictionary.words[column.values[row]] : String(column.values[row])
}

function withColumns(batch: RecordBatch, names: string[], rows: Int32Array, lookup: Lookup): RecordBatch {
  const { specs, columns } = columnsOfBatch(batch)
  for (const name of names) {
    const source = lookup.column(name)
    const Values = source.values.constructor as new (length: number) => typeof source.values
    const values = new Values(rows.length)
    const valid = new Uint8Array(rows.length)
    for (let i = 0; i < rows.length; i++) {
      if (rows[i] < 0 || (source.valid && !source.valid[rows[i]])) continue
      values[i] = source.values[rows[i]]
      valid[i] = 1
    }
    specs.push({ name, type: source.type })
    columns.push({ ...source, values, valid } as Column)
  }
  return batchOf(specs, columns, batch.numRows)
}
