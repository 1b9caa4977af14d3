import type { CompressionCodec, Encoding, ParquetType } from 'hyparquet'
import t from 'tap'
import { ColumnReader } from '../../lib/io/parquet/reader.js'
import { memory } from '../../lib/wasm/memory.js'
import { randomOf } from '../wasm/guarded.js'
import { cellsOf, entryOf } from './columns.js'
import { type Cell, dataPage, dictionaryPage, type Form, leafOf, metaOf } from './pages.js'

const random = randomOf(31)

function cellOf({ type, length }: Form): Cell {
  switch (type) {
    case 'BOOLEAN':
      return random(2)
    case 'INT32':
      return random(2 ** 32) | 0
    case 'INT64':
      return BigInt.asIntN(64, BigInt(random(2 ** 32)) * BigInt(random(2 ** 32)))
    case 'INT96':
      return 1_770_105_600_000_000_000n + BigInt(random(2 ** 31)) * 1000n
    case 'FLOAT':
      return Math.fround(random(1000) / 7)
    case 'DOUBLE':
      return random(100_000) / 7
    default: {
      const word = `word ${random(40)}`
      return length ? word.padEnd(length, '*').slice(-length) : word.slice(random(3))
    }
  }
}

/** Makes cells of which some are null; a null at times begins a run of nulls. */
function randomCells(form: Form, n: number): Cell[] {
  const cells: Cell[] = []
  while (cells.length < n) {
    if (form.nullable && random(6) === 0) for (let k = 1 + random(2) * random(60); k > 0; k--) cells.push(null)
    else cells.push(cellOf(form))
  }
  return cells.slice(0, n)
}

const join = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts))

function compare(name: string, bytes: Uint8Array, form: Form, expected: Cell[]): void {
  for (const [how, cells] of [
    ['in parts', cellsOf(bytes, form, expected.length, () => [0, 1, 7, 33, 4096][random(5)])],
    ['whole', cellsOf(bytes, form, expected.length, () => Infinity)],
  ] as const) {
    const wrong = expected.findIndex((cell, i) => cells[i] !== cell)
    t.ok(cells.length === expected.length && wrong < 0, `${name}, ${how}: row ${wrong} is ${cells[wrong]}`)
  }
}

const ENCODINGS: [ParquetType, Encoding[]][] = [
  ['BOOLEAN', ['PLAIN', 'RLE']],
  ['INT32', ['PLAIN', 'DELTA_BINARY_PACKED', 'BYTE_STREAM_SPLIT']],
  ['INT64', ['PLAIN', 'DELTA_BINARY_PACKED', 'BYTE_STREAM_SPLIT']],
  ['INT96', ['PLAIN']],
  ['FLOAT', ['PLAIN', 'BYTE_STREAM_SPLIT']],
  ['DOUBLE', ['PLAIN', 'BYTE_STREAM_SPLIT']],
  ['BYTE_ARRAY', ['PLAIN', 'DELTA_LENGTH_BYTE_ARRAY', 'DELTA_BYTE_ARRAY']],
  ['FIXED_LEN_BYTE_ARRAY', ['PLAIN', 'DELTA_BYTE_ARRAY', 'BYTE_STREAM_SPLIT']],
]
const CODECS: CompressionCodec[] = ['UNCOMPRESSED', 'SNAPPY', 'ZSTD', 'LZ4_RAW', 'GZIP', 'BROTLI', 'LZ4']

t.test('every encoding of every type, with and without nulls, in pages of both versions', async () => {
  let turn = 0
  for (const [type, encodings] of ENCODINGS) {
    for (const encoding of encodings) {
      for (const nullable of [false, true]) {
        for (const version of [1, 2] as const) {
          const codec = CODECS[turn++ % CODECS.length]
          const form: Form = {
            type,
            nullable,
            version,
            codec,
            bitPackedLevels: turn % 5 === 0,
            length: type[0] === 'F' && type !== 'FLOAT' ? 7 : undefined,
          }
          const pages = [300, 1, 77, 500].map(n => randomCells(form, n))
          if (nullable) pages.push(Array(20).fill(null))
          const bytes = join(...pages.map(cells => dataPage(form, encoding, cells)), Uint8Array.of(1, 2, 3))
          compare(`${type} ${encoding} ${codec} v${version}${nullable ? ' nullable' : ''}`, bytes, form, pages.flat())
        }
      }
    }
  }
})

t.test('codes of a dictionary, and pages without it behind them', async () => {
  let turn = 0
  for (const [type, encodings] of ENCODINGS.slice(1)) {
    for (const nullable of [false, true]) {
      for (const version of [1, 2] as const) {
        const codec = CODECS[turn++ % CODECS.length]
        const form: Form = { type, nullable, version, codec, length: type === 'FIXED_LEN_BYTE_ARRAY' ? 7 : undefined }
        const dictionary = Array.from({ length: 37 }, () => cellOf(form)) // entries may be equal
        const codes = (n: number) =>
          randomCells({ ...form, type: 'INT32' }, n).map(cell => (cell === null ? null : Math.abs(Number(cell)) % 37))
        const coded = [200, 9, 401].map(codes)
        const plain = randomCells(form, 150)
        const name = version === 1 ? 'PLAIN_DICTIONARY' : 'RLE_DICTIONARY'
        const bytes = join(
          dictionaryPage(form, dictionary),
          ...coded.map(cells => dataPage(form, name, cells)),
          dataPage(form, encodings[turn % encodings.length], plain),
          dataPage(form, name, coded[0]),
        )
        const decode = (cells: Cell[]) => cells.map(code => (code === null ? null : dictionary[Number(code)]))
        const expected = [...coded.flatMap(decode), ...plain, ...decode(coded[0])]
        compare(`${type} ${codec} v${version}`, bytes, form, expected)
      }
    }
  }
})

t.test('pages of nothing but nulls need no dictionary, pages without rows nothing', async () => {
  const form: Form = { type: 'INT64', nullable: true, version: 1, codec: 'SNAPPY' }
  const none = dataPage(form, 'RLE_DICTIONARY', Array(50).fill(null))
  const empty = dataPage(form, 'PLAIN', [])
  compare('nulls', join(none, empty, none), form, Array(100).fill(null))
  compare('no rows', new Uint8Array(0), form, [])
})

t.test('pages of more rows than a vector, and vectors of more rows than a page would need', async t => {
  const form: Form = { type: 'INT32', nullable: true, version: 1, codec: 'UNCOMPRESSED' }
  const cells = Array.from({ length: 20_000 }, (_, i) => (i % 5000 < 3 ? null : i * 3))
  const bytes = dataPage(form, 'PLAIN', cells)
  compare('a large page', bytes, form, cells)
  const chunk = memory().u8(bytes.length)
  chunk.set(bytes)
  const reader = new ColumnReader(memory(), chunk, leafOf(form), metaOf('UNCOMPRESSED'), cells.length)
  reader.advance()
  const { values, valid } = reader.read(cells.length)
  t.equal(
    cells.findIndex((cell, i) => (valid![i] ? values![i] !== cell : cell !== null || values![i] !== 0)),
    -1,
  )
  reader.close()
})

t.test('memory is that of the largest page and a vector, however many pages there are', async t => {
  const form: Form = { type: 'DOUBLE', nullable: false, version: 1, codec: 'SNAPPY' }
  const page = dataPage(form, 'PLAIN', Array(2000).fill(1 / 3))
  const bytes = join(...Array(200).fill(page))
  const chunk = memory().u8(bytes.length)
  chunk.set(bytes)
  const before = memory().bytes
  const reader = new ColumnReader(memory(), chunk, leafOf(form), metaOf('SNAPPY'), 400_000)
  let rows = 0
  while (reader.advance()) while (reader.ahead > 0) rows += reader.read(Math.min(reader.ahead, 256)).rows
  t.equal(rows, 400_000)
  t.ok(memory().bytes - before < 50_000, `${memory().bytes - before} bytes for pages of 16,000`)
  reader.close()
})

t.test('a reader skips what is left of a page, and uses its memory again', async t => {
  const form: Form = { type: 'DOUBLE', nullable: false, version: 2, codec: 'UNCOMPRESSED' }
  const pages = [1, 2].map(k => dataPage(form, 'PLAIN', Array(1000).fill(k)))
  const coded = dataPage(form, 'RLE_DICTIONARY', Array(1000).fill(0))
  const bytes = join(dictionaryPage(form, [3]), ...pages, coded)
  const chunk = memory().u8(bytes.length)
  chunk.set(bytes)
  let before = 0
  for (let k = 0; k < 50; k++) {
    const reader = new ColumnReader(memory(), chunk, leafOf(form), metaOf('UNCOMPRESSED'), 3000)
    t.equal(reader.ahead, 0)
    for (const value of [1, 2, 3]) {
      t.ok(reader.advance())
      t.equal(reader.ahead, 1000)
      const { codes, values } = reader.read(10)
      t.equal(codes ? entryOf(reader, codes[9]) : values![9], value)
      t.equal(reader.ahead, 990)
    }
    t.throws(() => reader.read(991), /cannot be read/)
    t.notOk(reader.advance())
    reader.close()
    reader.close()
    t.throws(() => reader.read(0), /cannot be read/)
    if (k === 0) before = memory().bytes
  }
  t.equal(memory().bytes, before)
})
