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
import {
  BasaltError,
  ConfigError,
  type DataFile,
  faultOf,
  type PassPlan,
  type Problem,
  type Registry,
  type Unit,
} from './core/index.js'
import type { ReferenceTable } from './exec/lookup.js'
import { addPack, loadPacks } from './exec/packs.js'
import { openReference } from './open-reference.js'
import { type OpenTable, openTable } from './open-table.js'
import { unitsOf } from './open-units.js'
import { planPass } from './plan/index.js'

/** Everything that a run needs, settled before any data but footers and reference rows is read. */
export interface Prepared {
  loaded: LoadedConfig
  config: AnalyticsConfig
  registry: Registry
  /** Module URLs that make up the registry, for workers. */
  packs: string[]
  passes: PreparedPass[]
  files: Map<string, DataFile[]> // by table
  reference: ReferenceTable | undefined
  /** Located lines that begin with `warning:`. */
  warnings: string[]
  /** Things worth knowing that are no warnings: skipped dates, filters that are off. */
  notes: string[]
}

export interface PreparedPass {
  plan: PassPlan
  units: Unit[]
  files: DataFile[]
  broken: Map<string, BasaltError> // by unit
}

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
  const tables = new Set(config.PASSES.flatMap(pass => pass.modules.map(name => registry.get('modules', name).table)))
  for (const name of config.TABLES_TO_LOAD ?? []) tables.add(name)

  const opened = new Map<string, OpenTable>()
  for (const name of tables) opened.set(name, await openTable(config, registry, name, problems, notes))
  const { reference, offer } = await openReference(loaded, registry, problems)

  const passes: PreparedPass[] = []
  for (const [index, pass] of config.PASSES.entries()) {
    const table = registry.get('modules', pass.modules[0]).table
    const { catalog, found } = opened.get(table) as OpenTable
    if (found.files.length === 0 && found.broken.length === 0) continue
    const { plan, problems: ofPass, notes: passNotes } = planPass(registry, config, index, catalog, offer)
    problems.push(...ofPass)
    notes.push(...passNotes)
    passes.push({ plan, files: found.files, ...unitsOf(config, plan, found) })
  }
  const lines = loaded.report(unique(problems))
  const errors = lines.filter(line => !line.startsWith('warning:'))
  if (errors.length > 0 || (options.strict && lines.length > 0)) throw new ConfigError(options.strict ? lines : errors)
  return {
    loaded,
    config,
    registry,
    packs,
    passes,
    files: new Map([...opened].map(([name, { found }]) => [name, found.files])),
    reference,
    warnings: [...loaded.warnings, ...lines],
    notes,
  }
}

function unique(problems: Problem[]): Problem[] {
  return [...new Map(problems.map(problem => [JSON.stringify(problem), problem])).values()]
}
