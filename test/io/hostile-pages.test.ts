import { crc32 } from 'node:zlib'
import type { CompressionCodec, PageHeader, ParquetType } from 'hyparquet'
import t from 'tap'
import { BasaltError } from '../../lib/core/error.js'
import { memory } from '../../lib/wasm/memory.js'
import { randomOf } from '../wasm/guarded.js'
import { deltaPacked } from '../wasm/packing.js'
import { cellsOf } from './columns.js'
import { type Cell, dataPage, dictionaryPage, type Form, framed } from './pages.js'

const form = (type: ParquetType, codec: CompressionCodec = 'UNCOMPRESSED', nullable = false): Form => ({
  type,
  codec,
  nullable,
  version: 1,
})

/** Decodes a chunk and returns what it throws, its message and what the kernels' memory grew by. */
function outcome(bytes: Uint8Array, form: Form, rows: number) {
  const before = memory().bytes
  let error: Error | undefined
  try {
    cellsOf(bytes, form, rows, () => 4096)
  } catch (thrown) {
    error = thrown as Error
  }
  return { error, message: error?.message ?? 'nothing', grown: memory().bytes - before }
}

/** A page of one row whose header states `size` bytes. */
function stated(size: number, bytes: Uint8Array, rows = 1): Uint8Array {
  const data_page_header = {
    num_values: rows,
    encoding: 'PLAIN' as const,
    definition_level_encoding: 'RLE' as const,
    repetition_level_encoding: 'RLE' as const,
  }
  const header: PageHeader = {
    type: 'DATA_PAGE',
    uncompressed_page_size: size,
    compressed_page_size: bytes.length,
    data_page_header,
  }
  return framed(header, bytes)
}

/** A Zstandard frame of `size` equal bytes: 4 bytes for each 128 KiB. */
function zeros(size: number): Uint8Array {
  const blocks: number[] = []
  for (let left = size; left > 0; left -= 131_072) {
    const header = Math.min(left, 131_072) * 8 + 2 + (left <= 131_072 ? 1 : 0)
    blocks.push(header & 255, (header >> 8) & 255, header >> 16, 0)
  }
  return Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0x60, ...blocks)
}

const MB = 2 ** 20

t.test('bombs are refused before memory is taken', async t => {
  const wide = form('BYTE_ARRAY', 'SNAPPY')
  const packed = new Uint8Array(160_000)
  t.match(outcome(stated(200e6, packed), wide, 1).error, { fault: 'limit' }, 'beyond every page')
  t.match(outcome(stated(100e6, packed), wide, 1).message, /states 100000000 unpacked/, 'beyond its codec')
  for (const codec of ['LZ4_RAW', 'GZIP', 'LZ4'] as const) {
    const { message, grown } = outcome(stated(120e6, packed.subarray(0, 50_000)), form('BYTE_ARRAY', codec), 1)
    t.match(message, /states 120000000 unpacked/, codec)
    t.ok(grown < MB, codec)
  }
  const bomb = zeros(200e6)
  t.ok(bomb.length < 6200)
  const { error, grown } = outcome(stated(200e6, bomb), form('BYTE_ARRAY', 'ZSTD'), 1)
  t.match(error, { fault: 'limit' }, '200 MB in 6 KB')
  t.ok(grown < MB)
})

t.test('counts are refused that the bytes cannot hold', async t => {
  const ints = form('INT64')
  const page = dataPage(ints, 'PLAIN', [1n, 2n, 3n])
  t.match(outcome(page, ints, 2).message, /states 3 rows where 2 are left/)
  t.match(outcome(page, ints, 4).message, /lack 1 rows/)
  t.match(outcome(page, ints, 2 ** 26).message, /lack 67108861 rows/)
  t.match(outcome(dataPage(ints, 'PLAIN', [1n], 5), ints, 5).message, /8 bytes where 40 are needed/)
  t.match(outcome(dataPage(ints, 'PLAIN', [1n], -5), ints, 5).message, /states -5 values/)
  for (const type of ['INT32', 'INT64', 'BYTE_ARRAY'] as const) {
    const dictionary = dictionaryPage(form(type), [1, 2], 2 ** 27)
    const { message, grown } = outcome(Buffer.concat([dictionary, page]), form(type), 3)
    t.match(message, /states 134217728 entries/, type)
    t.ok(grown < MB)
  }
  const pages = [dictionaryPage(ints, [5n, 6n]), dataPage(ints, 'RLE_DICTIONARY', [0, 1, 2])]
  t.match(outcome(Buffer.concat(pages), ints, 3).message, /code 2 is not in a dictionary of 2/)
  t.match(outcome(pages[1], ints, 3).message, /the chunk no dictionary/)
  t.match(outcome(Buffer.concat([pages[0], pages[0], page]), ints, 3).message, /a dictionary stands behind/)
  const texts = form('BYTE_ARRAY')
  const grown = [dictionaryPage(texts, ['a']), dataPage(texts, 'PLAIN', ['b']), dataPage(texts, 'RLE_DICTIONARY', [1])]
  t.match(outcome(Buffer.concat(grown), texts, 2).message, /code 1 is not in a dictionary of 1/)
})

t.test('a stated checksum must be that of the page', async t => {
  const ints = form('INT64')
  const body = dataPage(ints, 'PLAIN', [7n]).slice(-8)
  const page = (crc: number) => {
    const data_page_header = {
      num_values: 1,
      encoding: 'PLAIN' as const,
      definition_level_encoding: 'RLE' as const,
      repetition_level_encoding: 'RLE' as const,
    }
    return framed(
      { type: 'DATA_PAGE', uncompressed_page_size: 8, compressed_page_size: 8, crc, data_page_header },
      body,
    )
  }
  t.equal(outcome(page(crc32(body) | 0), ints, 1).message, 'nothing')
  t.match(outcome(page((crc32(body) ^ 1) | 0), ints, 1).message, /fails its checksum/)
})

t.test('forms that cannot be read say so', async t => {
  const ints = form('INT64')
  t.match(
    outcome(dataPage(form('INT32'), 'DELTA_BINARY_PACKED', [1]), form('DOUBLE'), 1).message,
    /of DOUBLE is unknown/,
  )
  t.match(outcome(dataPage(ints, 'PLAIN', [1n]), form('INT64', 'LZO'), 1).message, /packed by LZO cannot be read/)
  t.match(outcome(stated(9, new Uint8Array(8)), ints, 1).message, /8 bytes states 9/)
  t.match(outcome(stated(9, new Uint8Array(9)), form('INT64', 'GZIP'), 1).message, /cannot be unpacked by GZIP/)
  t.match(outcome(stated(9, new Uint8Array(9)), form('INT64', 'BROTLI'), 1).message, /BROTLI/)
  const fixed = form('FIXED_LEN_BYTE_ARRAY')
  t.match(outcome(dataPage(form('INT64'), 'PLAIN', [1n]), fixed, 1).message, /fixed length is missing/)
})

t.test('strings that repeat the one before at length are limited', async t => {
  const n = 3000
  const texts = form('BYTE_ARRAY')
  // Each string is a byte longer than the one before, the first 60,000: 180 MB in 63 KB.
  const shared = Array.from({ length: n }, (_, i) => (i === 0 ? 0n : 60_000n + BigInt(i) - 1n))
  const own = Array.from({ length: n }, (_, i) => (i === 0 ? 60_000n : 1n))
  const body = Buffer.concat([deltaPacked(shared), deltaPacked(own), Buffer.alloc(60_000 + n)])
  const page = stated(body.length, body, n)
  const at = Buffer.from(page).indexOf(Buffer.from([0x15, 0x00, 0x15, 0x06])) // the page's encoding, PLAIN
  page[at + 1] = 7 * 2
  const { error, message } = outcome(page, texts, n)
  t.match(error, { fault: 'limit' }, message)
})

t.test('chunks with any bytes changed or cut end in an Error or in rows', async t => {
  const random = randomOf(41)
  let refused = 0
  let tried = 0
  const chunk = (f: Form, cells: Cell[], encoding: Parameters<typeof dataPage>[1]) => dataPage(f, encoding, cells)
  const cases: [Form, Uint8Array, number][] = []
  for (const version of [1, 2] as const) {
    for (const codec of ['UNCOMPRESSED', 'SNAPPY', 'ZSTD', 'GZIP'] as const) {
      const ints: Form = { type: 'INT64', codec, version, nullable: true }
      const cells = Array.from({ length: 60 }, (_, i) => (i % 7 === 0 ? null : BigInt(i * i)))
      cases.push([ints, chunk(ints, cells, 'DELTA_BINARY_PACKED'), 60])
      const codes = cells.map((cell, i) => (cell === null ? null : i % 5))
      const pages = [dictionaryPage(ints, [1n, 2n, 3n, 4n, 5n]), chunk(ints, codes, 'RLE_DICTIONARY')]
      cases.push([ints, Buffer.concat(pages), 60])
      const texts: Form = { type: 'BYTE_ARRAY', codec, version, nullable: true }
      const words = cells.map(cell => (cell === null ? null : `word ${cell}`))
      for (const encoding of ['PLAIN', 'DELTA_LENGTH_BYTE_ARRAY', 'DELTA_BYTE_ARRAY'] as const)
        cases.push([texts, chunk(texts, words, encoding), 60])
    }
  }
  for (const [f, bytes, rows] of cases) {
    t.equal(outcome(bytes, f, rows).message, 'nothing')
    for (let k = 0; k < 150; k++) {
      const changed = Uint8Array.from(k % 3 ? bytes : bytes.subarray(0, random(bytes.length)))
      for (let i = k % 3; i > 0; i--) changed[random(changed.length)] = random(256)
      const { error, grown } = outcome(changed, f, rows)
      tried++
      if (error) refused++
      if (grown > 64 * MB) t.fail(`${grown} bytes were taken: ${Buffer.from(changed).toString('hex')}`)
      if (error instanceof BasaltError && error.fault !== 'limit') t.fail(error.message)
    }
  }
  t.ok(refused > tried / 3, `${refused} of ${tried} were refused`)
})
