import { compareListings, type DataFile, listingOf, type PassPlan, type Unit } from '../core/index.js'
import type { Scan } from './stretch.js'

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
      const column = chunk.required('ListingId')
      for (let i = 0; i < chunk.rows; i++) {
        if (column.valid && !column.valid[i]) {
          nulls++
          continue
        }
        const listing = column.type === 'str' ? column.dictionary.words[column.values[i]] : String(column.values[i])
        counts.set(listing, (counts.get(listing) ?? 0) + 1)
      }
    }
  }
  const numeric = columns[0]?.type === 'i64'
  const compare = (a: string, b: string) => compareListings(listingOf(a, numeric), listingOf(b, numeric))
  const named = [...counts].map(([listing, rows]) => ({ listing, rows })).sort((a, b) => compare(a.listing, b.listing))
  return nulls > 0 ? [...named, { listing: null, rows: nulls }] : named // null last, as in the output
}
