import type { LoadedConfig } from '../configs/index.js'
import { type DataFile, IDENTITY_COLUMNS, type Problem, type Registry } from './core/index.js'
import { ReferenceTable } from './exec/lookup.js'
import { discover, readTable } from './io/index.js'
import { catalogOf, type ReferenceOffer } from './plan/index.js'
import { retryPolicy } from './retry-policy.js'

interface OpenReference {
  reference: ReferenceTable | undefined
  files: readonly DataFile[]
  offer: ReferenceOffer | null
}

const NONE: OpenReference = { reference: undefined, files: [], offer: null }

/** Loads the reference table when the config names one. It is small: one row a listing and date. */
export async function openReference(
  { config, locate }: LoadedConfig,
  registry: Registry,
  problems: Problem[],
): Promise<OpenReference> {
  const settings = config.DATA.tables.reference
  if (!settings) return NONE
  const table = registry.get('tables', 'reference')
  // The table may have been written under either key; problems point at the one that was.
  const path = locate('DATA.reference') === locate('DATA') ? 'DATA.tables.reference' : 'DATA.reference'
  const found = await discover({
    root: config.DATA.root,
    layout: config.DATA.layout,
    table: 'reference',
    ...(settings.path && { path: [settings.path].flat() }),
    bmll: table.bmll,
    retry: retryPolicy(config),
  })
  for (const { error } of found.broken) throw error
  if (found.files.length === 0) {
    problems.push({
      severity: 'error',
      path,
      problem: 'no file of the reference table was found',
      hint: `searched ${found.patterns.join(', ')}`,
    })
    return NONE
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
    return NONE
  }
  const bindings = [...catalog.bindings.values()].filter(({ name }) => name !== 'EventTime')
  const reference = new ReferenceTable(await readTable(found.files, bindings), catalog.bindings.has('Date'))
  const columns = IDENTITY_COLUMNS.filter(name => reference.has(name)).map(name => ({
    name,
    type: reference.column(name).type === 'i64' ? ('i64' as const) : ('str' as const),
  }))
  const { files } = found
  return { reference, files, offer: { columns, all: reference.names(), onUnmapped: config.DATA.on_unmapped } }
}
