import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { tableFromIPC } from 'apache-arrow'
import { parquetReadObjects } from 'hyparquet'
import t from 'tap'
import { batchOf, type Column, type ColumnSpec, type RecordBatch, schemaOf } from '../../lib/core/batch.js'
import { describeFile, readTable } from '../../lib/io/dataset.js'
import { openSink, type SinkType } from '../../lib/io/sinks/index.js'
import { bindingsOf, rowsOf } from './shared.js'

const specs: ColumnSpec[] = [
  { name: 'Id', type: 'i64', nullable: false },
  { name: 'Stamp', type: 'ts' },
  { name: 'Day', type: 'date' },
  { name: 'Price', type: 'f64', metadata: { unit: 'EUR' } },
  { name: 'Count', type: 'i32' },
  { name: 'Flag', type: 'bool' },
  { name: 'Name', type: 'str' },
]
const schema = schemaOf(specs)

const ids = [9007199254740993n, -9223372036854775808n, 9223372036854775807n]
const stamps = [1767355205346695123n, -1n, 0n]
const columns: Column[] = [
  { type: 'i64', values: BigInt64Array.from(ids), valid: null },
  { type: 'ts', values: BigInt64Array.from(stamps), valid: Uint8Array.of(1, 1, 0) },
  { type: 'date', values: Int32Array.of(20455, -1, 0), valid: Uint8Array.of(1, 1, 0) },
  { type: 'f64', values: Float64Array.of(0.1, -0, NaN), valid: Uint8Array.of(1, 1, 0) },
  { type: 'i32', values: Int32Array.of(-5, 7, 0), valid: Uint8Array.of(1, 1, 0) },
  { type: 'bool', values: Uint8Array.of(1, 0, 0), valid: Uint8Array.of(1, 1, 0) },
  {
    type: 'str',
    values: Int32Array.of(1, 0, 0),
    valid: Uint8Array.of(1, 1, 0),
    dictionary: { words: ['', 'é"\n,\u0007'] },
  },
]
const three = () => batchOf(specs, columns, 3, schema)

async function written(type: SinkType, path: string, batches: RecordBatch[], options = {}): Promise<Buffer> {
  const sink = await openSink(type, { path, schema, ...options })
  for (const batch of batches) await sink.write(batch)
  const [file] = await sink.commit()
  const bytes = readFileSync(path)
  t.equal(file.bytes, bytes.length)
  t.equal(
    file.rows,
    batches.reduce((sum, batch) => sum + batch.numRows, 0),
  )
  return bytes
}

async function query(sql: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const rows = (await connection.runAndReadAll(sql)).getRows()
  connection.closeSync()
  instance.closeSync()
  return rows
}

t.test('DuckDB reads every Parquet value back exactly', async t => {
  const path = join(t.testdir(), 'deep', 'er', 'out.parquet')
  await written('parquet', path, [three(), three()], { metadata: { plan: 'abc' }, rowGroupRows: 4 })
  const rows = await query(
    `SELECT Id::VARCHAR, epoch_us(Stamp)::VARCHAR, Day::VARCHAR, Price::VARCHAR, Count, Flag, Name FROM '${path}'`,
  )
  // DuckDB has no ns stamps with a zone and cuts these to us; the next test has all nine digits.
  const first = ['9007199254740993', '1767355205346695', '2026-01-02', '0.1', -5, true, 'é"\n,\u0007']
  const second = ['-9223372036854775808', '0', '1969-12-31', '-0.0', 7, false, '']
  const third = ['9223372036854775807', null, null, null, null, null, null]
  t.strictSame(rows, [first, second, third, first, second, third])
  const types = await query(`SELECT typeof(Stamp), typeof(Day), typeof(Name) FROM '${path}' LIMIT 1`)
  t.match(types[0][0], /^TIMESTAMP/)
  t.strictSame(types[0].slice(1), ['DATE', 'VARCHAR'])
  const pairs = await query(`SELECT decode(key), decode(value) FROM parquet_kv_metadata('${path}')`)
  t.strictSame(pairs, [
    ['plan', 'abc'],
    ['basalt:columns', '{"Price":{"unit":"EUR"}}'],
  ])
  const [[low, high]] = await query(
    `SELECT min(stats_min_value), max(stats_max_value) FROM parquet_metadata('${path}') WHERE path_in_schema = 'Id'`,
  )
  t.strictSame([low, high], ['-9223372036854775808', '9223372036854775807'])
})

t.test('our own reader and hyparquet agree', async t => {
  const path = join(t.testdir(), 'out.parquet')
  await written('parquet', path, [three()], { compression: 'none' })
  const file = await describeFile(path)
  const batches = await readTable([file], bindingsOf(file))
  t.strictSame(rowsOf(batches, 'Id'), ids)
  t.strictSame(rowsOf(batches, 'Stamp'), ['2026-01-02T12:00:05.346695123Z', '1969-12-31T23:59:59.999999999Z', null])
  t.strictSame(rowsOf(batches, 'Flag'), ['TRUE', 'FALSE', null])
  t.strictSame(rowsOf(batches, 'Name'), ['é"\n,\u0007', '', null])
  t.ok(Object.is(rowsOf(batches, 'Price')[1], -0))
  const rows = await parquetReadObjects({
    file: new Uint8Array(readFileSync(path)).buffer,
    parsers: { timestampFromNanoseconds: ns => ns },
  })
  t.strictSame(
    rows.map(row => row.Id),
    ids,
  )
  t.strictSame(
    rows.map(row => row.Stamp),
    [1767355205346695123n, -1n, null],
  )
  t.strictSame(file.rowGroups[0].bounds.Stamp, { min: '-1', max: '1767355205346695123', nulls: 1 })
})

t.test('the bytes do not depend on how rows were cut into batches', async t => {
  const directory = t.testdir()
  const words = Array.from({ length: 5000 }, (_, i) => `w${i % 700}`)
  const spec: ColumnSpec[] = [
    { name: 'W', type: 'str' },
    { name: 'N', type: 'i32' },
  ]
  const cut = (size: number) =>
    Array.from({ length: Math.ceil(5000 / size) }, (_, k) => {
      const part = words.slice(k * size, (k + 1) * size)
      const list = [...new Set(part)].sort()
      const codes = Int32Array.from(part, word => list.indexOf(word))
      const numbers = Int32Array.from(part, (_, i) => k * size + i)
      const valid = numbers.some(n => n === 4321) ? Uint8Array.from(numbers, n => +(n !== 4321)) : null
      return batchOf(
        spec,
        [
          { type: 'str', values: codes, valid, dictionary: { words: list } },
          { type: 'i32', values: numbers, valid: null },
        ],
        part.length,
      )
    })
  const options = { schema: schemaOf(spec), rowGroupRows: 1500 }
  const one = await written('parquet', join(directory, 'a.parquet'), cut(5000), options)
  const many = await written('parquet', join(directory, 'b.parquet'), cut(333), options)
  t.ok(one.equals(many))
  const [[count, sum, distinct]] = await query(
    `SELECT count(W), sum(N), count(DISTINCT W) FROM '${join(directory, 'a.parquet')}'`,
  )
  t.strictSame([Number(count), Number(sum), Number(distinct)], [4999, 12497500, 700])
})

t.test('many pages and row groups hold the same rows', async t => {
  const path = join(t.testdir(), 'out.parquet')
  const rows = 150_000
  const spec: ColumnSpec[] = [
    { name: 'n', type: 'i64' },
    { name: 'f', type: 'f64' },
    { name: 's', type: 'str' },
    { name: 'u', type: 'str' },
  ]
  const valid = Uint8Array.from({ length: rows }, (_, i) => +(i % 11 !== 0))
  const words = ['a', 'bb', 'ccc']
  const ids = Array.from({ length: rows }, (_, i) => `id-${i}`)
  const values: Column[] = [
    { type: 'i64', values: BigInt64Array.from({ length: rows }, (_, i) => BigInt(i) + 2n ** 60n), valid },
    { type: 'f64', values: Float64Array.from({ length: rows }, (_, i) => i / 3), valid: null },
    { type: 'str', values: Int32Array.from({ length: rows }, (_, i) => (i >> 4) % 3), valid, dictionary: { words } },
    { type: 'str', values: Int32Array.from({ length: rows }, (_, i) => i), valid: null, dictionary: { words: ids } },
  ]
  await written('parquet', path, [batchOf(spec, values, rows)], { schema: schemaOf(spec), rowGroupRows: 100_000 })
  const [facts] = await query(
    `SELECT count(*), count(n), bool_and(n IS NULL OR n = r + 1152921504606846976), bool_and(f = r / 3::DOUBLE),
     bool_and(s IS NULL OR s = ['a', 'bb', 'ccc'][(r // 16) % 3 + 1]), bool_and(u = 'id-' || r)
     FROM (SELECT *, file_row_number AS r FROM read_parquet('${path}', file_row_number = true))`,
  )
  t.strictSame(facts, [150_000n, 136_363n, true, true, true, true])
  const file = await describeFile(path)
  const batches = await readTable([file], bindingsOf(file))
  t.strictSame(rowsOf(batches, 'u'), ids)
  t.strictSame(rowsOf(batches, 's').slice(95_999, 96_002), [
    words[(95_999 >> 4) % 3],
    words[(96_000 >> 4) % 3],
    words[(96_001 >> 4) % 3],
  ])
})

t.test('zero rows make a valid file in every format', async t => {
  const directory = t.testdir()
  await written('parquet', join(directory, 'o.parquet'), [])
  t.strictSame(await query(`SELECT * FROM '${join(directory, 'o.parquet')}'`), [])
  t.equal(tableFromIPC(await written('arrow', join(directory, 'o.arrow'), [])).numRows, 0)
  t.equal((await written('ndjson', join(directory, 'o.ndjson'), [])).length, 0)
  t.equal(String(await written('csv', join(directory, 'o.csv'), [])), 'Id,Stamp,Day,Price,Count,Flag,Name\r\n')
})

t.test('a file appears at commit and never before', async t => {
  for (const type of ['parquet', 'arrow', 'ndjson', 'csv'] as const) {
    const directory = t.testdir()
    const path = join(directory, 'out')
    writeFileSync(path, 'old')
    const first = await openSink(type, { path, schema })
    await first.write(three())
    t.equal(readFileSync(path, 'utf8'), 'old')
    await first.abort(new Error('changed my mind'))
    t.strictSame(readdirSync(directory), ['out'])
    t.equal(readFileSync(path, 'utf8'), 'old')
    t.match(await first.commit().catch(error => error), { fault: 'internal' })

    const second = await openSink(type, { path, schema })
    await second.write(three())
    t.match(
      readdirSync(directory).find(name => name !== 'out'),
      /^\.out\.[0-9a-f]+\.tmp$/,
    )
    await second.commit()
    await second.abort(undefined)
    t.strictSame(readdirSync(directory), ['out'])
    t.not(readFileSync(path, 'utf8'), 'old')
  }
})

t.test('a rename that fails leaves nothing behind', async t => {
  const directory = t.testdir()
  mkdirSync(join(directory, 'out', 'full'), { recursive: true })
  const sink = await openSink('csv', { path: join(directory, 'out'), schema })
  t.match(await sink.commit().catch(error => error), { fault: 'io', where: { file: join(directory, 'out') } })
  t.strictSame(readdirSync(directory), ['out'])
})
