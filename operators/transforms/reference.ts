import {
  BasaltError,
  type Column,
  dayText,
  type Frame,
  frameColumn,
  type Lookup,
  rowOperator,
  takeFound,
} from '../../lib/core/index.js'

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
export const reference = rowOperator<ReferenceParameters>({
  name: 'reference',
  doc: 'joins reference columns to (Date, ListingId), point in time',
  rows: ({ columns, onUnmapped }, { reference: lookup }) => {
    if (!lookup) throw new BasaltError('internal', 'no reference table is loaded')
    return chunk => {
      const rows = rowsOfListings(
        { date: chunk.required('Date'), listing: chunk.required('ListingId'), rows: chunk.rows },
        row => chunk.holds(row),
        onUnmapped,
        lookup,
      )
      if (onUnmapped === 'drop' && rows.includes(-1)) chunk.keep(Uint8Array.from(rows, row => (row < 0 ? 0 : 1)))
      return columns.map(name => {
        const source = lookup.column(name)
        chunk.set(name, takeFound(source, rows))
        return { name, type: source.type }
      })
    }
  },
})

/** Returns the same columns for the rows of a frame; where unknown listings are dropped, which rows stay. */
export function joinReference(
  frame: Frame,
  { columns, onUnmapped }: ReferenceParameters,
  lookup: Lookup | undefined,
): { columns: Map<string, Column>; dropped: { kept: Int32Array; count: number } | null } {
  if (!lookup) throw new BasaltError('internal', 'no reference table is loaded')
  const keys = { date: frameColumn(frame, 'Date'), listing: frameColumn(frame, 'ListingId'), rows: frame.rows }
  const rows = rowsOfListings(keys, () => true, onUnmapped, lookup)
  const kept = Int32Array.from(rows.keys()).filter(row => rows[row] >= 0)
  return {
    columns: new Map(columns.map(name => [name, takeFound(lookup.column(name), rows)])),
    dropped: onUnmapped === 'drop' && kept.length < rows.length ? { kept, count: kept.length } : null,
  }
}

/** Finds each row's place in the reference table, -1 where there is none. */
function rowsOfListings(
  keys: { date: Column; listing: Column; rows: number },
  holds: (row: number) => boolean,
  onUnmapped: ReferenceParameters['onUnmapped'],
  lookup: Lookup,
): Int32Array {
  const dates = keys.date as Column & { type: 'date' }
  const listings = keys.listing
  const rows = new Int32Array(keys.rows)
  let last: { day: number; listing: unknown; row: number } | undefined
  for (let i = 0; i < rows.length; i++) {
    if (!holds(i)) continue
    // Rows of several dates, as a bucket over midnight may be of, have none to go by.
    const dated = !dates.valid || dates.valid[i]
    const listing = (listings.valid && !listings.valid[i]) || !dated ? null : listings.values[i]
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
  return rows
}

function text(column: Column, row: number): string {
  return column.type === 'str' ? column.dictionary.words[column.values[row]] : String(column.values[row])
}
