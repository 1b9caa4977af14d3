import type { Finding } from './finding.js'
import { type LooseMap, mapOf, passesOf } from './loose.js'
import type { Path } from './path.js'

/** Checks that limits are switched on where they are set. */
export function checkRules(config: LooseMap): Finding[] {
  return [
    ...switchedOff(config.QUALITY_CHECKS, ['QUALITY_CHECKS']),
    ...passesOf(config).flatMap(({ index, pass }) =>
      switchedOff(pass.quality_checks, ['PASSES', index, 'quality_checks']),
    ),
  ]
}

/** Limits without ENABLED look as if they were checked. */
function switchedOff(value: unknown, path: Path): Finding[] {
  const limits = mapOf(value)
  if (Object.keys(limits).length === 0 || Object.hasOwn(limits, 'ENABLED')) return []
  return [{ path, problem: 'has no effect without ENABLED', hint: 'add ENABLED: true', warning: true, atKey: true }]
}
