import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { sourceColumns } from './columns.js'
import type { DataSettings } from './settings.js'

/** A data set on disk, and as table `rows_{index}` of DuckDB. */
export interface DataSet {
  settings: DataSettings
  /** DATA of a config that reads it. */
  DATA: Record<string, unknown>
  table: string
  encodings: string[]
  /** Most row groups of one file. */
  groups: number
}

interface File {
  path: string
  day: string
  mic: string
  market: number
}

/** Writes the files of a data set below `folder` with DuckDB and reads them back into a table of plain names. */
export async function writeDataSet(db: DuckDBConnection, folder: string, settings: DataSettings): Promise<DataSet> {
  const { index, codec, version, dictionary, rowGroupRows } = settings
  const root = join(folder, `data-${index}`)
  const files = filesOf(settings)
  const options = [
    'FORMAT parquet',
    `COMPRESSION ${codec}`,
    `PARQUET_VERSION ${version}`,
    `ROW_GROUP_SIZE ${rowGroupRows}`,
    ...(dictionary ? [] : ['DICTIONARY_SIZE_LIMIT 1']),
  ]
  await db.run(`CREATE OR REPLACE TEMP TABLE made AS ${madeRows(settings, files)}`)
  const { seed } = settings
  const orders = { listing: 'place, ns', time: 'ns', random: `hash(i, ${seed})`, reversed: 'ns DESC' }
  for (const [k, file] of files.entries()) {
    const path = join(root, file.path)
    mkdirSync(dirname(path), { recursive: true })
    const rows = `SELECT COLUMNS('^[A-Z]') FROM made WHERE file = ${k} ORDER BY ${orders[settings.order]}, i`
    await db.run(`COPY (${rows}) TO '${path}' (${options.join(', ')})`)
  }
  const table = `rows_${index}`
  await db.run(`CREATE TABLE ${table} AS ${plainRows(settings, root, files)}`)
  const read = await db.runAndReadAll(
    `SELECT string_agg(DISTINCT encodings, ', '), 1 + max(row_group_id)
     FROM parquet_metadata([${files.map(({ path }) => `'${join(root, path)}'`)}])`,
  )
  const [[encodings, groups]] = read.getRows()
  return {
    settings,
    DATA: dataOf(settings, root),
    table,
    encodings: [...new Set(String(encodings).split(', '))],
    groups: Number(groups),
  }
}

function filesOf({ dates, mics, parts, layout }: DataSettings): File[] {
  return dates.flatMap(day =>
    mics.flatMap((mic, market) =>
      Array.from({ length: parts }, (_, part) => ({ path: pathOf(layout, day, mic, part), day, mic, market })),
    ),
  )
}

/** The names of parts sort otherwise than their numbers: file order is that of the path. */
function pathOf(layout: DataSettings['layout'], day: string, mic: string, part: number): string {
  const [yyyy, mm, dd] = day.split('-')
  const name = ['b', 'a', 'C'][part]
  if (layout === 'hive') return `trades/date=${day}/mic=${mic}/${name}.parquet`
  if (layout === 'bmll') return `Trades-Plus/${mic}/${yyyy}/${mm}/${dd}/trades-plus-${mic}-${yyyy}${mm}${dd}.parquet`
  return `ticks/${yyyy}${mm}/${mic}/${dd}-${name}.parquet`
}

function dataOf(settings: DataSettings, root: string): Record<string, unknown> {
  const { layout, time, scaled, textSides, units, tableFilter, flags } = settings
  const template = 'ticks/{yyyy}{mm}/{mic}/{dd}-*.parquet'
  const trades = {
    extra: { Venue: 'Venue', Rank: 'Rank', Score: 'Score' },
    flag_encoding: flags,
    ...(time === 'integer_ms' && { time_unit: 'ms' }),
    ...(scaled && { price_scale: 0.0001 }),
    ...(textSides && { side_codes: { B: 1, S: 2, U: 0 } }),
    ...((units === 'exclude' || units === 'ignore') && { mixed_units: units }),
    ...(tableFilter && { filter: TABLE_FILTER }),
  }
  return { root, layout: layout === 'template' ? template : layout, tables: { trades } }
}

/** Rows that data sets with a table filter keep. */
const TABLE_FILTER = { Venue: { not: 'C' }, Rank: { min: 2 } }
const TABLE_FILTER_SQL = `Venue <> 'C' AND Rank >= 2`

/** Makes the rows of all files: what is written has capitals, what it follows from has none. */
function madeRows(settings: DataSettings, files: readonly File[]): string {
  const { rows, time } = settings
  const { facts, columns } = sourceColumns(settings)
  const stamp = {
    ns: 'make_timestamp_ns(ns)',
    us: 'make_timestamp(ns // 1000)',
    utc: 'make_timestamptz(ns // 1000)',
    integer_ns: 'ns',
    integer_ms: 'ns // 1000000',
  }
  const list = files.map(({ day, market }, k) => `(${k}, '${day}', ${market})`)
  return `
    WITH files(file, day, market) AS (VALUES ${list.join(', ')}),
      drawn AS (SELECT i, file, ${facts.join(', ')} FROM range(${rows}) AS r(i) JOIN files ON file = i * ${files.length} // ${rows})
    SELECT i, file, place, ns, ${stamp[time]} AS TradeTimestamp, ${columns.join(', ')} FROM drawn`
}

/** The rows of the files under the names that the SQL of metrics uses, by semantics 1.2, 3.1 and 4.3. */
function plainRows(settings: DataSettings, root: string, files: readonly File[]): string {
  const { time, scaled, sequence, units } = settings
  const nanos = { ns: 'epoch_ns(TradeTimestamp)', us: 'epoch_ns(TradeTimestamp)', utc: 'epoch_ns(TradeTimestamp)' }
  const t = time === 'integer_ns' ? 'TradeTimestamp' : time === 'integer_ms' ? 'TradeTimestamp * 1000000' : nanos[time]
  const finite = (name: string) => `CASE WHEN isfinite(${name}::DOUBLE) THEN ${name} END`
  const price = (name: string) => (scaled ? `${name} / 10000.0::DOUBLE` : finite(name))
  const priced = ['Price', ...(foreign(units) ? ['InstrumentCurrencyPrice'] : []), ...QUOTES]
  const numbers = [
    'Size',
    'TradeNotionalEUR',
    'TradeNotionalUSD',
    'Score',
    'PricePoint',
    'PricePointAtVenue',
    'PricePointAtPrimary',
  ]
  const replaced = [
    ...priced.map(name => `${price(name)} AS ${name}`),
    ...numbers.map(name => `${finite(name)} AS ${name}`),
  ]
  const [source, number] = {
    none: ['0', '0'],
    numbers: ['0', 'ExchangeSequenceNo'],
    sources: ['BMLLSequenceSource', 'BMLLSequenceNo'],
  }[sequence]
  const paths = files.map(({ path, day, mic }) => `('${join(root, path)}', '${day}', '${mic}')`)
  return `
    WITH files(path, day, market) AS (VALUES ${paths.join(', ')}),
      read AS (SELECT * REPLACE (${replaced.join(', ')}), ${t} AS t
        FROM read_parquet([${files.map(({ path }) => `'${join(root, path)}'`)}], file_row_number = true, filename = true))
    SELECT read.*, day, market AS mic, ListingId AS l, ${unitPrice(units)} AS p, Size AS q,
      CASE AggressorSide::VARCHAR WHEN '1' THEN 1 WHEN 'B' THEN 1 WHEN '2' THEN 2 WHEN 'S' THEN 2 WHEN '0' THEN 0 WHEN 'U' THEN 0 END AS side,
      CASE side WHEN 1 THEN 1 WHEN 2 THEN -1 ELSE 0 END AS d, ${units === 'none' ? 'NULL' : 'CurrencyCode'} AS currency,
      row_number() OVER (ORDER BY t, ${source}, ${number} NULLS LAST, day, market, path, file_row_number) AS place
    FROM read JOIN files ON read.filename = files.path
    ${settings.tableFilter ? `WHERE ${TABLE_FILTER_SQL}` : ''}`
}

const QUOTES = ['', 'AtVenue', 'AtPrimary']
  .flatMap(scope => [`BestBidPrice${scope}`, `BestAskPrice${scope}`])
  .concat(
    ['', 'AtPrimary'].flatMap(scope => [
      ...[`PreTradeMid${scope}`, `PostTradeMid${scope}`],
      ...[100, 1000, 60_000].map(ms => `PostTradeMid${ms}ms${scope}`),
    ]),
  )

const foreign = (units: DataSettings['units']) => units !== 'none' && units !== 'listing'

/** LocalPrice: the listing's own unit, converted between pounds and pence where a price comes in the other one. */
function unitPrice(units: DataSettings['units']): string {
  if (!foreign(units)) return 'Price'
  if (units === 'ignore') return 'coalesce(InstrumentCurrencyPrice, Price)'
  if (units === 'exclude') {
    return 'coalesce(InstrumentCurrencyPrice, CASE WHEN CurrencyCode = InstrumentCurrencyCode THEN Price END)'
  }
  const factor = 'coalesce(MinorCurrencyFactor, 0.01::DOUBLE)'
  return `coalesce(InstrumentCurrencyPrice, CASE WHEN CurrencyCode = InstrumentCurrencyCode THEN Price
    WHEN InstrumentCurrencyCode = 'GBX' THEN Price / ${factor} ELSE Price * ${factor} END)`
}
