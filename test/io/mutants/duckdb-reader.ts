import {
  type DuckDBConnection,
  DuckDBInstance,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBVector,
} from '@duckdb/node-api'
import { ColumnDigest, type Outcome, type Tag } from './outcome.js'

let instance: DuckDBInstance | undefined
let connection: DuckDBConnection | undefined

async function connected(): Promise<DuckDBConnection> {
  if (connection) return connection
  instance = await DuckDBInstance.create(':memory:', { threads: '1', memory_limit: '2GB', temp_directory: '' })
  connection = await instance.connect()
  await connection.run("SET TimeZone='UTC'")
  await connection.run('SET enable_external_file_cache=false') // paths are used again for other bytes
  return connection
}

/** Reads every column with DuckDB; after a failure each alone of those that are wanted, all of them by default. */
export async function read(path: string, wanted?: readonly number[], detail = false): Promise<Outcome> {
  const source = `read_parquet('${path.replaceAll("'", "''")}', hive_partitioning = false)`
  try {
    return await queried(`SELECT * FROM ${source}`, detail)
  } catch (error) {
    if (isFatal(error)) return await reopened(error)
    if (wanted?.length === 0) return { refusal: refusalOf(error), names: [], columns: [] }
    const names = await namesOf(source).catch(() => undefined)
    if (!names) return { refusal: refusalOf(error), names: [], columns: [] }
    if (names.length === 1) return { names, columns: [refusalOf(error)] }
    return await apart(source, names, wanted, detail)
  }
}

async function namesOf(source: string): Promise<string[]> {
  const statement = await (await connected()).prepare(`SELECT * FROM ${source}`)
  const names = Array.from({ length: statement.columnCount }, (_, i) => statement.columnName(i))
  statement.destroySync()
  return names
}

async function apart(
  source: string,
  names: string[],
  wanted: readonly number[] | undefined,
  detail: boolean,
): Promise<Outcome> {
  const columns: Outcome['columns'] = []
  for (const [i, name] of names.entries()) {
    if (wanted && !wanted.includes(i)) {
      columns.push(null)
      continue
    }
    try {
      const { columns: one } = await queried(`SELECT "${name.replaceAll('"', '""')}" FROM ${source}`, detail)
      columns.push(one[0]!)
    } catch (error) {
      if (isFatal(error)) return await reopened(error)
      columns.push(refusalOf(error))
    }
  }
  return { names, columns }
}

const refusalOf = (error: unknown) => ({ refused: (error as Error).message.slice(0, 300) })
const isFatal = (error: unknown) => /INTERNAL Error|FATAL Error|invalidated/i.test((error as Error).message)

/** Opens another database: one that has met an internal error answers nothing more. */
async function reopened(error: unknown): Promise<Outcome> {
  connection?.closeSync()
  instance?.closeSync()
  connection = undefined
  return { refusal: refusalOf(error), names: [], columns: [], fatal: true }
}

async function queried(sql: string, detail: boolean): Promise<Outcome> {
  const result = await (await connected()).stream(sql)
  const names = result.columnNames()
  const types = result.columnTypes()
  const digests = types.map(type => new ColumnDigest(tagOf(type), detail))
  for (;;) {
    const chunk = await result.fetchChunk()
    if (!chunk || chunk.rowCount === 0) break
    for (const [i, digest] of digests.entries()) add(digest, chunk.getColumnVector(i), types[i], chunk.rowCount)
  }
  return { names, columns: digests.map(digest => digest.outcome()) }
}

const T = DuckDBTypeId
const INTEGERS = [T.TINYINT, T.SMALLINT, T.INTEGER, T.BIGINT, T.UTINYINT, T.USMALLINT, T.UINTEGER, T.UBIGINT]
const TICKS = new Map([
  [T.TIMESTAMP_S, 1_000_000_000n],
  [T.TIMESTAMP_MS, 1_000_000n],
  [T.TIMESTAMP, 1000n],
  [T.TIMESTAMP_TZ, 1000n],
  [T.TIMESTAMP_NS, 1n],
])

function tagOf({ typeId }: DuckDBType): Tag {
  if (INTEGERS.includes(typeId)) return 'int'
  if (TICKS.has(typeId)) return 'stamp'
  if (typeId === T.BOOLEAN) return 'flag'
  if (typeId === T.DATE) return 'day'
  if (typeId === T.VARCHAR || typeId === T.BLOB || typeId === T.UUID) return 'text'
  return typeId === T.FLOAT || typeId === T.DOUBLE || typeId === T.DECIMAL ? 'number' : 'other'
}

/** The storage of vectors of fixed width, which spares an object a stamp. */
interface Stored {
  items?: ArrayLike<number | bigint>
}

function add(digest: ColumnDigest, vector: DuckDBVector, { typeId }: DuckDBType, rows: number): void {
  const each = Array.from({ length: rows }, (_, row) => row)
  const valid = new Uint8Array(rows)
  if (typeId === T.VARCHAR || typeId === T.BLOB || typeId === T.UUID) {
    digest.texts(each.map(row => textOf(vector.getItem(row))))
    return
  }
  const present = (row: number) => {
    const item = vector.getItem(row)
    valid[row] = item === null ? 0 : 1
    return item
  }
  if (typeId === T.FLOAT || typeId === T.DOUBLE || typeId === T.DECIMAL) {
    const number = (item: unknown) => (typeof item === 'number' ? item : Number(String(item ?? 0))) // text is exact
    digest.numbers(
      Float64Array.from(each, row => number(present(row))),
      valid,
    )
    return
  }
  const stored = (vector as Stored).items
  const tick = TICKS.get(typeId) ?? 1n
  const integer = (row: number) => {
    const item = present(row)
    if (item === null) return 0n
    if (typeof item === 'boolean') return item ? 1n : 0n
    return stored ? BigInt(stored[row]) * tick : 0n
  }
  digest.integers(BigInt64Array.from(each, integer), valid)
}

function textOf(item: unknown): Uint8Array | null {
  if (item === null) return null
  if (typeof item === 'string') return Buffer.from(item)
  const { bytes } = item as { bytes?: Uint8Array }
  return bytes ?? Buffer.from(String(item)) // a UUID
}
