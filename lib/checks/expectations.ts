import type { ResultFacts } from './facts.js'
import type { ListingChange } from './listings.js'
import type { Expectations } from './pass-checks.js'

/** What is known of the source of a pass. */
export interface SourceFacts {
  rows: number
  /** Left out where no expectation is about listings. */
  listings?: ListingChange
}

/** Most listings that a message names. */
const NAMED = 5

/** Lists what a result was expected to keep or to have, and does not. `source` is what its pass reads first. */
export function expectationFaults(expected: Expectations, facts: ResultFacts, source?: SourceFacts): string[] {
  return [...(source ? sourceFaults(expected, facts, source) : []), ...missingFaults(expected, facts)]
}

function sourceFaults(expected: Expectations, facts: ResultFacts, { rows, listings }: SourceFacts): string[] {
  const faults: string[] = []
  const from = expected.source
  if (listings && expected.listingCount && listings.before !== listings.after)
    faults.push(
      `preserve_listing_id_count: ${listings.after} listings, ${from} has ${listings.before}${changeText(listings)}`,
    )
  if (listings && expected.listingIds && listings.lost.length + listings.added.length > 0)
    faults.push(
      `preserve_listing_ids: ${listings.lost.length} of the ${listings.before} listings of ${from} are missing, ${listings.added.length} are new${changeText(listings)}`,
    )
  if (expected.rows && facts.rows !== rows) faults.push(`preserve_rows: ${facts.rows} rows, ${from} has ${rows}`)
  return faults
}

function missingFaults({ filled }: Expectations, facts: ResultFacts): string[] {
  return filled.flatMap(column => {
    const nulls = facts.nulls.get(column) ?? 0
    return nulls > 0 ? [`all_non_nans: ${column} has no value in ${nulls} of ${facts.rows} rows`] : []
  })
}

function changeText({ lost, added }: ListingChange): string {
  return `${namedText('missing', lost)}${namedText('new', added)}`
}

function namedText(what: string, listings: readonly string[]): string {
  if (listings.length === 0) return ''
  const more = listings.length > NAMED ? ` and ${listings.length - NAMED} more` : ''
  return `; ${what}: ${listings.slice(0, NAMED).join(', ')}${more}`
}
