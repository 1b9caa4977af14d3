import type { Column } from './batch.js'
import type { Span } from './fold.js'
import { compareBytes } from './rank.js'

/** A listing as it is compared: an integer id, or text. */
export type Listing = bigint | string

/** Reads a listing that travels as text. */
export const listingOf = (text: string, numeric: boolean): Listing => (numeric ? BigInt(text) : text)

/** Returns the listing of a row, null where it has none. */
export function listingAt({ values, valid, ...column }: Column, row: number): Listing | null {
  if (valid && !valid[row]) return null
  return column.type === 'str' ? column.dictionary.words[values[row] as number] : (values[row] as bigint)
}

/** Makes a column of listings, which are all of one type. */
export function listingColumn(listings: readonly Listing[], type: 'i64' | 'str'): Column {
  if (type === 'i64') return { type, values: BigInt64Array.from(listings as bigint[]), valid: null }
  const words = [...new Set(listings as string[])]
  const codes = new Map(words.map((word, code) => [word, code]))
  const values = Int32Array.from(listings as string[], word => codes.get(word) as number)
  return { type, values, valid: null, dictionary: { words: words.length > 0 ? words : [''] } }
}

/** Compares listings as the output orders them: integers by value, text by its UTF-8 bytes. */
export function compareListings(a: Listing, b: Listing): number {
  if (typeof a === 'string' || typeof b === 'string') return compareBytes(String(a), String(b))
  return a < b ? -1 : a > b ? 1 : 0
}

/** Returns the first and the last listing that a part may hold. */
export function listingBounds({ listings }: Span, numeric: boolean): { least: Listing; greatest: Listing } {
  const { min, max } =
    'all' in listings ? { min: listings.all[0], max: listings.all[listings.all.length - 1] } : listings
  return { least: listingOf(min, numeric), greatest: listingOf(max, numeric) }
}
