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
import { BasaltError, ConfigError, type DataFile, faultOf, type Problem, type Registry } from './core/index.js'
import type { ReferenceTable } from './exec/lookup.js'
import { addPack, loadPacks } from './exec/packs.js'
import { takenValues } from './exec/taken.js'
import { listingsOf } from './exec/universe.js'
import { openDeclared, type SourceTable } from './open-declared.js'
import { openReference } from './open-reference.js'
import { openNamedStates, openStates } from './open-states.js'
import { type OpenTable, openTable } from './open-table.js'
import { sourcesRead, tablesRead, termsOf } from './plan/index.js'
import { isRaw, type Planning, type PreparedLater, type PreparedPass, planPasses } from './plan-passes.js'

export { isRaw, type PreparedLater, type PreparedPass } from './plan-passes.js'

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
  /** The process does nothing but run the pipeline. */
  ownProcess: boolean
}

export interface PrepareOptions {
  overrides?: readonly Override[]
  env?: Record<string, string | undefined>
  date?: string
  strict?: boolean
  /** The process does nothing but run the pipeline: the memory budget is a ceiling of all that it holds. */
  ownProcess?: boolean
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
  const tables = tablesRead(config, registry)
  const wanted = sourcesRead(registry, config)
  for (const name of config.TABLES_TO_LOAD ?? []) (registry.tables.has(name) ? tables : wanted).add(name)

  const opened = new Map<string, OpenTable>()
  for (const name of tables) opened.set(name, await openTable(config, registry, name, problems, notes))
  const { reference, offer, files: referenceFiles } = await openReference(loaded, registry, problems)
  const states = await openStates(config, registry, problems)
  const declared = await openDeclared(config, registry, reference, wanted, problems, notes)
  problems.push(...wrongLists(config, opened))
  const planning = { loaded, registry, opened, declared, offer, reference, states }
  const passes = await plannedWithTaken(planning, problems, notes)
  const lines = loaded.report(unique(problems))
  const errors = lines.filter(line => !line.startsWith('warning:'))
  if (errors.length > 0 || (options.strict && lines.length > 0)) throw new ConfigError(options.strict ? lines : errors)
  return {
    loaded,
    config,
    registry,
    packs,
    passes,
    files: filesOf(opened, declared, referenceFiles),
    reference,
    tables: declared,
    warnings: [...loaded.warnings, ...lines],
    notes,
    ownProcess: options.ownProcess ?? false,
  }
}

/**
 * Plans passes; tables of which their rows take something are opened when that is known, and with them that of market
 * states where the config names it.
 */
async function plannedWithTaken(
  planning: Omit<Planning, 'taken' | 'problems' | 'notes'>,
  problems: Problem[],
  notes: string[],
): Promise<Prepared['passes']> {
  const plan = (taken: Planning['taken'], states = planning.states) => {
    const found = { problems: [] as Problem[], notes: [] as string[] }
    return { passes: planPasses({ ...planning, taken, states, ...found }), ...found }
  }
  const { registry, opened, loaded } = planning
  let planned = plan(undefined)
  const wants = planned.passes.filter(isRaw).flatMap(({ plan }) => plan.taken?.filter(({ by }) => by !== 'row') ?? [])
  const taken = new Map<string, (OpenTable & { values: string[] }) | null>()
  for (const module of new Set(wants.map(each => each.module))) {
    const name = registry.get('modules', module).table
    const missing: Problem[] = []
    const table = opened.get(name) ?? (await openTable(loaded.config, registry, name, missing, notes))
    const isThere = table.found.files.length > 0
    if (isThere) {
      ;(opened as Map<string, OpenTable>).set(name, table)
      problems.push(...missing)
    }
    const values = wants.filter(each => each.module === module).flatMap(takenValues)
    taken.set(module, isThere ? { ...table, values: [...new Set(values)].sort() } : null)
  }
  if (taken.size > 0) {
    const isAhead = wants.some(({ by, module }) => by === 'time' && taken.get(module))
    const states = planning.states ?? (isAhead ? await openNamedStates(loaded.config, registry, problems) : null)
    planned = plan(taken, states)
  }
  problems.push(...planned.problems)
  notes.push(...planned.notes)
  return planned.passes
}

function filesOf(
  opened: ReadonlyMap<string, OpenTable>,
  declared: Prepared['tables'],
  reference: readonly DataFile[],
): Prepared['files'] {
  const files = new Map([...opened].map(([name, { found }]) => [name, found.files]))
  for (const [name, table] of declared) if (table && table.files.length > 0) files.set(name, [...table.files])
  if (reference.length > 0) files.set('reference', [...reference])
  return files
}

/** Reports files of a universe that cannot be read, or list what is no listing of the tables that are read. */
function wrongLists({ UNIVERSE }: AnalyticsConfig, opened: ReadonlyMap<string, OpenTable>): Problem[] {
  const numeric = [...opened].find(([, { catalog }]) => catalog.bindings.get('ListingId')?.type === 'i64')?.[0]
  const files = termsOf(UNIVERSE).flatMap(({ name, values }) => (name === 'file' ? values : []))
  return files.flatMap((file): Problem[] => {
    try {
      const wrong = listingsOf(file).find(each => !/^-?\d+$/.test(each))
      if (wrong === undefined || numeric === undefined) return []
      const problem = `${file} lists '${wrong}', which is no listing; ids of ${numeric} are integers`
      return [{ severity: 'error', path: 'UNIVERSE', problem }]
    } catch (error) {
      return [
        {
          severity: 'error',
          path: 'UNIVERSE',
          problem: faultOf(error).problem,
        },
      ]
    }
  })
}

function unique(problems: Problem[]): Problem[] {
  return [...new Map(problems.map(problem => [JSON.stringify(problem), problem])).values()]
}
