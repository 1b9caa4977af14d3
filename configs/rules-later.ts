import type { Registry } from '../lib/core/index.js'
import { EVENT_MODULE } from './availability.js'
import type { Finding } from './finding.js'
import { type LooseMap, modulesOf, passesOf } from './loose.js'

/** Keys of a pass that say how rows of a table become buckets, and what it takes for them to do nothing. */
const OF_BUCKETS: Record<string, { idle: (value: unknown) => boolean; hint: string }> = {
  timeline_mode: {
    idle: value => value === 'sparse_digitised',
    hint: 'set it in the pass that reads the table',
  },
  time_bucket_origin: { idle: value => value === null, hint: 'set it in the pass that reads the table' },
  time_zone: { idle: value => value === 'UTC', hint: 'set it in the pass that reads the table' },
  fill: { idle: value => Object.keys(value ?? {}).length === 0, hint: 'fill the pass that reads the table' },
  fill_across_sessions: { idle: value => value === false, hint: 'fill the pass that reads the table' },
}

/** Refuses what a pass over earlier ones would take no notice of. */
export function laterRules(config: LooseMap, registry: Registry): Finding[] {
  return passesOf(config).flatMap(({ index, pass }) => {
    const later = modulesOf(pass).find(name => registry.laterModules.has(name))
    if (later === undefined) return []
    const path = ['PASSES', index]
    const isOfEvents = modulesOf(pass).includes(EVENT_MODULE)
    // Modules of a table may stand beside that of events: the keys are theirs.
    if (isOfEvents && modulesOf(pass).some(name => registry.modules.has(name))) return []
    // Modules that read rows of tables make buckets as the pass says.
    const readsRows = registry
      .get('laterModules', later)
      .sources({})
      .some(({ rows }) => rows)
    const ofTime = ['time_bucket_origin', 'time_zone']
    const keys = Object.keys(OF_BUCKETS)
      .filter(key => key !== 'timeline_mode' || !isOfEvents)
      .filter(key => !readsRows || !ofTime.includes(key))
    const findings: Finding[] = keys
      .filter(key => pass[key] !== undefined && pass[key] !== null && !OF_BUCKETS[key].idle(pass[key]))
      .map(key => ({
        path: [...path, key],
        problem: `has no effect on rows of an earlier pass, which module ${later} reads`,
        hint: OF_BUCKETS[key].hint,
        atKey: true,
      }))
    const grid = modulesOf(pass).indexOf('dense')
    if (grid >= 0) {
      const problem = `module dense lays a grid under rows of a table; module ${later} reads an earlier pass`
      findings.push({ path: [...path, 'modules', grid], problem, hint: 'name it in the pass that reads the table' })
    }
    return findings
  })
}
