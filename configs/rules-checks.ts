import type { Finding } from './finding.js'
import { type LooseMap, mapOf, passesOf } from './loose.js'
import type { Path } from './path.js'

/** Checks that limits are switched on where they are set, and that a schema lock has a file. */
export function checkRules(config: LooseMap): Finding[] {
  return [
    ...switchedOff(config.QUALITY_CHECKS, ['QUALITY_CHECKS']),
    ...passesOf(config).flatMap(({ index, pass }) =>
      switchedOff(pass.quality_checks, ['PASSES', index, 'quality_checks']),
    ),
    ...lockRules(config),
  ]
}

/** Limits without ENABLED look as if they were checked. */
function switchedOff(value: unknown, path: Path): Finding[] {
  const limits = mapOf(value)
  if (Object.keys(limits).length === 0 || Object.hasOwn(limits, 'ENABLED')) return []
  return [{ path, problem: 'has no effect without ENABLED', hint: 'add ENABLED: true', warning: true, atKey: true }]
}

function lockRules({ SCHEMA_LOCK_MODE: mode, SCHEMA_LOCK_PATH: path }: LooseMap): Finding[] {
  const isOff = mode === undefined || mode === 'off'
  const isSet = path !== undefined && path !== null
  if (!isOff && !isSet)
    return [{ path: ['SCHEMA_LOCK_MODE'], problem: `${mode} needs a file`, hint: 'set SCHEMA_LOCK_PATH' }]
  if (isOff && isSet) {
    const problem = 'has no effect while SCHEMA_LOCK_MODE is off'
    return [
      { path: ['SCHEMA_LOCK_PATH'], problem, hint: 'set it to warn, raise or update', warning: true, atKey: true },
    ]
  }
  return []
}
