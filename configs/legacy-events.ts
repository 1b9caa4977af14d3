import type { Finding } from './finding.js'
import { type LooseMap, mapOf } from './loose.js'
import type { Path } from './path.js'

/** Blocks that say how rows around events lie: the name of today and an older one. */
const BLOCKS = ['external_event_analytics', 'event_analytics']

const DISTRIBUTION = 'context_distribution'
const BASE = 'geometric_base'

/** Base of a geometric spacing that names none, in older configs. */
const USUAL_BASE = 2

/** Rewrites the older keys for rows around events; each is a warning. A key of today that is set as well stands. */
export function contextFindings(pass: LooseMap, path: Path): Finding[] {
  return BLOCKS.flatMap(name => rewritten(mapOf(pass[name]), [...path, name]))
}

function rewritten(block: LooseMap, path: Path): Finding[] {
  const findings: Finding[] = []
  const read = (old: readonly string[], key: string, value: () => unknown) => {
    const written = old.filter(each => Object.hasOwn(block, each))
    if (written.length === 0) return
    const stands = Object.hasOwn(block, key)
    if (!stands) block[key] = value()
    for (const each of written) {
      const problem = stands ? `has no effect beside ${key}` : `is read as ${key}: ${String(block[key])}`
      const hint = stands ? 'remove it' : `write ${key}`
      findings.push({ path: [...path, each], problem, hint, warning: true, atKey: true })
    }
  }
  const { context_before: before, context_after: after } = block
  const counts = ['context_before', 'context_after']
  const horizons = ['context_horizon_seconds', 'horizon']
  const spacings = [DISTRIBUTION, BASE]
  read(horizons, 'radius_seconds', () => block.context_horizon_seconds ?? block.horizon ?? 0)
  if (counts.some(key => Object.hasOwn(block, key)) && !Object.hasOwn(block, 'directions')) {
    block.directions = directionsOf(before, after)
  }
  read(counts, 'extra_observations', () => greatest(before, after))
  read(spacings, 'scale_factor', () => scaleOf(block[DISTRIBUTION], block[BASE]))
  for (const key of [...counts, ...horizons, ...spacings]) delete block[key]
  return findings
}

function directionsOf(before: unknown, after: unknown): string {
  const [behind, ahead] = [Number(before ?? 0) > 0, Number(after ?? 0) > 0]
  if (behind === ahead) return 'both'
  return behind ? 'backward' : 'forward'
}

/** Returns the greater of two numbers. What is none is returned, so that the check of its successor refuses it. */
function greatest(before: unknown, after: unknown): unknown {
  const odd = [before, after].find(value => value !== undefined && value !== null && !(Number(value) >= 0))
  return odd ?? Math.max(Number(before ?? 0), Number(after ?? 0))
}

/** Spacing was arithmetic unless the config said geometric. */
function scaleOf(distribution: unknown, base: unknown): unknown {
  if ((distribution ?? 'arithmetic') === 'arithmetic') return 1
  const scale = base ?? USUAL_BASE
  return typeof scale === 'number' ? Math.max(scale, 1) : scale
}
