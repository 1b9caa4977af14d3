import type { TableConfig } from '../../configs/index.js'
import {
  type ColumnBinding,
  type DataFile,
  nearest,
  type Problem,
  type Table,
  type TableColumn,
} from '../core/index.js'

/** What one table offers: canonical and extra columns with the way each is read, after mapping. */
export interface Catalog {
  table: Table
  config: TableConfig
  bindings: Map<string, ColumnBinding>
  /** Columns that some files lack, by canonical name. */
  partial: Map<string, string[]>
  problems: Problem[]
  flagEncoding: 'mmt' | 'yes_no'
}

/**
 * Resolves a table's mapping against the schemas of its files: each canonical column is mapped by the config, constant,
 * found under its own or its UPPER_SNAKE name or an alias, or taken from the path. Pure: files are described, not read.
 */
export function catalogOf(
  table: Table,
  config: TableConfig,
  files: readonly DataFile[],
  layout: string,
  path: string,
): Catalog {
  const catalog: Catalog = {
    table,
    config,
    bindings: new Map(),
    partial: new Map(),
    problems: [],
    flagEncoding: config.flag_encoding ?? (layout === 'bmll' ? 'mmt' : 'yes_no'),
  }
  const known = new Map(table.columns.map(column => [column.name, column]))
  for (const name of Object.keys(config.columns ?? {})) {
    if (known.has(name) || name === 'Date') continue
    const near = nearest(name, known.keys())
    const problem = near
      ? `unknown canonical column, did you mean '${near}'?`
      : `'${name}' is no canonical column of ${table.name}; it becomes an extra column`
    catalog.problems.push({
      severity: near ? 'error' : 'warning',
      path: `${path}.columns.${name}`,
      problem,
      atKey: true,
      ...(!near && { hint: 'list it under extra to say so' }),
    })
  }
  for (const column of table.columns) bindColumn(catalog, column, files, path)
  bindTime(catalog)
  bindDate(catalog, files)
  bindExtras(catalog, files, path)
  return catalog
}

function bindColumn(catalog: Catalog, column: TableColumn, files: readonly DataFile[], path: string): void {
  const { config, bindings, problems } = catalog
  const mapped = config.columns?.[column.name]
  const constant = config.constants?.[column.name]
  if (constant !== undefined) {
    if (mapped !== undefined) {
      problems.push({
        severity: 'error',
        path: `${path}.constants.${column.name}`,
        problem: `is also mapped to '${mapped}'; keep one of the two`,
        atKey: true,
      })
    }
    bindings.set(column.name, {
      ...bindingType(catalog, column, null, files),
      source: null,
      constant: constantOf(constant),
    })
    return
  }
  const source =
    mapped ?? [column.name, upperSnake(column.name), ...(column.aliases ?? [])].find(name => inFiles(files, name))
  if (source !== undefined) {
    if (mapped !== undefined && files.length > 0 && !inFiles(files, source)) {
      const near = nearest(source, columnNames(files))
      problems.push({
        severity: 'error',
        path: `${path}.columns.${column.name}`,
        problem: `no file of ${catalog.table.name} has a column '${source}'`,
        ...(near && { hint: `did you mean '${near}'?` }),
      })
      return
    }
    noteMissing(catalog, column, source, files, path)
    bindings.set(column.name, { ...bindingType(catalog, column, source, files), source })
    return
  }
  const key = column.name === 'MIC' ? 'mic' : column.name.toLowerCase()
  if (files.length > 0 && files.every(file => file.keys[key] !== undefined || (key === 'mic' && file.mic))) {
    bindings.set(column.name, {
      name: column.name,
      type: column.kind === 'key' ? 'str' : 'str',
      source: null,
      partition: key,
    })
  }
}

/** Files may differ in columns: what a file lacks is null, unless the table requires it. */
function noteMissing(
  catalog: Catalog,
  column: TableColumn,
  source: string,
  files: readonly DataFile[],
  path: string,
): void {
  const lacking = files.filter(file => !file.columns.some(each => each.name === source)).map(file => file.relative)
  if (lacking.length > 0) catalog.partial.set(column.name, lacking)
  const types = new Map<string, string>()
  for (const file of files) {
    const found = file.columns.find(each => each.name === source)
    if (!found) continue
    const family = familyOf(found.type)
    if (!types.has(family)) types.set(family, `${found.physical} in ${file.relative}`)
  }
  if (types.size > 1) {
    catalog.problems.push({
      severity: 'error',
      path: `${path}.columns.${column.name}`,
      problem: `column '${source}' has conflicting types: ${[...types.values()].join(', ')}`,
      hint: 'map these files as tables of their own, or rewrite them',
    })
  }
}

function familyOf(type: string | null): string {
  return type === 'i32' || type === 'i64' ? 'integer' : String(type)
}

function bindingType(
  catalog: Catalog,
  column: TableColumn,
  source: string | null,
  files: readonly DataFile[],
): Omit<ColumnBinding, 'source'> {
  const { config } = catalog
  const { name, kind } = column
  const fileType =
    source === null ? undefined : files.flatMap(file => file.columns).find(each => each.name === source)?.type
  const integer = fileType === 'i32' || fileType === 'i64'
  const scale = column.scale === 'price' ? config.price_scale : column.scale === 'size' ? config.size_scale : undefined
  const scaled = scale !== undefined && String(scale) !== '1' ? { scale: decimalText(scale) } : {}
  switch (kind) {
    case 'f64':
      return { name, type: 'f64', ...scaled }
    case 'number':
      return integer && !('scale' in scaled) ? { name, type: 'i64' } : { name, type: 'f64', ...scaled }
    case 'i64':
      return { name, type: 'i64' }
    case 'key':
      return {
        name,
        type:
          source === null
            ? Number.isInteger(Number(config.constants?.[name]))
              ? 'i64'
              : 'str'
            : integer
              ? 'i64'
              : 'str',
      }
    case 'str':
      return { name, type: 'str' }
    case 'flag':
      return { name, type: 'str', text: true }
    case 'date':
      return { name, type: 'date' }
    case 'code': {
      const own = column.codesKey ? config[column.codesKey] : undefined
      return { name, type: 'i32', codes: { ...(own ?? column.codes) } as Record<string, number> }
    }
    case 'time':
      return { name, type: 'ts', timeUnit: config.time_unit ?? 'auto', timeZone: config.time_zone ?? 'UTC' }
  }
}

/** Writes 0.000001 as decimal text, not as 1e-6. */
function decimalText(value: number | string): string {
  const text = String(value)
  if (!text.includes('e')) return text
  return Number(value).toFixed(20).replace(/0+$/, '').replace(/\.$/, '')
}

function bindTime({ table, bindings }: Catalog): void {
  const source = table.time.map(name => bindings.get(name)).find(binding => binding !== undefined)
  if (source) bindings.set('EventTime', { ...source, name: 'EventTime' })
}

/** The partition date: from the path, or from a column; without either, the engine takes the UTC date of the time. */
function bindDate({ config, bindings }: Catalog, files: readonly DataFile[]): void {
  const column = config.date_column ?? config.columns?.Date
  const inPath = files.length > 0 && files.every(file => file.day !== null)
  if (config.date_from !== 'time' && config.date_from !== 'column' && inPath) {
    bindings.set('Date', { name: 'Date', type: 'date', source: null, partition: 'date' })
  } else if (column && config.date_from !== 'time') {
    bindings.set('Date', { name: 'Date', type: 'date', source: column })
  }
}

function bindExtras(catalog: Catalog, files: readonly DataFile[], path: string): void {
  const { config, bindings, table, problems } = catalog
  const canonical = new Set(table.columns.map(column => column.name))
  const own = Object.entries(config.columns ?? {}).filter(([name]) => !canonical.has(name) && name !== 'Date')
  for (const [name, source] of [...own, ...Object.entries(config.extra ?? {})]) {
    const type = files.flatMap(file => file.columns).find(column => column.name === source)?.type
    if (type === undefined && files.length > 0) {
      const near = nearest(source, columnNames(files))
      problems.push({
        severity: 'error',
        path: `${path}.extra.${name}`,
        problem: `no file of ${table.name} has a column '${source}'`,
        ...(near && { hint: `did you mean '${near}'?` }),
      })
      continue
    }
    bindings.set(name, {
      name,
      type: type === 'bool' || !type ? 'str' : type,
      source,
      ...(type === 'bool' && { text: true }),
    })
  }
  for (const file of files.slice(0, 1)) {
    for (const key of Object.keys(file.keys)) {
      if (key !== 'date' && key !== 'mic' && key !== 'Date' && !bindings.has(key))
        bindings.set(key, { name: key, type: 'str', source: null, partition: key })
    }
  }
  // Columns of the files that no canonical name claims can be filtered by under their own names.
  const claimed = new Set([...bindings.values()].map(binding => binding.source))
  for (const file of files) {
    for (const column of file.columns) {
      if (
        column.name === 'Date' ||
        bindings.has(column.name) ||
        claimed.has(column.name) ||
        canonical.has(column.name) ||
        !column.type
      )
        continue
      const type = column.type === 'bool' ? 'str' : column.type
      bindings.set(column.name, {
        name: column.name,
        type,
        source: column.name,
        ...(column.type === 'bool' && { text: true }),
      })
    }
  }
}

function inFiles(files: readonly DataFile[], name: string): boolean {
  return files.some(file => file.columns.some(column => column.name === name))
}

function columnNames(files: readonly DataFile[]): Set<string> {
  return new Set(files.flatMap(file => file.columns.map(column => column.name)))
}

/** TradeNotionalEUR → TRADE_NOTIONAL_EUR; digits stay with the word before them. */
export function upperSnake(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toUpperCase()
}

function constantOf(value: unknown): string | number | boolean | null {
  return typeof value === 'bigint' ? value.toString() : (value as string | number | boolean | null)
}
