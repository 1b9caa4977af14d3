import { pathToFileURL } from 'node:url'
import {
  type AnalyticsConfig,
  type ConfigSource,
  type LoadedConfig,
  locate,
  type Override,
  packs,
  readConfig,
  validateConfig,
} from '../configs/index.js'
import { type PassChecks, planChecks, planRunChecks } from './checks/index.js'
import {
  BasaltError,
  type BucketRule,
  ConfigError,
  type DataFile,
  faultOf,
  type LaterPlan,
  type PassPlan,
  type Problem,
  type Registry,
  type Source,
  type Unit,
} from './core/index.js'
import type { ReferenceTable } from './exec/lookup.js'
import type { StatesTable } from './exec/market-states.js'
import { addPack, loadPacks } from './exec/packs.js'
import { openDeclared, type SourceTable } from './open-declared.js'
import { openReference } from './open-reference.js'
import { openStates } from './open-states.js'
import { type OpenTable, openTable } from './open-table.js'
import { unitsOf } from './open-units.js'
import {
  keptColumns,
  partsOf,
  planLater,
  planPass,
  planStates,
  type ReferenceOffer,
  sourcesRead,
  withTimeline,
} from './plan/index.js'

/** Everything that a run needs, settled before any data but footers and reference rows is read. */
export interface Prepared {
  loaded: LoadedConfig
  config: AnalyticsConfig
  registry: Registry
  /** Module URLs that make up the registry, for workers. */
  packs: string[]
  passes: (PreparedPass | PreparedLater)[]
  files: Map<string, DataFile[]> // by table
  reference: ReferenceTable | undefined
  /** Tables that later passes read whole, by name. */
  tables: ReadonlyMap<string, SourceTable | undefined>
  /** Located lines that begin with `warning:`. */
  warnings: string[]
  /** Things worth knowing that are no warnings: skipped dates, filters that are off. */
  notes: string[]
}

export interface PreparedPass {
  plan: PassPlan
  checks: PassChecks | null
  units: Unit[]
  files: DataFile[]
  broken: Map<string, BasaltError> // by unit
  /** The pass that these rows are made for, where they are no pass of the config. */
  rowsOf?: string
  /** The table of market states, where the grid of the pass comes from it. */
  states?: StatesTable
}

/** A pass over results of earlier ones. It has no units: what it reads is known when they have run. */
export interface PreparedLater {
  plan: LaterPlan
  checks: PassChecks | null
}

/** Tells whether a pass reads tables. */
export const isRaw = (pass: PreparedPass | PreparedLater): pass is PreparedPass => pass.plan.kind === 'raw'

export interface PrepareOptions {
  overrides?: readonly Override[]
  env?: Record<string, string | undefined>
  date?: string
  strict?: boolean
}

/** The operators that come with Basalt, as the pack that every plan names first. */
export const BUILT_IN = new URL('./operators.js', import.meta.url).href

/** Reads and checks a config, and loads what its packs register. No data is touched. */
export async function loadConfig(
  sources: readonly ConfigSource[],
  options: PrepareOptions = {},
): Promise<{ loaded: LoadedConfig; registry: Registry; packs: string[] }> {
  const raw = await readConfig(sources, {
    overrides: options.overrides,
    env: options.env ?? process.env,
    date: options.date,
  })
  const registry = await loadPacks([BUILT_IN])
  const urls = [BUILT_IN]
  const faults: string[] = []
  for (const [index, pack] of packs(raw).entries()) {
    try {
      const url = packUrl(pack)
      await addPack(registry, url)
      urls.push(url)
    } catch (error) {
      const path = `PACKS[${index}]`
      faults.push(`${locate(raw, path)}: ${path}: ${faultOf(error).problem}`)
    }
  }
  if (faults.length > 0) throw new ConfigError(faults)
  return { loaded: validateConfig(raw, registry, { strict: options.strict }), registry, packs: urls }
}

function packUrl({ specifier, base }: { specifier: string; base: string }): string {
  if (specifier.startsWith('.') || specifier.startsWith('/')) return new URL(specifier, pathToFileURL(`${base}/`)).href
  try {
    return import.meta.resolve(specifier)
  } catch (error) {
    throw new BasaltError('config', `no package '${specifier}' is installed; a file begins with ./ or /`, {}, error)
  }
}

/** Plans every pass of a config against the footers of its files. All problems are reported together. */
export async function prepare(sources: readonly ConfigSource[], options: PrepareOptions = {}): Promise<Prepared> {
  const { loaded, registry, packs } = await loadConfig(sources, options)
  const { config } = loaded
  const problems: Problem[] = []
  const notes: string[] = []
  const tables = new Set(
    config.PASSES.flatMap(pass => pass.modules.flatMap(name => registry.modules.get(name)?.table ?? [])),
  )
  const wanted = sourcesRead(registry, config)
  for (const name of config.TABLES_TO_LOAD ?? []) (registry.tables.has(name) ? tables : wanted).add(name)

  const opened = new Map<string, OpenTable>()
  for (const name of tables) opened.set(name, await openTable(config, registry, name, problems, notes))
  const { reference, offer } = await openReference(loaded, registry, problems)
  const states = await openStates(config, registry, problems)
  const declared = await openDeclared(config, registry, reference, wanted, problems, notes)
  const passes = planPasses({ loaded, registry, opened, declared, offer, reference, states, problems, notes })
  const lines = loaded.report(unique(problems))
  const errors = lines.filter(line => !line.startsWith('warning:'))
  if (errors.length > 0 || (options.strict && lines.length > 0)) throw new ConfigError(options.strict ? lines : errors)
  return {
    loaded,
    config,
    registry,
    packs,
    passes,
    files: filesOf(opened, declared),
    reference,
    tables: declared,
    warnings: [...loaded.warnings, ...lines],
    notes,
  }
}

function filesOf(opened: ReadonlyMap<string, OpenTable>, declared: Prepared['tables']): Prepared['files'] {
  const files = new Map([...opened].map(([name, { found }]) => [name, found.files]))
  for (const [name, table] of declared) if (table && table.files.length > 0) files.set(name, [...table.files])
  return files
}

interface Planning {
  loaded: LoadedConfig
  registry: Registry
  opened: ReadonlyMap<string, OpenTable>
  declared: Prepared['tables']
  offer: ReferenceOffer | null
  reference: ReferenceTable | undefined
  states: Awaited<ReturnType<typeof openStates>>
  problems: Problem[]
  notes: string[]
}

/** Plans passes in the order of the config: a later one reads what those before it make. */
function planPasses(planning: Planning): Prepared['passes'] {
  const { loaded, registry, opened, offer, reference, states, problems, notes } = planning
  const kept = keptColumns(registry, loaded.config)
  const tables = new Map([...planning.declared].map(([name, table]) => [name, table?.source]))
  const results = new Map<string, Source | undefined>()
  const passes: Prepared['passes'] = []
  const joinable = (reference?.names() ?? [])
    .filter(name => !['Date', 'ValidFrom', 'ValidTo', 'ListingId'].includes(name))
    .map(name => ({ name, type: (reference as ReferenceTable).column(name).type }))
  for (const { index, pass, config, rowsOf, own } of partsOf(loaded.config, registry)) {
    const keep = kept.get(pass.name) ?? new Set()
    const later = pass.modules.filter(name => registry.laterModules.has(name))
    results.set(pass.name, undefined)
    if (later.length > 0 && later.length < pass.modules.length) {
      const raw = pass.modules.filter(name => !later.includes(name))
      const problem = `of one pass, ${later.join(', ')} would read an earlier pass and ${raw.join(', ')} a table`
      problems.push({
        severity: 'error',
        path: `PASSES[${index}].modules`,
        problem,
        hint: 'give them passes of their own',
      })
    } else if (later.length > 0) {
      const isWritten = (path: string) => loaded.locate(path) !== loaded.locate(path.replace(/\.\w+$/, ''))
      // Its own name is no earlier pass.
      results.delete(pass.name)
      const made = planLater(registry, config, index, { results, tables, reference: joinable, keep, own, isWritten })
      problems.push(...made.problems)
      results.set(pass.name, made.plan && sourceOf(made.plan, made.plan.keys, made.plan.rule))
      if (config.DEFAULT_FFILL && made.plan)
        notes.push(`${pass.name}: DEFAULT_FFILL fills passes that read tables only`)
      if (made.plan) passes.push({ plan: made.plan, checks: planChecks(config, index, made.plan, results, problems) })
      if (own) results.delete(own)
    } else {
      const { catalog, found } = opened.get(registry.get('modules', pass.modules[0]).table) as OpenTable
      if (found.files.length === 0 && found.broken.length === 0) continue
      const bars = planPass(registry, config, index, catalog, offer, keep)
      const { plan, ...timeline } = withTimeline(bars.plan, config, index, catalog.config.time_zone)
      problems.push(...bars.problems, ...timeline.problems)
      notes.push(...bars.notes, ...timeline.notes)
      results.set(pass.name, sourceOf(plan, rawKeys(plan), plan.aggregate.rule))
      passes.push({
        plan,
        checks: rowsOf ? null : planChecks(config, index, plan, results, problems),
        files: found.files,
        ...(rowsOf && { rowsOf }),
        ...unitsOf(config, plan, found),
        ...(states &&
          plan.timeline?.grid?.mode === 'adaptative' && {
            states: {
              ...states.found,
              ...planStates(plan, states.catalog, config, offer, `PASSES[${index}].timeline_mode`, problems),
            },
          }),
      })
    }
  }
  problems.push(
    ...planRunChecks(
      loaded.config,
      passes.map(({ plan }) => plan),
    ),
  )
  return passes
}

/** Rows of a raw pass are named by their bucket, or where they are none by what counts them, as BarIndex does. */
function rawKeys({ aggregate, columns }: PassPlan): string[] {
  const keys = columns.filter(({ merge }) => merge === 'key').map(({ name }) => name)
  return aggregate.sequence ? keys.slice(0, 3) : ['Date', 'ListingId', 'TimeBucket']
}

function sourceOf(plan: PassPlan | LaterPlan, keys: string[], rule: BucketRule | null): Source {
  return { name: plan.name, columns: plan.columns, keys, rule, state: plan.state }
}

function unique(problems: Problem[]): Problem[] {
  return [...new Map(problems.map(problem => [JSON.stringify(problem), problem])).values()]
}
