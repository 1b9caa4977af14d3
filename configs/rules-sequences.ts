import type * as z from 'zod'
import type { Module, Registry } from '../lib/core/index.js'
import { filterMap } from './filters.js'
import type { Finding } from './finding.js'
import { type LooseMap, mapOf, modulesOf, passesOf } from './loose.js'
import type { Path } from './path.js'

/** Keys of a pass that say where buckets lie. */
const BUCKETS = ['time_bucket_seconds', 'time_bucket_anchor', 'time_bucket_closed', 'time_bucket_origin', 'time_zone']

/** Checks passes whose module makes rows of its own: it is alone there, and what is said of buckets does nothing. */
export function sequenceRules(config: LooseMap, registry: Registry): Finding[] {
  return passesOf(config).flatMap(({ index, pass }) => {
    const path: Path = ['PASSES', index]
    const asked = [...new Set(modulesOf(pass))].filter(name => !isOff(pass, registry.modules.get(name)))
    const own = asked.map(name => registry.modules.get(name)).find(module => module?.sequence)
    return own ? [...alone(own, asked, path), ...timeline(own, pass, path), ...needed(own, pass, path)] : []
  })
}

const isOff = (pass: LooseMap, module: Module | undefined) => mapOf(pass[module?.block ?? '']).ENABLED === false

function alone({ name }: Module, asked: string[], path: Path): Finding[] {
  const others = asked.filter(each => each !== name)
  if (others.length === 0) return []
  const problem = `module ${name} makes rows of its own, which ${others.join(', ')} cannot join`
  return [{ path: [...path, 'modules'], problem, hint: `give ${name} a pass of its own` }]
}

function timeline({ name, block, sequence }: Module, pass: LooseMap, path: Path): Finding[] {
  const idle = sequence?.inBuckets?.(mapOf(pass[block])) ? [] : BUCKETS
  const findings: Finding[] = idle
    .filter(key => pass[key] !== undefined && pass[key] !== null)
    .map(key => ({
      path: [...path, key],
      problem: `has no effect; rows of module ${name} are no time buckets`,
      warning: true,
      atKey: true,
    }))
  const mode = pass.timeline_mode
  if (typeof mode === 'string' && mode !== 'sparse_digitised') {
    const problem = `'${mode}' does not go with module ${name}, whose rows are no time buckets`
    findings.push({ path: [...path, 'timeline_mode'], problem, hint: 'leave it out' })
  }
  return findings
}

/** A block may be left out only where each of its settings has a default. */
function needed({ name, block, settings }: Module, pass: LooseMap, path: Path): Finding[] {
  if (pass[block] !== undefined && pass[block] !== null) return []
  const fields = typeof settings === 'function' ? settings({ filterMap }) : settings
  const missing = Object.entries(fields).filter(([, field]) => !(field as z.ZodType).safeParse(undefined).success)
  if (missing.length === 0) return []
  const problem = `missing; module ${name} needs ${missing.map(([key]) => key).join(' and ')}`
  return [{ path: [...path, block], problem }]
}
