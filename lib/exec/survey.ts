import { type Column, compareListings, type DataFile, listingOf, type PassPlan, type Unit } from '../core/index.js'
import type { Scan } from './placed-chunks.js'

/** Counts a unit's rows by listing, in output order, reading the listing column alone. */
export async function surveyListings(
  unit: Unit,
  pass: PassPlan,
  files: readonly DataFile[],
  scan: Scan,
): Promise<{ listing: string | null; rows: number }[]> {
  const columns = pass.bindings.filter(({ name }) => name === 'ListingId')
  const counts = new Map<string, number>()
  let nulls = 0
  for (const { file, rowGroup } of unit.parts) {
    for await (const chunk of scan({ file: files[file], rowGroup, columns, batchRows: 65_536 })) {
      for (const [listing, rows] of rowsByListing(chunk.required('ListingId'), chunk.rows)) {
        if (listing === null) nulls += rows
        else counts.set(listing, (counts.get(listing) ?? 0) + rows)
      }
    }
  }
  const numeric = columns[0]?.type === 'i64'
  const compare = (a: string, b: string) => compareListings(listingOf(a, numeric), listingOf(b, numeric))
  const named = [...counts].map(([listing, rows]) => ({ listing, rows })).sort((a, b) => compare(a.listing, b.listing))
  return nulls > 0 ? [...named, { listing: null, rows: nulls }] : named // null last, as in the output
}

/** Counts the rows of a chunk by listing; null: of none. Codes are counted first, where there are any. */
function* rowsByListing(column: Column, rows: number): Generator<[listing: string | null, rows: number]> {
  const { valid } = column
  const [codes, entries] =
    column.type === 'str'
      ? [column.values, column.dictionary.words]
      : [column.coded?.codes, column.coded?.dictionary.values]
  const counts = new Map<number | bigint, number>()
  let nulls = 0
  if (codes && entries) {
    const byCode = new Float64Array(entries.length)
    for (let row = 0; row < rows; row++) {
      if (valid && !valid[row]) nulls++
      else byCode[codes[row]]++
    }
    for (const [code, count] of byCode.entries()) if (count > 0) yield [String(entries[code]), count]
  } else {
    const { values } = column
    for (let row = 0; row < rows; row++) {
      if (valid && !valid[row]) nulls++
      else counts.set(values[row], (counts.get(values[row]) ?? 0) + 1)
    }
    for (const [value, count] of counts) yield [String(value), count]
  }
  if (nulls > 0) yield [null, nulls]
}
