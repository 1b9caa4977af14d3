import { type AnalyticsConfig, defaultTable, type TableConfig } from '../configs/index.js'
import { type DataFile, dayOf, dayText, isWeekend, type Problem, type Registry } from './core/index.js'
import { type Discovery, discover } from './io/index.js'
import { type Catalog, catalogOf } from './plan/index.js'
import { retryPolicy } from './retry-policy.js'

/** A table's files and what its mapping makes of them. */
export interface OpenTable {
  catalog: Catalog
  found: Discovery
}

/** Finds the files of a table, reads their footers and resolves its mapping. Problems and notes are added, none thrown. */
export async function openTable(
  config: AnalyticsConfig,
  registry: Registry,
  name: string,
  problems: Problem[],
  notes: string[],
): Promise<OpenTable> {
  const { DATA } = config
  const table = registry.get('tables', name)
  const settings = DATA.tables[name] ?? defaultTable()
  const found = await discover({
    root: DATA.root,
    layout: DATA.layout,
    table: name,
    ...(settings.path && { path: [settings.path].flat() }),
    bmll: table.bmll,
    ...(DATA.markets && { markets: DATA.markets }),
    ...daysWanted(config),
    retry: retryPolicy(config),
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
  const weekends = skippedWeekends(config, files)
  if (weekends.length > 0) notes.push(`EXCLUDE_WEEKENDS skips ${weekends.map(dayText).join(', ')}`)
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
function daysWanted({ START_DATE, END_DATE, EXCLUDE_WEEKENDS }: AnalyticsConfig): { days?: number[] } {
  if (START_DATE === null || END_DATE === null) return {}
  return { days: daysBetween(START_DATE, END_DATE).filter(day => !(EXCLUDE_WEEKENDS && isWeekend(day))) }
}

/** Weekend dates that are asked for or found, and skipped. */
function skippedWeekends(config: AnalyticsConfig, files: readonly DataFile[]): number[] {
  if (!config.EXCLUDE_WEEKENDS) return []
  const asked =
    config.START_DATE !== null && config.END_DATE !== null ? daysBetween(config.START_DATE, config.END_DATE) : []
  const found = files.flatMap(({ day }) => day ?? [])
  return [...new Set([...asked, ...found])].filter(isWeekend).sort((a, b) => a - b)
}

function daysBetween(first: string, last: string): number[] {
  const from = dayOf(first) as number
  return Array.from({ length: (dayOf(last) as number) - from + 1 }, (_, i) => from + i)
}
