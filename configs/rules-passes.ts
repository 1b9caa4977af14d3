import * as z from 'zod'
import { type Family, nearest, type Registry } from '../lib/core/index.js'
import { TIMELINE_MODULES } from './availability.js'
import { blockSchemas } from './blocks.js'
import type { Finding } from './finding.js'
import { type LooseMap, listOf, mapOf, modulesOf, passesOf, textOf } from './loose.js'
import type { Path } from './path.js'

/** Checks names, widths and module blocks of passes. */
export function passRules(config: LooseMap, registry: Registry): Finding[] {
  const firstOf = new Map<string, number>()
  return passesOf(config).flatMap(({ index, pass }) => {
    const path: Path = ['PASSES', index]
    const findings = [
      ...widthRule(pass, path, registry),
      ...blockRules(pass, path, registry),
      ...keysOfNoBlock(pass, path, registry),
    ]
    const name = textOf(pass.name)
    if (name === undefined) return findings
    const first = firstOf.get(name)
    if (first !== undefined)
      findings.push({ path: [...path, 'name'], problem: `'${name}' is already the name of PASSES[${first}]` })
    else firstOf.set(name, index)
    return findings
  })
}

function widthRule(pass: LooseMap, path: Path, registry: Registry): Finding[] {
  const width = pass.time_bucket_seconds
  if (typeof width !== 'number' || width <= 86_400) return []
  const raw = modulesOf(pass).find(name => registry.tables.has(registry.modules.get(name)?.table ?? ''))
  if (raw === undefined) return []
  return [
    {
      path: [...path, 'time_bucket_seconds'],
      problem: `${width} s are more than a day`,
      hint: `module ${raw} reads raw rows; at most 86400`,
    },
  ]
}

/** Reports keys that a module needs, of a pass that has no block for it: a block that is there is checked as it stands. */
function keysOfNoBlock(pass: LooseMap, path: Path, registry: Registry): Finding[] {
  const running = [...modulesOf(pass), ...listOf(pass.preprocess_modules)]
  const blocks = new Set(
    running.flatMap(name => (typeof name === 'string' ? registry.anyModule(name)?.block : []) ?? []),
  )
  const missing = [...blocks].filter(block => pass[block] === undefined)
  if (missing.length === 0) return [] // as a rule: schemas of all blocks take a while to make
  const schemas = blockSchemas(registry)
  return missing.flatMap(block => {
    const { error } = z.nonoptional(schemas[block]).safeParse({})
    return (error?.issues ?? []).map(issue => ({
      path: [...path, block, ...(issue.path as Path)],
      problem: 'missing; this key is needed',
    }))
  })
}

function blockRules(pass: LooseMap, path: Path, registry: Registry): Finding[] {
  const asked = modulesOf(pass)
  const running = [...asked, ...listOf(pass.preprocess_modules)]
  const findings: Finding[] = []
  const blocks = new Set(registry.allModules().map(module => module.block))
  for (const block of blocks) {
    if (pass[block] === undefined || pass[block] === null) continue
    const owners = registry
      .allModules()
      .filter(module => module.block === block)
      .map(module => module.name)
    const at = [...path, block]
    const isRead = asked.some(name => alsoReads(registry, name, pass).includes(block))
    if (!owners.some(name => running.includes(name)) && !isRead) {
      const problem = `has no effect; modules does not name ${owners.join(' or ')}`
      findings.push({ path: at, problem, warning: true, atKey: true })
    } else findings.push(...idleLists(mapOf(pass[block]), block, asked, at, registry))
    for (const owner of owners) {
      for (const family of registry.familiesOf(owner))
        findings.push(...patternRules(mapOf(pass[block])[family.name], family, [...at, family.name]))
    }
  }
  const isOff = (name: string) => mapOf(pass[registry.anyModule(name)?.block ?? '']).ENABLED === false
  const computing = asked.filter(name => !TIMELINE_MODULES.includes(name))
  if (computing.length > 0 && computing.every(isOff))
    findings.push({ path: [...path, 'modules'], problem: 'every module is switched off by ENABLED: false' })
  return findings
}

/** Lists the blocks of other modules that settings of a module bring into force. */
function alsoReads(registry: Registry, name: string, pass: LooseMap): string[] {
  const module = registry.modules.get(name)
  return module?.alsoReads?.(mapOf(pass[module.block])) ?? []
}

/** Finds lists of metrics that no module of the pass computes, though another one of their block would. */
function idleLists(block: LooseMap, key: string, asked: readonly string[], path: Path, registry: Registry): Finding[] {
  const owners = registry.allModules().filter(module => module.block === key)
  const added = asked.flatMap(name => addedBy(registry, name, key, block))
  return Object.entries(block).flatMap(([name, entries]) => {
    if (listOf(entries).length === 0) return []
    const makers = owners.filter(owner => registry.families.has(`${owner.name}.${name}`)).map(owner => owner.name)
    if (makers.length === 0 || makers.some(maker => asked.includes(maker) || added.includes(maker))) return []
    return [{ path: [...path, name], problem: `needs module ${makers.join(' or ')} in modules`, atKey: true }]
  })
}

/** Lists the modules that a module of the block adds to the pass; none where its settings are wrong. */
function addedBy(registry: Registry, name: string, key: string, block: LooseMap): string[] {
  const module = registry.modules.get(name)
  if (module?.block !== key) return []
  try {
    return module.adds?.(block) ?? []
  } catch {
    return []
  }
}

/** Checks the placeholders of output names: an entry may use its own fields only. */
function patternRules(entries: unknown, family: Family, path: Path): Finding[] {
  return (Array.isArray(entries) ? entries : []).flatMap((entry, i) => {
    const pattern = textOf(mapOf(entry).output_name_pattern)
    if (pattern === undefined) return []
    const axes = new Set(family.axes.map(axis => axis.field))
    const scalars = Object.keys(family.fields([family.pick])).filter(name => !axes.has(name))
    const known = [...family.axes.map(axis => axis.parameter), ...scalars]
    return placeholdersOf(pattern)
      .filter(name => !known.includes(name) && !known.includes(name.charAt(0).toLowerCase() + name.slice(1)))
      .map(name => {
        const near = nearest(name, known)
        const hint = near ? `did you mean {${near}}?` : `allowed: ${known.map(each => `{${each}}`).join(' ')}`
        return { path: [...path, i, 'output_name_pattern'], problem: `unknown placeholder {${name}}`, hint }
      })
  })
}

const placeholdersOf = (pattern: string) =>
  listOf([...pattern.matchAll(/\{([^{}]*)\}/g)].map(match => match[1])) as string[]
