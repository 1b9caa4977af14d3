import { BasaltError } from '../core/index.js'
import { expectationFaults, type SourceFacts } from './expectations.js'
import type { ResultFacts } from './facts.js'
import type { PassChecks } from './pass-checks.js'
import { qualityFaults } from './quality.js'

/** What the checks of a pass found. */
export interface Verdict {
  /** Every failed check, for the report. */
  checks: string[]
  /** Those that only warn, as sentences that name the pass. */
  warnings: string[]
  /** The fault of those that raise; undefined when the result may be published. */
  refusal: BasaltError | undefined
}

/** Checks a result. `source` is what is known of the pass it reads first; it is needed where that is compared with. */
export function judge(checks: PassChecks, facts: ResultFacts, source?: SourceFacts): Verdict {
  const { pass, quality, expectations } = checks
  const verdict: Verdict = { checks: [], warnings: [], refusal: undefined }
  const raised: string[] = []
  const blocks: string[] = []
  const found = [
    quality && { ...quality, faults: qualityFaults(quality, facts) },
    expectations && { ...expectations, faults: expectationFaults(expectations, facts, source) },
  ]
  for (const block of found) {
    if (!block || block.faults.length === 0) continue
    verdict.checks.push(...block.faults)
    if (block.action === 'warn') verdict.warnings.push(...block.faults.map(fault => `pass ${pass}: ${fault}`))
    else {
      raised.push(...block.faults)
      blocks.push(block.at)
    }
  }
  if (raised.length > 0) {
    const count = `${raised.length} ${raised.length === 1 ? 'check' : 'checks'}`
    const hint = `correct the data or the limits in ${blocks.join(' and ')}, or set action: warn there`
    const problem = `pass ${pass} fails ${count} and must not be published: ${raised.join('; ')}; ${hint}`
    verdict.refusal = new BasaltError('data', problem, { pass })
  }
  return verdict
}
