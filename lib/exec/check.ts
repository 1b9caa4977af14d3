import { judge, listingChange, type PassChecks, type ResultFacts, type SourceFacts } from '../checks/index.js'
import type { BasaltError } from '../core/index.js'
import type { DateRows } from './date-order.js'
import type { OnEvent, PassReport } from './events.js'
import type { Results } from './results.js'
import type { LaterRows } from './sorted-runs.js'

/**
 * Lets the rows of a pass through and gathers what its checks need. With `byDate`, rows of a date count when it is
 * complete, as in its files; otherwise those that were let through count.
 */
export async function* observed(
  rows: AsyncIterable<DateRows>,
  facts: ResultFacts,
  byDate: boolean,
): AsyncGenerator<DateRows> {
  let date = facts.empty()
  for await (const each of rows) {
    if ('batch' in each) (byDate ? date : facts).add(each.batch)
    else {
      if (each.end === 'complete') facts.merge(date)
      date = facts.empty()
    }
    yield each
  }
}

/** Checks a result, notes in the report what failed, and warns. Returns the fault of checks that raise. */
export function settle(
  checks: PassChecks,
  facts: ResultFacts,
  report: PassReport,
  onEvent?: OnEvent,
  source?: SourceFacts,
): BasaltError | undefined {
  const verdict = judge(checks, facts, source)
  report.checks.push(...verdict.checks)
  for (const text of verdict.warnings) onEvent?.({ kind: 'warning', text })
  return verdict.refusal
}

/** Finds what expectations compare with; undefined where they compare with nothing. */
export async function sourceFacts(
  { expectations }: PassChecks,
  results: Results,
  result: LaterRows,
): Promise<SourceFacts | undefined> {
  if (!expectations || expectations.source === null) return undefined
  const { source, listingCount, listingIds } = expectations
  const { rows } = results.size(source)
  if (!listingCount && !listingIds) return { rows }
  return { rows, listings: await listingChange(results.read(source, ['ListingId']), result.frames(['ListingId'])) }
}
