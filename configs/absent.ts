import type { Registry } from '../lib/core/index.js'
import {
  ABSENCES,
  ABSENT_BLOCKS,
  ABSENT_PREFIXES,
  type Absence,
  DOCUMENTED_MODULES,
  isAbsentTable,
  TIMELINE_MODULES,
  tableNames,
} from './availability.js'
import type { Finding } from './finding.js'
import { type LooseMap, listOf, mapOf, passesOf } from './loose.js'
import { type Path, patternOf } from './path.js'
import { same } from './same.js'

const DOCUMENTED = new Set<string>(DOCUMENTED_MODULES)
const ABSENT = 'not available in this version'

/** Finds keys and values whose engine this version lacks, and takes the keys out of the config. */
export function absentFindings(config: LooseMap, registry: Registry): Finding[] {
  const findings: Finding[] = []
  for (const absence of ABSENCES) {
    visit(config, absence.at.split('.'), [], (parent, key, path) => {
      const problem = problemOf(absence, parent[key])
      if (!problem) return
      findings.push({ path, problem, hint: absence.instead, atKey: absence.missing === undefined })
      delete parent[key]
    })
  }
  findings.push(...absentModules(config, registry), ...absentTables(config, registry), ...absentPrefixes(config))
  return findings
}

function problemOf(absence: Absence, value: unknown): string | undefined {
  if (absence.missing) return absence.missing.includes(value as string) ? `'${value}' is ${ABSENT}` : undefined
  return (absence.harmless ?? []).some(each => holds(value, each)) ? undefined : ABSENT
}

/** Tells whether a value is harmless: equal, or a map that holds at least the values of the pattern. */
function holds(value: unknown, pattern: unknown): boolean {
  const wanted = Object.entries(mapOf(pattern))
  if (wanted.length === 0) return same(value, pattern)
  return wanted.every(([key, each]) => same(mapOf(value)[key], each))
}

function visit(
  value: unknown,
  steps: string[],
  path: Path,
  found: (parent: LooseMap, key: string, path: Path) => void,
): void {
  const [step, ...rest] = steps
  const key = step.replace('[]', '')
  const parent = mapOf(value)
  if (!Object.hasOwn(parent, key)) return
  const child = parent[key]
  if (step.endsWith('[]')) {
    if (Array.isArray(child)) for (const [i, item] of child.entries()) visit(item, rest, [...path, key, i], found)
  } else if (rest.length === 0) found(parent, key, [...path, key])
  else visit(child, rest, [...path, key], found)
}

function absentModules(config: LooseMap, registry: Registry): Finding[] {
  const findings: Finding[] = []
  const owned = new Set(registry.allModules().map(module => module.block))
  const names = registry.allModules().map(({ name }) => name)
  for (const { index, pass } of passesOf(config)) {
    for (const [i, name] of listOf(pass.modules).entries()) {
      if (!isAbsentModule(name, registry)) continue
      findings.push({
        path: ['PASSES', index, 'modules', i],
        problem: `module '${name}' is ${ABSENT}`,
        hint: `available: ${names.join(', ')}`,
      })
    }
    for (const block of ABSENT_BLOCKS) {
      if (owned.has(block) || !Object.hasOwn(pass, block)) continue
      const value = pass[block]
      delete pass[block]
      // Exported configs carry the blocks of modules that they do not use, empty or switched off.
      if (value === null || same(value, {}) || mapOf(value).ENABLED === false) continue
      findings.push({
        path: ['PASSES', index, block],
        problem: ABSENT,
        hint: `available: ${[...owned].join(', ')}`,
        atKey: true,
      })
    }
  }
  return findings
}

function absentTables(config: LooseMap, registry: Registry): Finding[] {
  const known = tableNames(registry)
  const tables = mapOf(mapOf(config.DATA).tables)
  return Object.keys(tables)
    .filter(name => isAbsentTable(name, registry))
    .map(name => ({
      path: ['DATA', 'tables', name],
      problem: `table '${name}' is ${ABSENT}`,
      hint: `available: ${known.join(', ')}`,
      atKey: true,
    }))
}

function absentPrefixes(value: unknown, path: Path = []): Finding[] {
  if (typeof value === 'string') {
    const absent = ABSENT_PREFIXES.find(({ prefix }) => value.toLowerCase().startsWith(prefix))
    return absent ? [{ path, problem: `${absent.prefix} paths are ${ABSENT}`, hint: absent.instead }] : []
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, child]) =>
    absentPrefixes(child, [...path, Array.isArray(value) ? Number(key) : key]),
  )
}

const worksAsModule = (name: string, registry: Registry) =>
  registry.anyModule(name) !== undefined || TIMELINE_MODULES.includes(name)

/** Tells whether a name is a documented module that the registry lacks. */
export function isAbsentModule(name: unknown, registry: Registry): boolean {
  return typeof name === 'string' && !worksAsModule(name, registry) && DOCUMENTED.has(name)
}

/** Lists those of an enumeration's values that work in this version. */
export function availableOf(values: string[], path: Path, registry: Registry): string[] {
  const written = patternOf(path)
  if (written === 'PASSES[].modules[]') return values.filter(value => worksAsModule(value, registry))
  const missing = ABSENCES.find(absence => absence.at === written)?.missing ?? []
  return values.filter(value => !missing.includes(value))
}
