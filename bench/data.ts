import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { version } from '@duckdb/node-api'

/** How trades are laid out in files. */
export interface Layout {
  order: 'listing' | 'time' | 'random'
  rowGroupRows: number
  codec: 'snappy' | 'zstd'
  /** v2: timestamps are DELTA_BINARY_PACKED, doubles of many values BYTE_STREAM_SPLIT. Default v1: PLAIN. */
  encodings?: 'v1' | 'v2'
}

/** What a data set is made of. Equal values give equal rows. */
export interface TradeData extends Layout {
  /** l2: books of the listings that are traded; quoted: trades, and the best quotes of their listings. Default trades. */
  table?: 'trades' | 'l2' | 'quoted'
  rows: number // of each day
  seed: number
  days: number
}

export interface MadeData extends TradeData {
  root: string
  /** Hash of all rows, whatever their order. */
  digest: string
  bytes: number
}

const CACHE = join(import.meta.dirname, '../../bench/.cache')
const SHAPE = 1 // raise it when the rows change: cached files of another shape are then made anew

/** Layout from which all others are rewritten, so that every order and codec holds the same rows. */
export const BASE: Layout = { order: 'listing', rowGroupRows: 122_880, codec: 'snappy' }

/** Returns the folder of a data set, made or not. */
export function folderOf({
  table = 'trades',
  rows,
  seed,
  days,
  order,
  rowGroupRows,
  codec,
  encodings,
}: TradeData): string {
  const layout = [
    order,
    rowGroupRows,
    codec,
    ...(encodings === 'v2' ? ['v2'] : []),
    ...(days > 1 ? [`${days}days`] : []),
  ]
  return join(CACHE, [table, `v${SHAPE}`, rows, `seed${seed}`, ...layout, `duckdb${version()}`].join('-'))
}

/** Returns a layout in words: `listing 122k snappy`. */
export const layoutName = ({ order, rowGroupRows, codec, encodings }: Layout): string =>
  [order, rowGroupRows < 1e6 ? '122k' : '1M', codec, ...(encodings === 'v2' ? ['delta'] : [])].join(' ')

/**
 * Returns days of trades in layout hive, made once and kept: 30 columns, 1,500 listings (Zipf), four markets; or of books
 * of five levels; or of trades without quotes and, beside them, quotes. DuckDB writes them, never Basalt: a writer must
 * not be judged by files of its own.
 */
export function tradeData(data: TradeData): MadeData {
  const root = folderOf(data)
  const manifest = join(root, 'manifest.json')
  if (!existsSync(manifest)) {
    console.error(
      `Making ${data.rows.toLocaleString('en')} rows of ${data.table ?? 'trades'}, ${layoutName(data)} (once; kept in bench/.cache) …`,
    )
    execFileSync(process.execPath, [join(import.meta.dirname, 'data-process.js'), JSON.stringify(data)])
  }
  return { ...data, root, ...JSON.parse(readFileSync(manifest, 'utf8')) }
}
