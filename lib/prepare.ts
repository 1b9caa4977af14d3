import { pathToFileURL } from 'node:url'
import {
  type AnalyticsConfig,
  type ConfigSource,
  type LoadedConfig,
  type Override,
  packs,
  readConfig,
  type TableConfig,
  validateConfig,
} from '../configs/index.js'
import {
  type BasaltError,
  ConfigError,
  type DataFile,
  dayOf,
  dayText,
  IDENTITY_COLUMNS,
  isWeekend,
  type PassPlan,
  type Problem,
  type Registry,
  type Unit,
} from './core/index.js'
import { ReferenceTable } from './exec/lookup.js'
import { loadPacks } from './exec/packs.js'
import { type BrokenFile, type Discovery, discover, readTable } from './io/index.js'
import { type Catalog, catalogOf, cutUnits, dayWanted, planPass, type ReferenceOffer } from './plan/index.js'

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
export const BUILT_IN = new URL('../operators/index.js', import.meta.url).href

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
  const urls = [BUILT_IN, ...packs(raw).map(packUrl)]
  const registry = await loadPacks(urls)
  return { loaded: validateConfig(raw, registry, { strict: options.strict }), registry, packs: urls }
}

function packUrl({ specifier, base }: { specifier: string; base: string }): string {
  const relative = specifier.startsWith('.') || specifier.startsWith('/')
  return relative ? new URL(specifier, pathToFileURL(`${base}/`)).href : import.meta.resolve(specifier)
}

/** Plans every pass of a config against the footers of its files. All problems are reported together. */
export async function prepare(sources: readonly ConfigSource[], options: PrepareOptions = {}): Promise<Prepared> {
  const { loaded, registry, packs } = await loadConfig(sources, options)
  const { config } = loaded
  const problems: Problem[] = []
  const notes: string[] = []
  const tables = new Set(config.PASSES.flatMap(pass => pass.modules.map(name => registry.get('modules', name).table)))
  for (const name of config.TABLES_TO_LOAD ?? []) tables.add(name)

  const opened = new Map<string, { catalog: Catalog; found: Discovery }>()
  for (const name of tables) opened.set(name, await openTable(config, registry, name, problems, notes))
  const { reference, offer } = await openReference(loaded, registry, problems)

  const passes: PreparedPass[] = []
  for (const [index, pass] of config.PASSES.entries()) {
    const table = registry.get('modules', pass.modules[0]).table
    const { catalog, found } = opened.get(table) as { catalog: Catalog; found: Discovery }
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

async function openTable(
  config: AnalyticsConfig,
  registry: Registry,
  name: string,
  problems: Problem[],
  notes: string[],
): Promise<{ catalog: Catalog; found: Discovery }> {
  const { DATA } = config
  const table = registry.get('tables', name)
  const settings = tableConfig(config, name)
  const found = await discover({
    root: DATA.root,
    layout: DATA.layout,
    table: name,
    ...(settings.path && { path: [settings.path].flat() }),
    bmll: table.bmll,
    ...(DATA.markets && { markets: DATA.markets }),
    ...daysWanted(config),
  })
  if (found.files.length === 0 && found.broken.length === 0) {
    problems.push({
      severity: 'error',
      path: settings.path ? `DATA.tables.${name}.path` : 'DATA',
      problem: `no file of table ${name} was found for the dates asked for`,
      hint: `searched ${found.patterns.join(', ')}`,
    })
  }
  reportMissing(config, name, settings, found, problems, notes)
  const catalog = catalogOf(table, settings, found.files, DATA.layout, `DATA.tables.${name}`)
  problems.push(...catalog.problems)
  return { catalog, found }
}

function reportMissing(
  config: AnalyticsConfig,
  name: string,
  settings: TableConfig,
  { missing, files }: Discovery,
  problems: Problem[],
  notes: string[],
): void {
  const present = new Set(files.map(({ day }) => day))
  const gaps = missing.filter(({ day }) => !(config.EXCLUDE_WEEKENDS && isWeekend(day)))
  const shown = gaps.filter(({ day }) => settings.on_missing_file === 'error' || present.has(day) || files.length > 0)
  if (config.EXCLUDE_WEEKENDS) {
    const weekends = [...new Set(files.map(({ day }) => day))].filter(day => day !== null && isWeekend(day))
    if (weekends.length > 0)
      notes.push(`weekend dates are skipped: ${weekends.map(day => dayText(day as number)).join(', ')}`)
  }
  if (shown.length === 0 || settings.on_missing_file === 'skip') return
  const list = shown.slice(0, 5).map(({ day, mic }) => [dayText(day), mic].filter(Boolean).join(' '))
  problems.push({
    severity: settings.on_missing_file === 'error' ? 'error' : 'warning',
    path: `DATA.tables.${name}`,
    problem: `no file of ${name} for ${list.join(', ')}${shown.length > 5 ? ` and ${shown.length - 5} more` : ''}`,
    ...(settings.on_missing_file !== 'error' && {
      hint: 'these are skipped; on_missing_file: error makes this an error',
    }),
  })
}

/** Days of START_DATE..END_DATE, when both are given; else every day that is found. */
function daysWanted(config: AnalyticsConfig): { days?: number[] } {
  const from = config.START_DATE === null ? null : (dayOf(config.START_DATE) as number)
  const to = config.END_DATE === null ? null : (dayOf(config.END_DATE) as number)
  if (from === null || to === null) return {}
  const days = Array.from({ length: to - from + 1 }, (_, i) => from + i)
  return { days: days.filter(day => !(config.EXCLUDE_WEEKENDS && isWeekend(day))) }
}

function tableConfig(config: AnalyticsConfig, name: string): TableConfig {
  const given = config.DATA.tables[name]
  if (given) return given
  return DEFAULT_TABLE
}

const DEFAULT_TABLE: TableConfig = {
  path: null,
  columns: {},
  constants: {},
  time_unit: 'auto',
  time_zone: 'UTC',
  date_column: null,
  date_from: 'path',
  price_scale: '1',
  size_scale: '1',
  extra: {},
  side_codes: { 0: 0, 1: 1, 2: 2 },
  action_codes: { 1: 1, 2: 2, 3: 3, 4: 4 },
  flag_encoding: null,
  flags: {},
  mixed_units: 'error',
  on_missing_file: 'warn',
  filter: {},
}

/** Loads the reference table when the config names one. It is small: one row a listing and date. */
async function openReference(
  { config, locate }: LoadedConfig,
  registry: Registry,
  problems: Problem[],
): Promise<{ reference: ReferenceTable | undefined; offer: ReferenceOffer | null }> {
  const settings = config.DATA.tables.reference
  if (!settings) return { reference: undefined, offer: null }
  const table = registry.get('tables', 'reference')
  // The table may have been written under either key; problems point at the one that was.
  const path = locate('DATA.reference') === locate('DATA') ? 'DATA.tables.reference' : 'DATA.reference'
  const found = await discover({
    root: config.DATA.root,
    layout: config.DATA.layout,
    table: 'reference',
    ...(settings.path && { path: [settings.path].flat() }),
    bmll: table.bmll,
  })
  for (const { error } of found.broken) throw error
  if (found.files.length === 0) {
    problems.push({
      severity: 'error',
      path,
      problem: 'no file of the reference table was found',
      hint: `searched ${found.patterns.join(', ')}`,
    })
    return { reference: undefined, offer: null }
  }
  const dated =
    settings.date_column === null &&
    found.files.every(file => file.day === null && file.columns.some(({ name }) => name === 'Date'))
  const catalog = catalogOf(
    table,
    dated ? { ...settings, date_column: 'Date' } : settings,
    found.files,
    config.DATA.layout,
    path,
  )
  problems.push(...catalog.problems.filter(({ severity }) => severity === 'error'))
  if (!catalog.bindings.has('ListingId')) {
    problems.push({
      severity: 'error',
      path,
      problem: "the reference table has no column 'ListingId'",
      hint: 'map it under columns',
    })
    return { reference: undefined, offer: null }
  }
  const bindings = [...catalog.bindings.values()].filter(({ name }) => name !== 'EventTime')
  const reference = new ReferenceTable(await readTable(found.files, bindings), catalog.bindings.has('Date'))
  const columns = IDENTITY_COLUMNS.filter(name => reference.has(name)).map(name => ({
    name,
    type: reference.column(name).type === 'i64' ? ('i64' as const) : ('str' as const),
  }))
  return { reference, offer: { columns, all: reference.names(), onUnmapped: config.DATA.on_unmapped } }
}

function unitsOf(config: AnalyticsConfig, plan: PassPlan, found: Discovery): Pick<PreparedPass, 'units' | 'broken'> {
  const request = {
    pass: plan.name,
    files: found.files,
    from: config.START_DATE === null ? null : (dayOf(config.START_DATE) as number),
    to: config.END_DATE === null ? null : (dayOf(config.END_DATE) as number),
    excludeWeekends: config.EXCLUDE_WEEKENDS,
  }
  const units = cutUnits(request)
  const broken = new Map<string, BasaltError>()
  for (const file of found.broken) {
    if (!dayWanted(file.day, request)) continue
    for (const unit of unitsAt(units, plan.name, file)) if (!broken.has(unit.id)) broken.set(unit.id, file.error)
  }
  units.sort((a, b) => (a.day ?? 0) - (b.day ?? 0))
  return { units, broken }
}

/** Returns the units that would have read a broken file; one that has no other file is made for it. */
function unitsAt(units: Unit[], pass: string, { day }: BrokenFile): Unit[] {
  const hit = day === null ? units : units.filter(unit => unit.day === day)
  if (hit.length > 0) return hit
  const unit: Unit = {
    id: day === null ? pass : `${pass}@${dayText(day)}`,
    pass,
    day,
    listings: null,
    parts: [],
    rows: 0,
  }
  units.push(unit)
  return [unit]
}

function unique(problems: Problem[]): Problem[] {
  return [...new Map(problems.map(problem => [JSON.stringify(problem), problem])).values()]
}
