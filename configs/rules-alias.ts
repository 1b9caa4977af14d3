import { ALIASES } from './aliases.js'
import type { Finding } from './finding.js'
import { shown } from './issues.js'
import { type LooseMap, mapOf } from './loose.js'
import { same } from './same.js'

/** Refuses two names of one key with different values. */
export function aliasRule(config: LooseMap): Finding[] {
  return ALIASES.flatMap(([alias, resolved]) => {
    const [a, b] = [at(config, alias), at(config, resolved)]
    if (a === undefined || b === undefined || a === null || b === null || same(pathForm(a), pathForm(b))) return []
    const other = resolved.join('.')
    return [
      {
        path: alias,
        problem: `${shown(a)} differs from ${other} ${shown(b)} at {place:${other}}`,
        hint: 'keep one of the two',
      },
    ]
  })
}

function at(config: LooseMap, path: readonly string[]): unknown {
  let value: unknown = config
  for (const step of path) value = mapOf(value)[step]
  return value
}

/** A table given as text is its path. */
const pathForm = (value: unknown) => (typeof value === 'string' ? { path: value } : value)
