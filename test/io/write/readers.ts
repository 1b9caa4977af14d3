import { type RecordBatch as Batch, tableFromIPC } from 'apache-arrow'
import { parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { readParquet } from 'parquet-wasm'
import { columnOf } from '../../../lib/core/batch.js'
import { describeFile, readTable } from '../../../lib/io/dataset.js'
import { duck } from '../../support/duck.js'
import { bindingsOf } from '../shared.js'
import { type Rows, textOf } from './rows.js'

/** Reads a file of `rows` and returns its columns as text. */
export type Reader = (path: string, bytes: Uint8Array, rows: Rows) => Promise<string[][]>

/** Names the first value that a reader got wrong, or returns undefined. */
export function difference(found: readonly string[][], { specs, values }: Rows): string | undefined {
  for (const [i, { name }] of specs.entries()) {
    if (found[i].length !== values[i].length) return `${name} has ${found[i].length} rows`
    for (const [row, value] of values[i].entries()) {
      if (found[i][row] !== textOf(value)) return `${name}, row ${row}: ${found[i][row]} instead of ${textOf(value)}`
    }
  }
}

export const READERS: Record<string, Reader> = { hyparquet, duckdb, parquetWasm, own }

async function hyparquet(_: string, bytes: Uint8Array, { specs }: Rows): Promise<string[][]> {
  const rows = await parquetReadObjects({
    file: bytes.buffer as ArrayBuffer,
    compressors,
    parsers: { timestampFromNanoseconds: (ns: bigint) => ns, dateFromDays: (days: number) => days } as never,
  })
  return specs.map(({ name }) =>
    rows.map(row => textOf(typeof row[name] === 'boolean' ? Number(row[name]) : row[name])),
  )
}

/** DuckDB has no ns stamps with a zone and cuts these to us: they are compared so far, as are the rows. */
async function duckdb(path: string, _: Uint8Array, { specs, values }: Rows): Promise<string[][]> {
  const sql = specs.map(({ name, type }) => {
    if (type === 'ts') return `epoch_us(${name}) AS ${name}`
    if (type === 'date') return `${name} - DATE '1970-01-01' AS ${name}`
    return type === 'bool' ? `${name}::INT AS ${name}` : name
  })
  const [rows] = await duck([], `SELECT ${sql.join(', ')} FROM '${path}'`)
  return specs.map(({ name, type }, i) =>
    rows.map((row, k) => {
      const truth = values[i][k]
      if (type !== 'ts' || truth === null) return textOf(row[name])
      return row[name] === (truth as bigint) / 1000n ? textOf(truth) : textOf(row[name])
    }),
  )
}

async function parquetWasm(_: string, bytes: Uint8Array, rows: Rows): Promise<string[][]> {
  return columnsOf(tableFromIPC(readParquet(bytes).intoIPCStream()).batches, rows)
}

/** The engine knows no number but finite ones, and flags as text. */
async function own(path: string, _: Uint8Array, rows: Rows): Promise<string[][]> {
  const file = await describeFile(path)
  const columns = columnsOf(await readTable([file], bindingsOf(file)), rows)
  const unknown = new Set<unknown>(['NaN', 'Infinity', '-Infinity'])
  return columns.map((column, i) =>
    column.map((text, row) => {
      if (text === 'TRUE') return '1'
      if (text === 'FALSE') return '0'
      const truth = textOf(rows.values[i][row])
      return text === 'null' && unknown.has(truth) ? truth : text
    }),
  )
}

function columnsOf(batches: readonly Batch[], { specs }: Rows): string[][] {
  return specs.map(({ name }) =>
    batches.flatMap(batch => {
      const column = columnOf(batch, name)!
      return Array.from({ length: batch.numRows }, (_, row) => {
        if (column.valid && !column.valid[row]) return 'null'
        return textOf(column.type === 'str' ? column.dictionary.words[column.values[row]] : column.values[row])
      })
    }),
  )
}
