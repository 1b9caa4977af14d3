import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance, version } from '@duckdb/node-api'
import { DAY, MARKETS, preparation, tradesOf } from './trades.sql.js'

/** What a data set of trades is made of. Equal values give equal rows. */
export interface TradeData {
  rows: number
  seed: number
  order: 'listing' | 'time'
  codec: 'snappy' | 'zstd'
  rowGroupRows: number
}

export interface MadeData extends TradeData {
  root: string
  /** Hash of all rows, whatever their order. */
  digest: string
  bytes: number
}

const CACHE = join(import.meta.dirname, '../../bench/.cache')
const SHAPE = 1 // raise it when the rows change: cached files of another shape are then made anew

/**
 * Returns a day of trades in layout hive, made once and kept: 30 columns, 1,500 listings (Zipf), four markets. DuckDB
 * writes it, never Basalt: a writer must not be judged by files of its own.
 */
export async function tradeData(data: TradeData, say: (text: string) => void): Promise<MadeData> {
  const { rows, seed, order, codec, rowGroupRows } = data
  const root = join(CACHE, `trades-v${SHAPE}-${rows}-seed${seed}-${order}-${rowGroupRows}-${codec}-duckdb${version()}`)
  const manifest = join(root, 'manifest.json')
  if (existsSync(manifest)) return { ...data, root, ...JSON.parse(readFileSync(manifest, 'utf8')) }

  say(`Making ${rows.toLocaleString('en')} trades by ${order}, ${codec} (once; kept in bench/.cache) …`)
  const making = `${root}.making-${process.pid}`
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', temp_directory: join(CACHE, 'temp') })
  const connection = await instance.connect()
  try {
    for (const statement of preparation(rows, seed)) await connection.run(statement)
    for (const mic of MARKETS) {
      const folder = join(making, 'trades', `date=${DAY}`, `mic=${mic}`)
      mkdirSync(folder, { recursive: true })
      await connection.run(
        `COPY (${tradesOf(mic, order)}) TO '${join(folder, 'part-0.parquet')}'
           (FORMAT parquet, COMPRESSION ${codec}, ROW_GROUP_SIZE ${rowGroupRows})`,
      )
    }
    const facts = await factsOf(connection, making)
    writeFileSync(join(making, 'manifest.json'), JSON.stringify(facts))
    rmSync(root, { recursive: true, force: true })
    renameSync(making, root)
    return { ...data, root, ...facts }
  } finally {
    connection.closeSync()
    instance.closeSync()
    rmSync(making, { recursive: true, force: true })
  }
}

async function factsOf(connection: DuckDBConnection, root: string): Promise<{ digest: string; bytes: number }> {
  const files = `${root}/trades/*/*/*.parquet`
  // A sum of hashes is the same whatever the order of rows: both orders must give the same one.
  const [[digest]] = await rowsOf(
    connection,
    `SELECT CAST(sum(hash(trade)) AS VARCHAR) FROM read_parquet('${files}', hive_partitioning = false) AS trade`,
  )
  const [[bytes]] = await rowsOf(connection, `SELECT CAST(sum(size) AS DOUBLE) FROM read_blob('${files}')`)
  return { digest: String(digest), bytes: Number(bytes) }
}

async function rowsOf(connection: DuckDBConnection, sql: string): Promise<unknown[][]> {
  return (await connection.runAndReadAll(sql)).getRows()
}
