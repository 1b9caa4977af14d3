import { defaultTable, type TableConfig } from '../../configs/index.js'
import {
  type ColumnBinding,
  type ColumnType,
  columnsOf,
  type DataFile,
  type Expr,
  filterExpr,
  KEY_COLUMNS,
  nearest,
  type OutputColumn,
  type Problem,
  type Source,
  type Table,
  type TableColumn,
  type ValueKind,
} from '../core/index.js'
import { catalogOf, upperSnake } from './catalog.js'

/** A table that a config declares under its own name, as it is read whole. Plain data. */
export interface DeclaredTable {
  source: Source
  files: readonly DataFile[]
  bindings: ColumnBinding[]
  /** Columns that files hold as booleans. They are read as TRUE and FALSE. */
  flags: string[]
  /** Rows to read. */
  where: Expr
}

/** Settings that say something of canonical columns, which a table of one's own has none of. */
const CANONICAL_ONLY = [
  'price_scale',
  'size_scale',
  'side_codes',
  'action_codes',
  'flag_encoding',
  'flags',
  'mixed_units',
] as const

/** Names of integer columns that hold times, beside those of known tables. */
const TIMES = ['EventTime', 'TimeBucket', 'Timestamp', 'EventTimestamp', 'TimestampNanoseconds']

/**
 * Plans a table of the config's own: every column of its files under the name that the config gives it, of the type
 * that the files have. Problems are added, none thrown. Pure: files are described, not read.
 */
export function declaredTable(
  name: string,
  settings: TableConfig,
  files: readonly DataFile[],
  layout: string,
  problems: Problem[],
  times: Iterable<string> = [],
): DeclaredTable {
  const path = `DATA.tables.${name}`
  refuseCanonical(settings, path, problems)
  const dated = withDate(settings, files)
  const table: Table = {
    kind: 'table',
    name,
    doc: `table ${name} of the config`,
    columns: columnsOfTable(dated, files, new Set([...TIMES, ...times])),
    time: [],
    derived: {},
    bmll: bmllNames(name),
  }
  // Its columns are canonical by being declared: what is listed under extra is mapped like the others.
  const mapped = { ...dated, columns: { ...dated.columns, ...dated.extra }, extra: {} }
  const catalog = catalogOf(table, mapped, files, layout, path)
  problems.push(...catalog.problems)
  for (const [column, lacking] of catalog.partial) {
    const shown = lacking.length === 1 ? lacking[0] : `${lacking[0]} and ${lacking.length - 1} more`
    problems.push({ severity: 'warning', path, problem: `column '${column}' is missing in ${shown}; it is null there` })
  }
  const bindings = [...catalog.bindings.values()]
  const flags = table.columns.filter(({ kind }) => kind === 'flag').map(column => column.name)
  const where = filterOf(settings, bindings, path, problems)
  const columns = bindings.map(({ name: column, type }) =>
    outputColumn(column, flags.includes(column) ? 'bool' : type, name),
  )
  return { source: tableSource(name, columns), files, bindings, flags, where }
}

/** Makes a source of a table: nothing is known of how its rows are named or ordered, nor of labels. */
export function tableSource(name: string, columns: OutputColumn[]): Source {
  return { name, columns, keys: [], rule: null, state: {} }
}

/** Describes a column of a table, of which no more is known than its name and type. */
export function outputColumn(name: string, type: ColumnType, table: string): OutputColumn {
  return {
    name,
    type,
    unit: 'as in the file',
    doc: `column ${name} of table ${table}`,
    formula: `${table}.${name}`,
    merge: '–',
    nullRule: 'null where the file is',
    hindsight: false,
    inputs: [name],
    from: `DATA.tables.${table}`,
  }
}

/** Where layout bmll has a table: imbalance lies in Imbalance/…/imbalance-XLON-20260203.parquet. */
export function bmllNames(name: string): Table['bmll'] {
  return { folder: name.charAt(0).toUpperCase() + name.slice(1), prefix: `${name}-` }
}

function refuseCanonical(settings: TableConfig, path: string, problems: Problem[]): void {
  const plain = defaultTable()
  for (const field of CANONICAL_ONLY) {
    if (JSON.stringify(settings[field]) === JSON.stringify(plain[field])) continue
    const problem = `${field} says something of prices, sizes, sides and flags; a table of your own has columns as in its files`
    problems.push({ severity: 'error', path: `${path}.${field}`, problem, hint: `take ${field} out`, atKey: true })
  }
  if (settings.date_from !== 'time') return
  const problem = 'a table of your own has no event time to take dates from'
  problems.push({ severity: 'error', path: `${path}.date_from`, problem, hint: 'use path or column' })
}

/** A column Date holds the dates of a table whose paths do not. */
function withDate(settings: TableConfig, files: readonly DataFile[]): TableConfig {
  const bare = files.every(file => file.day === null && file.columns.some(({ name }) => name === 'Date'))
  if (settings.date_column !== null || settings.columns.Date !== undefined || !bare) return settings
  return { ...settings, date_column: 'Date' }
}

function columnsOfTable(settings: TableConfig, files: readonly DataFile[], times: ReadonlySet<string>): TableColumn[] {
  const { constants, date_column } = settings
  const mapped = { ...settings.columns, ...settings.extra }
  const typeIn = new Map(files.flatMap(file => file.columns.map(({ name, type }) => [name, type] as const)).reverse())
  const columns = new Map<string, TableColumn>()
  const add = (name: string, kind: ValueKind) => {
    if (name !== 'Date' && !columns.has(name)) columns.set(name, { name, kind, doc: name })
  }
  const kindIn = (source: string, name: string) => kindOf(typeIn.get(source) ?? null, times.has(name))
  for (const [name, source] of Object.entries(mapped)) add(name, kindIn(source, name) ?? 'str')
  for (const [name, value] of Object.entries(constants)) add(name, kindOfConstant(value))
  // Keys are known in capitals as well: LISTING_ID.
  const claimed = new Set([...Object.values(mapped), ...(date_column === null ? [] : [date_column])])
  for (const { name } of KEY_COLUMNS.slice(0, 4)) {
    const written = [name, upperSnake(name)].find(each => typeIn.has(each))
    add(name, kindIn(written ?? name, name) ?? 'str')
    if (written !== undefined && mapped[name] === undefined) claimed.add(written)
  }
  for (const [name, type] of [...typeIn].reverse()) {
    const kind = kindOf(type, times.has(name))
    if (kind !== null && !claimed.has(name)) add(name, kind)
  }
  return [...columns.values()]
}

function kindOf(type: DataFile['columns'][number]['type'], isTime: boolean): ValueKind | null {
  switch (type) {
    case 'i32':
    case 'i64':
      return isTime ? 'time' : 'i64'
    case 'ts':
      return 'time'
    case 'bool':
      return 'flag'
    default:
      return type
  }
}

function kindOfConstant(value: unknown): ValueKind {
  if (typeof value === 'number') return Number.isInteger(value) ? 'i64' : 'f64'
  return typeof value === 'boolean' ? 'flag' : 'str'
}

function filterOf(settings: TableConfig, bindings: ColumnBinding[], path: string, problems: Problem[]): Expr {
  const where = filterExpr(settings.filter)
  const names = bindings.map(({ name }) => name)
  for (const column of columnsOf(where)) {
    if (names.includes(column)) continue
    const near = nearest(column, names)
    const hint = near ? `did you mean '${near}'?` : `it has ${names.join(', ')}`
    problems.push({
      severity: 'error',
      path: `${path}.filter.${column}`,
      problem: `no column '${column}'`,
      hint,
      atKey: true,
    })
  }
  return where
}
