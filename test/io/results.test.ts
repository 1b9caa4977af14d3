import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { RecordBatchFileWriter, tableFromIPC } from 'apache-arrow'
import t from 'tap'
import { batchOf, type Chunk, type Column, schemaOf, stampText } from '../../lib/core/index.js'
import { openSink } from '../../lib/io/index.js'
import { CsvParser } from '../../lib/io/results/csv.js'
import { openResult } from '../../lib/io/results/index.js'
import { folderFor } from '../exec/folder.js'

const folder = folderFor(t)
const ROWS = 5000 // more than a chunk of text
const FIRST = 9_007_199_254_740_993n // no double holds it

const specs = [
  { name: 'Date', type: 'date' as const },
  { name: 'ListingId', type: 'i64' as const },
  { name: 'TimeBucket', type: 'ts' as const },
  { name: 'Name', type: 'str' as const },
  { name: 'Close', type: 'f64' as const },
  { name: 'TradeTotalCount', type: 'i64' as const },
]
const rows = <A>(value: (row: number) => A) => Array.from({ length: ROWS }, (_, row) => value(row))
const words = ['plain', '', 'a "b", c', 'two\r\nlines', 'naïve ☃ {"}']
const columns: Column[] = [
  { type: 'date', values: Int32Array.from(rows(() => 20_487)), valid: null },
  { type: 'i64', values: BigInt64Array.from(rows(row => FIRST + BigInt(row % 3))), valid: null },
  { type: 'ts', values: BigInt64Array.from(rows(row => 1_770_105_660_000_000_001n + BigInt(row))), valid: null },
  {
    type: 'str',
    values: Int32Array.from(rows(row => row % 5)),
    valid: Uint8Array.from(rows(row => Number(row % 7 > 0))),
    dictionary: { words },
  },
  {
    type: 'f64',
    values: Float64Array.from(rows(row => row / 7)),
    valid: Uint8Array.from(rows(row => Number(row > 0))),
  },
  { type: 'i64', values: BigInt64Array.from(rows(row => BigInt(row))), valid: null },
]
const schema = schemaOf(specs)
const batch = batchOf(specs, columns, ROWS, schema)

async function written(type: 'parquet' | 'arrow' | 'csv' | 'ndjson'): Promise<string> {
  const path = join(folder, `bars.${type}`)
  const sink = await openSink(type, { path, schema })
  await sink.write(batch)
  await sink.commit()
  return path
}

/** Reads a file as text by column. */
async function textsOf(path: string, names: string[], listing?: string): Promise<(string | null)[][]> {
  const texts: (string | null)[][] = names.map(() => [])
  for await (const chunk of (await openResult(path)).chunks(names, listing))
    for (const [i, name] of names.entries())
      for (let row = 0; row < chunk.rows; row++) texts[i].push(textAt(chunk, name, row))
  return texts
}

function textAt(chunk: Chunk, name: string, row: number): string | null {
  const column = chunk.required(name)
  if (column.valid && !column.valid[row]) return null
  if (column.type === 'str') return column.dictionary.words[column.values[row]]
  return column.type === 'ts' ? stampText(column.values[row]) : String(column.values[row])
}

const NAMES = ['ListingId', 'TimeBucket', 'Name', 'Close', 'TradeTotalCount']
const expected = [
  rows(row => String(FIRST + BigInt(row % 3))),
  rows(row => stampText(1_770_105_660_000_000_001n + BigInt(row))),
  rows(row => (row % 7 > 0 ? words[row % 5] : null)),
  rows(row => (row > 0 ? String(row / 7) : null)),
  rows(String),
]

t.test('what a sink wrote is read again, to the last digit', async t => {
  for (const type of ['parquet', 'arrow', 'csv', 'ndjson'] as const) {
    const path = await written(type)
    const { columns } = await openResult(path)
    const types = columns.map(({ type }) => type)
    const isText = type === 'csv' || type === 'ndjson'
    t.same(
      columns.map(({ name }) => name),
      specs.map(({ name }) => name),
    )
    t.same(types, isText ? ['date', 'f64', 'ts', 'str', 'f64', 'f64'] : specs.map(({ type }) => type), type)
    t.ok(isDeepStrictEqual(await textsOf(path, NAMES), expected), type)
    t.ok(isDeepStrictEqual(await textsOf(path, ['Close']), [expected[3]]), `${type}: one column`)
    const [listings] = await textsOf(path, ['ListingId'], String(FIRST + 2n))
    t.ok(listings.filter(id => id === String(FIRST + 2n)).length === Math.floor(ROWS / 3), `${type}: all of a listing`)
  }
})

t.test('of Parquet, only what may hold a listing is read', async t => {
  t.same(await textsOf(await written('parquet'), ['ListingId'], '1'), [[]], 'no row group')
  const count = 120_000
  const path = join(folder, 'sorted.parquet')
  const ids = BigInt64Array.from({ length: count }, (_, row) => BigInt(Math.floor(row / 1000)))
  const closes = Float64Array.from({ length: count }, (_, row) => row)
  const two = [specs[1], specs[4]]
  const sink = await openSink('parquet', { path, schema: schemaOf(two) })
  const values: Column[] = [
    { type: 'i64', values: ids, valid: null },
    { type: 'f64', values: closes, valid: null },
  ]
  await sink.write(batchOf(two, values, count, schemaOf(two)))
  await sink.commit()
  const [listings, read] = await textsOf(path, ['ListingId', 'Close'], '77')
  t.ok(read.length < count / 2, `${read.length} rows were read`)
  t.same(
    read.filter((_, i) => listings[i] === '77'),
    Array.from({ length: 1000 }, (_, i) => String(77_000 + i)),
  )
})

t.test('an Arrow file with an index at its end is read, too', async t => {
  const path = join(folder, 'indexed.arrow')
  const table = tableFromIPC(readFileSync(await written('arrow')))
  writeFileSync(path, RecordBatchFileWriter.writeAll(table).toUint8Array(true))
  t.ok(readFileSync(path, 'latin1').startsWith('ARROW1'))
  t.ok(isDeepStrictEqual(await textsOf(path, NAMES), expected))
})

t.test('what cannot be read is named', async t => {
  const refused = async (name: string, content: string | undefined, error: object, names = ['a']) => {
    const path = join(folder, name)
    if (content !== undefined) writeFileSync(path, content)
    t.match(await textsOf(path, names).catch((fault: unknown) => fault), { where: { file: path }, ...error }, name)
  }
  for (const type of ['parquet', 'arrow', 'csv', 'ndjson']) await refused(`none.${type}`, undefined, { fault: 'io' })
  await refused('bars.xlsx', '', { fault: 'config', problem: /ends in \.parquet, \.arrow/ })
  await refused('empty.parquet', '', { fault: 'data' })
  await refused('empty.arrow', '', { fault: 'data', problem: /no Arrow IPC/ })
  await refused('text.arrow', 'ListingId,Close\n1,2\n', { fault: 'data' })
  await refused('empty.csv', '', { fault: 'data', problem: /is empty/ })
  await refused('ragged.csv', 'a,b\n1,2\n3\n', { fault: 'data', problem: /row 3 has 1 fields, the heading has 2/ })
  await refused('open.csv', 'a,b\n1,"2\n', { fault: 'data', problem: /ends within a quoted field/ })
  await refused('nested.ndjson', '{"a":1}\n{"a":[1]}\n', {
    fault: 'data',
    where: { line: 2 },
    problem: /no line of NDJSON/,
  })
  await refused('cut.ndjson', '{"a":1}\n\n{"a":1', { fault: 'data', message: /cut\.ndjson:3:/ })

  const cut = await written('arrow')
  truncateSync(cut, 20_000)
  t.match(await textsOf(cut, NAMES).catch((fault: unknown) => fault), { fault: 'data', where: { file: cut } })
})

t.test('CSV and NDJSON of others', async t => {
  const csv = join(folder, 'foreign.csv')
  writeFileSync(csv, '\ufeffa,b\n"x""y",1\n,""\n"p\nq",2')
  t.same(await textsOf(csv, ['a', 'b']), [
    ['x"y', null, 'p\nq'],
    ['1', '', '2'],
  ])
  const ndjson = join(folder, 'foreign.ndjson')
  writeFileSync(ndjson, '{ "a" : "\\u00e9,}" , "b" : 12345678901234567890 }\r\n{"b":null}\r\n')
  appendFileSync(ndjson, '{"a":true,"b":1e3}')
  t.same(await textsOf(ndjson, ['a', 'b']), [
    ['é,}', null, 'true'],
    ['12345678901234567890', null, '1e3'],
  ])
})

t.test('it does not matter where pieces of CSV end', async t => {
  const text = 'a,"b ""c"", d\r\ne",\r\n"",\n\n"x",\ry'
  const rows = (pieces: string[]) => {
    const parser = new CsvParser()
    return [...pieces.flatMap(piece => [...parser.rows(piece)]), ...parser.end()]
  }
  const whole = rows([text])
  t.same(whole, [['a', 'b "c", d\r\ne', null], ['', null], [null], ['x', null], ['y']])
  t.same(rows([...text]), whole)
  for (let cut = 1; cut < text.length; cut++) t.same(rows([text.slice(0, cut), text.slice(cut)]), whole)
})
