import { join } from 'node:path'
import t from 'tap'
import type { ColumnBinding } from '../../lib/core/dataset.js'
import { describeFile, readTable } from '../../lib/io/dataset.js'
import { close } from '../../lib/io/parquet/index.js'
import { duck } from '../support/duck.js'
import { rowsOf } from './shared.js'

t.teardown(() => close())

const ROWS = 4500

/** Columns that the writer codes as runs, by dictionary, plainly, by differences and split into streams. */
const TABLE = `CREATE TABLE rows AS SELECT
  range * 1000003 + hash(range) % 1000 AS stamp,
  (hash(range) % 2147483647)::INT AS id,
  (hash(range) % 40)::INT AS venue,
  range // 5000 AS day,
  (hash(range * 7) % 1000000) / 256.0 AS price,
  ((hash(range * 7) % 1000) / 8.0)::FLOAT AS rate,
  'T' || hash(range)::VARCHAR AS trade,
  'word ' || (range // 100) % 60 AS word,
  hash(range) % 3 = 0 AS flag
  FROM range(${ROWS});
`
const NULLS = `CREATE TABLE holes AS SELECT
  CASE WHEN range % 3 > 0 THEN range * 1000003 END AS stamp,
  CASE WHEN hash(range) % 2 = 0 THEN (hash(range) % 40)::INT END AS venue,
  CASE WHEN range > 100 THEN (hash(range * 7) % 1000000) / 256.0 END AS price,
  CASE WHEN range // 1000 <> 2 THEN 'T' || hash(range)::VARCHAR END AS trade,
  CASE WHEN hash(range) % 5 = 0 THEN hash(range) % 3 = 0 END AS flag,
  NULL::BIGINT AS nothing
  FROM range(${ROWS})`

const BINDINGS: Record<string, ColumnBinding['type']> = {
  stamp: 'i64',
  id: 'i32',
  venue: 'i32',
  day: 'i64',
  price: 'f64',
  rate: 'f64',
  trade: 'str',
  word: 'str',
  flag: 'str',
  nothing: 'i64',
}

t.test("DuckDB's files, of both versions of its writer and every codec it has, hold what it wrote", async t => {
  const directory = t.testdir()
  const files: [string, string][] = []
  const copies: string[] = []
  for (const table of ['rows', 'holes']) {
    for (const form of ['snappy V1', 'zstd V1', 'uncompressed V2', 'snappy V2', 'gzip V2', 'brotli V2', 'lz4_raw V2']) {
      const path = join(directory, `${table} ${form}.parquet`)
      const [codec, version] = form.split(' ')
      files.push([table, path])
      copies.push(
        `COPY ${table} TO '${path}' (FORMAT parquet, COMPRESSION ${codec}, PARQUET_VERSION ${version}, ROW_GROUP_SIZE 2048)`,
      )
    }
  }
  const [rows, holes] = await duck([TABLE, NULLS, ...copies], 'FROM rows', 'FROM holes')
  for (const [table, path] of files) {
    const expected = table === 'rows' ? rows : holes
    const file = await describeFile(path)
    const columns = Object.keys(expected[0]).map(
      (name): ColumnBinding => ({ name, type: BINDINGS[name], source: name, ...(name === 'flag' && { text: true }) }),
    )
    const batches = await readTable([file], columns)
    for (const { name } of columns) {
      const values = rowsOf(batches, name)
      const wrong = expected.findIndex((row, i) => {
        const value = typeof row[name] === 'boolean' ? String(row[name]).toUpperCase() : row[name]
        return values[i] !== value && String(values[i]) !== String(value)
      })
      t.ok(values.length === ROWS && wrong < 0, `${path}: ${name}, row ${wrong}: ${values[wrong]}`)
    }
  }
})
