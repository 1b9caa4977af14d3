import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import { dirname, join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { booksOf } from './books.sql.js'
import { BASE, folderOf, type TradeData } from './data.js'
import { bareTradesOf, quotePreparation, quotesOf } from './quotes.sql.js'
import { daysFrom, MARKETS, preparation, tradesOf } from './trades.sql.js'

interface Source {
  table: string
  /** Statements that rows of this table need once. */
  before?: (trades: number) => string[]
  rowsOf: (mic: string, day: string) => string
}

/** The tables of a data set. */
const SOURCES: Record<NonNullable<TradeData['table']>, Source[]> = {
  trades: [{ table: 'trades', rowsOf: tradesOf }],
  l2: [{ table: 'l2', rowsOf: booksOf }],
  quoted: [
    { table: 'trades', rowsOf: bareTradesOf },
    { table: 'l2', before: quotePreparation, rowsOf: quotesOf },
  ],
}

// Makes a data set, in a process of its own: it takes minutes and may be as low in priority as the system allows.
setPriority(19)
const data = JSON.parse(process.argv[2]) as TradeData
const base = { ...data, ...BASE, encodings: undefined }
for (const each of [base, data]) if (!existsSync(folderOf(each))) await make(each)

async function make(made: TradeData): Promise<void> {
  const root = folderOf(made)
  const making = `${root}.making-${process.pid}`
  const temp = `${making}.temp`
  const settings = { threads: '2', memory_limit: '8GB', temp_directory: temp }
  const instance = await DuckDBInstance.create(':memory:', settings)
  const connection = await instance.connect()
  try {
    const isBase = root === folderOf(base)
    if (isBase) for (const statement of preparation(made.rows, made.seed)) await connection.run(statement)
    const sources = SOURCES[made.table ?? 'trades']
    for (const { table, before, rowsOf } of sources) {
      if (isBase && before) for (const statement of before(made.rows)) await connection.run(statement)
      for (const day of daysFrom(made.days)) {
        for (const mic of MARKETS) {
          const file = `${table}/date=${day}/mic=${mic}/part-0.parquet`
          mkdirSync(dirname(join(making, file)), { recursive: true })
          const rows = isBase ? rowsOf(mic, day) : reordered(join(folderOf(base), file), made.order)
          await connection.run(
            `COPY (${rows}) TO '${join(making, file)}' (FORMAT parquet, COMPRESSION ${made.codec},
               ROW_GROUP_SIZE ${made.rowGroupRows}, PARQUET_VERSION ${made.encodings ?? 'v1'})`,
          )
        }
      }
    }
    if (made.encodings === 'v2') await demandDelta(connection, making)
    writeFileSync(join(making, 'manifest.json'), JSON.stringify(await factsOf(connection, making, sources[0].table)))
    renameSync(making, root)
  } finally {
    connection.closeSync()
    instance.closeSync()
    for (const folder of [making, temp]) rmSync(folder, { recursive: true, force: true })
  }
}

/** Sequence numbers rise with time, and DuckDB keeps the order of a file that it only copies. */
function reordered(file: string, order: TradeData['order']): string {
  const by = { listing: '', time: 'ORDER BY ExchangeSequenceNo', random: 'ORDER BY hash(ExchangeSequenceNo)' }
  return `SELECT * FROM read_parquet('${file}', hive_partitioning = false) ${by[order]}`
}

/** DuckDB chooses encodings by itself: few distinct values would go to a dictionary. */
async function demandDelta(connection: DuckDBConnection, root: string): Promise<void> {
  const [[other]] = await rowsOf(
    connection,
    `SELECT count(*) FROM parquet_metadata('${root}/trades/*/*/*.parquet')
     WHERE path_in_schema = 'TradeTimestamp' AND encodings <> 'DELTA_BINARY_PACKED'`,
  )
  if (Number(other) > 0) throw new Error(`${other} row groups have timestamps that are not DELTA_BINARY_PACKED`)
}

async function factsOf(
  connection: DuckDBConnection,
  root: string,
  table: string,
): Promise<{ digest: string; bytes: number }> {
  const files = `${root}/${table}/*/*/*.parquet`
  // A sum of hashes is the same whatever the order of rows: all orders must give the same one.
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
