import { type AnalyticsConfig, defaultTable } from '../configs/index.js'
import { type Frame, frameOf, type Problem, type Registry, type Source, selected } from './core/index.js'
import { declaredRows } from './exec/declared-rows.js'
import type { ReferenceTable } from './exec/lookup.js'
import { discover } from './io/index.js'
import { bmllNames, declaredTable, outputColumn, tableSource } from './plan/index.js'
import { retryPolicy } from './retry-policy.js'

/** A table that later passes can read whole. */
export interface SourceTable {
  source: Source
  /** Reads some of its columns, in file order. */
  rows(columns: readonly string[], signal?: AbortSignal): AsyncIterable<Frame>
  /** What was found of it, for people. */
  files: Awaited<ReturnType<typeof discover>>['files']
}

/**
 * Opens the tables of the config that later passes may name as sources: those under names of their own, and the
 * reference table. Of those that are `wanted` the footers are read; of the others no more than the name is known.
 */
export async function openDeclared(
  config: AnalyticsConfig,
  registry: Registry,
  reference: ReferenceTable | undefined,
  wanted: ReadonlySet<string>,
  problems: Problem[],
  notes: string[],
): Promise<Map<string, SourceTable | undefined>> {
  const tables = new Map<string, SourceTable | undefined>()
  const times = [...registry.tables.values()].flatMap(({ time }) => time)
  for (const name of Object.keys(config.DATA.tables)) {
    if (name === 'reference') tables.set(name, reference && referenceSource(reference))
    else if (registry.tables.has(name)) continue
    else tables.set(name, wanted.has(name) ? await opened(config, name, times, problems, notes) : undefined)
  }
  return tables
}

async function opened(
  config: AnalyticsConfig,
  name: string,
  times: string[],
  problems: Problem[],
  notes: string[],
): Promise<SourceTable | undefined> {
  const { DATA } = config
  const settings = DATA.tables[name] ?? defaultTable()
  // Whatever the dates of the run: what holds on a date may have been stated on an earlier one.
  const { files, broken, patterns } = await discover({
    root: DATA.root,
    layout: DATA.layout,
    table: name,
    ...(settings.path && { path: [settings.path].flat() }),
    bmll: bmllNames(name),
    retry: retryPolicy(config),
    ...(DATA.markets && { markets: DATA.markets }),
  })
  for (const { error } of broken) throw error
  if (files.length === 0) {
    const problem = `no file of table ${name} was found`
    const path = settings.path ? `DATA.tables.${name}.path` : `DATA.tables.${name}`
    problems.push({ severity: 'error', path, problem, hint: `searched ${patterns.join(', ')}` })
    return undefined
  }
  const table = declaredTable(name, settings, files, DATA.layout, problems, times)
  const unread = files[0].columns.filter(({ type }) => type === null)
  if (unread.length > 0) {
    const list = unread.map(column => `${column.name} (${column.physical})`).join(', ')
    notes.push(`table ${name}: ${list} cannot be read and ${unread.length === 1 ? 'is' : 'are'} left out`)
  }
  return { source: table.source, files, rows: (columns, signal) => declaredRows(table, columns, signal) }
}

function referenceSource(reference: ReferenceTable): SourceTable {
  const columns = reference.names().map(name => outputColumn(name, reference.column(name).type, 'reference'))
  return {
    source: tableSource('reference', columns),
    files: [],
    async *rows(names) {
      for (const batch of reference.source.batches) yield frameOf(selected(batch, names))
    },
  }
}
