import { readFileSync } from 'node:fs'
import {
  and,
  BasaltError,
  type ColumnBinding,
  type Expr,
  ge,
  isIn,
  type Listing,
  listingOf,
  lt,
  or,
  TRUE,
} from '../core/index.js'
import type { Term } from '../plan/index.js'
import type { ReferenceTable } from './lookup.js'

/**
 * Returns the rows of a universe on a day. `listing` and `file` name listings; any other term is a column of the
 * reference table, point in time, or else of the table itself. Names match whatever their case.
 */
export function universeRows(
  terms: readonly Term[],
  day: number | null,
  reference: ReferenceTable | undefined,
  bindings: readonly ColumnBinding[],
): Expr {
  return and(...terms.map(term => termRows(term, day, reference, bindings)))
}

function termRows(
  { name, values }: Term,
  day: number | null,
  reference: ReferenceTable | undefined,
  bindings: readonly ColumnBinding[],
): Expr {
  if (name === 'listing') return isIn('ListingId', values)
  if (name === 'file') return isIn('ListingId', values.flatMap(listingsOf))
  const inReference = reference?.names().find(column => column.toLowerCase() === name.toLowerCase())
  if (reference && inReference) {
    if (day !== null) return isIn('ListingId', listingsWith(reference, inReference, values, day))
    return listingsByDate(reference, inReference, values)
  }
  const own = bindings.find(binding => binding.name.toLowerCase() === name.toLowerCase())
  if (own) return isIn(own.name, values, own.type === 'str' ? 'upper' : undefined)
  throw new BasaltError(
    'config',
    `UNIVERSE: no column '${name}' in the reference table${reference ? '' : ', which is not loaded'}`,
  )
}

/** Where no path states the date, each row is judged on its own: one condition for each span without a change. */
function listingsByDate(reference: ReferenceTable, column: string, values: string[]): Expr {
  const spans: { from: number; listings: string[] }[] = []
  for (const from of [-Infinity, ...reference.changes()]) {
    const listings = listingsWith(reference, column, values, from)
    if (spans.at(-1)?.listings.join() !== listings.join()) spans.push({ from, listings })
  }
  return or(
    ...spans.map(({ from, listings }, i) => {
      const since = Number.isFinite(from) ? ge('Date', from) : TRUE
      const until = i + 1 < spans.length ? lt('Date', spans[i + 1].from) : TRUE
      return and(since, until, isIn('ListingId', listings))
    }),
  )
}

/**
 * Lists the listings of the reference table that belong to a universe on a day. None where the universe names a column
 * that only rows have: nobody knows then which other listings belong to it.
 */
export function referenceListings({
  universe,
  day,
  reference,
  numeric,
}: {
  universe: readonly Term[]
  day: number
  reference: ReferenceTable | undefined
  numeric: boolean
}): Listing[] {
  if (!reference) return []
  let listings = reference.listings.filter(listing => reference.find(listing, day) >= 0)
  for (const { name, values } of universe) {
    const column = reference.names().find(each => each.toLowerCase() === name.toLowerCase())
    const named = name === 'listing' ? values : name === 'file' ? values.flatMap(listingsOf) : undefined
    if (!named && !column) return []
    const wanted = new Set(named ?? listingsWith(reference, column as string, values, day))
    listings = listings.filter(listing => wanted.has(listing))
  }
  return listings.map(listing => listingOf(listing, numeric))
}

function listingsWith(reference: ReferenceTable, column: string, values: string[], day: number): string[] {
  const wanted = new Set(values.map(value => value.toLowerCase()))
  return reference.listings.filter(listing => {
    const row = reference.find(listing, day)
    const value = row < 0 ? null : reference.text(column, row)
    return value !== null && wanted.has(value.toLowerCase())
  })
}

/** Reads listing ids from a text or CSV file: the first field of each line; a heading ListingId is skipped. */
export function listingsOf(path: string): string[] {
  try {
    const lines = readFileSync(path, 'utf8').split(/\r?\n/)
    return lines.map(firstField).filter(id => id !== '' && id !== 'ListingId')
  } catch (error) {
    throw new BasaltError(
      'config',
      `the list of listings cannot be read: ${(error as Error).message}`,
      { file: path },
      error,
    )
  }
}

/** Returns the first field of a line, without the quotes that spreadsheets and writers of CSV put around text. */
function firstField(line: string): string {
  const text = line.trim()
  const quoted = /^"((?:[^"]|"")*)"/.exec(text)
  return quoted ? quoted[1].replaceAll('""', '"').trim() : text.split(',')[0].trim()
}
