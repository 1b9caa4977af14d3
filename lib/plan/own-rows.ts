import type { AnalyticsConfig, PassConfig } from '../../configs/index.js'
import { type Module, type Registry, tableRead } from '../core/index.js'
import { namesOf, sourcesRead } from './later-sources.js'
import { type SideOutput, sideOutputsOf } from './side-outputs.js'

/** One plan to make: a pass of the config, or the rows that a pass makes for its own module of later passes. */
export interface PassPart {
  /** Of the pass in PASSES, for problems. */
  index: number
  pass: PassConfig
  /** The config, with this pass in it. */
  config: AnalyticsConfig
  /** The pass whose module reads these rows: they are no pass of the config, and are written nowhere. */
  rowsOf?: string
  /** Rows that the pass makes for itself, by the name that its module reads. */
  own?: string
  /** Rows that the pass makes of several tables and joins, by the names of their parts. */
  joins?: string[]
  /** It is a side output of the pass, called `pass:output`. */
  isSide?: true
}

/** Returns the modules of a pass that read tables, and those that their settings add. */
export function rawModules(registry: Registry, pass: PassConfig): Module[] {
  const named = pass.modules.flatMap(name => registry.modules.get(name) ?? [])
  const added = named.flatMap(module => module.adds?.(pass[module.block] ?? {}) ?? [])
  return [...new Set([...named, ...added.map(name => registry.get('modules', name))])]
}

/**
 * Lists what is planned, in order. A pass whose modules read several tables is one part for each, called `pass.table`, and
 * the pass itself, which joins them. A pass of tables' modules and a module that joins them (semantics 2.5, mode event) is
 * two: its rows in buckets, called `pass.rows`, and the pass itself, which reads them. Side outputs come before their pass,
 * where they are read or asked for.
 */
export function partsOf(config: AnalyticsConfig, registry: Registry): PassPart[] {
  const outputs = sideOutputsOf(registry, config)
  const read = sourcesRead(registry, config)
  return config.PASSES.flatMap((_, index): PassPart[] => {
    const made = outputs.filter(
      ({ index: at, name, materialize }) =>
        at === index && (materialize === 'always' || (materialize === 'auto' && read.has(name))),
    )
    return [...made.flatMap(output => sideParts(config, registry, output)), ...ownParts(config, index, registry)]
  })
}

/** Lists the parts of a side output: it is written nowhere. */
function sideParts(config: AnalyticsConfig, registry: Registry, { index, name, module }: SideOutput): PassPart[] {
  const pass: PassConfig = { ...config.PASSES[index], name, modules: [module], timeline_mode: 'sparse_digitised' }
  const alone = withPass(config, index, pass)
  const parts = registry.laterModules.has(module) ? rowParts(alone, index, registry) : []
  return [...parts, { index, pass, config: alone, rowsOf: config.PASSES[index].name, isSide: true }]
}

/** Lists the parts of a pass itself. */
function ownParts(config: AnalyticsConfig, index: number, registry: Registry): PassPart[] {
  const pass = config.PASSES[index]
  const later = pass.modules.filter(name => registry.laterModules.has(name))
  const raw = pass.modules.filter(name => !later.includes(name))
  const joins = later.length === 1 && registry.get('laterModules', later[0]).joinsOwnRows
  if (raw.length > 0 && later.length === 0) return tableParts(config, index, registry)
  if (raw.length === 0 && later.length > 0) return [...rowParts(config, index, registry), { index, pass, config }]
  if (raw.length === 0 || !joins) return [{ index, pass, config }]
  const own = `${pass.name}.rows`
  const rows: PassConfig = { ...pass, name: own, modules: raw, timeline_mode: 'sparse_digitised' }
  const joined: PassConfig = { ...pass, modules: later }
  return [
    { index, pass: rows, config: withPass(config, index, rows), rowsOf: pass.name },
    { index, pass: joined, config: withPass(config, index, joined), own },
  ]
}

/** Lists the rows of tables that modules of a later pass ask for. */
function rowParts(config: AnalyticsConfig, index: number, registry: Registry): PassPart[] {
  const pass = config.PASSES[index]
  return pass.modules.flatMap(name => {
    const module = registry.get('laterModules', name)
    const names = new Set(namesOf(module, config, index, []).flatMap(({ name, isOwn }) => (isOwn ? (name ?? []) : [])))
    const asked = module.sources(pass[module.block] ?? {}).flatMap(({ rows }) => rows ?? [])
    return asked
      .filter(rows => names.has(`${pass.name}.${rows}`))
      .map((rows): PassPart => {
        const part: PassConfig = { ...pass, name: `${pass.name}.${rows}`, modules: [rows] }
        return { index, pass: part, config: withPass(config, index, part), rowsOf: pass.name }
      })
  })
}

/** Lists the tables that passes read row by row. */
export function tablesRead(config: AnalyticsConfig, registry: Registry): Set<string> {
  return new Set(
    partsOf(config, registry).flatMap(({ pass }) => rawModules(registry, pass).map(module => tableRead(module, pass))),
  )
}

function tableParts(config: AnalyticsConfig, index: number, registry: Registry): PassPart[] {
  const pass = config.PASSES[index]
  const modules = rawModules(registry, pass)
  const tables = [...new Set(modules.map(module => tableRead(module, pass)))]
  if (tables.length === 1) return [{ index, pass, config }]
  const parts = tables.map((table): PassPart => {
    const own = modules.filter(module => tableRead(module, pass) === table).map(({ name }) => name)
    const part: PassConfig = { ...pass, name: `${pass.name}.${table}`, modules: own }
    return { index, pass: part, config: withPass(config, index, part), rowsOf: pass.name }
  })
  return [...parts, { index, pass, config, joins: parts.map(part => part.pass.name) }]
}

const withPass = (config: AnalyticsConfig, index: number, pass: PassConfig): AnalyticsConfig => ({
  ...config,
  PASSES: config.PASSES.with(index, pass),
})
