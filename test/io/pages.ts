import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { ColumnMetaData, CompressionCodec, Encoding, PageHeader, ParquetType } from 'hyparquet'
import { ByteWriter } from 'hyparquet-writer'
import { writePageHeader } from 'hyparquet-writer/src/datapage.js'
import type { Leaf } from '../../lib/io/parquet/leaf.js'
import { deltaPacked, packed, varint } from '../wasm/packing.js'

/** A value as its column holds it; byte strings are text of one byte a character. */
export type Cell = number | bigint | string | null

/** What a page is like. */
export interface Form {
  type: ParquetType
  length?: number // of a fixed-length type
  nullable: boolean
  version: 1 | 2
  codec: CompressionCodec
  bitPackedLevels?: boolean
}

/** Returns the schema leaf of a column X, of the parts that decoding looks at. */
export function leafOf({ type, length, nullable }: Pick<Form, 'type' | 'length' | 'nullable'>): Leaf {
  return { name: 'X', index: 0, element: { name: 'X', type, type_length: length }, nullable } as unknown as Leaf
}

export const metaOf = (codec: CompressionCodec): ColumnMetaData => ({ codec }) as ColumnMetaData

/** Writes values one behind the other. */
export function plainBytes(type: ParquetType, cells: readonly Cell[]): Uint8Array {
  if (type === 'BOOLEAN') return Uint8Array.from(packed(cells.map(Number), 1))
  return Buffer.concat(cells.map(cell => plainCell(type, cell!)))
}

function plainCell(type: ParquetType, cell: string | number | bigint): Buffer {
  const bytes = Buffer.alloc(type === 'INT96' ? 12 : type === 'INT32' || type === 'FLOAT' ? 4 : 8)
  if (type === 'INT32') bytes.writeInt32LE(Number(cell))
  else if (type === 'INT64') bytes.writeBigInt64LE(BigInt(cell))
  else if (type === 'FLOAT') bytes.writeFloatLE(Number(cell))
  else if (type === 'DOUBLE') bytes.writeDoubleLE(Number(cell))
  else if (type === 'INT96') {
    const day = 86_400_000_000_000n
    bytes.writeBigInt64LE(BigInt(cell) % day)
    bytes.writeInt32LE(Number(BigInt(cell) / day) + 2_440_588, 8)
  } else {
    const text = Buffer.from(String(cell), 'latin1')
    const size = Buffer.alloc(4)
    size.writeUInt32LE(text.length)
    return type === 'BYTE_ARRAY' ? Buffer.concat([size, text]) : text
  }
  return bytes
}

/** Encodes values that are present; codes of a dictionary are given as numbers. */
export function encoded(encoding: Encoding, type: ParquetType, cells: readonly Cell[]): Uint8Array {
  const texts = () => cells.map(cell => Buffer.from(String(cell), 'latin1'))
  switch (encoding) {
    case 'PLAIN':
      return plainBytes(type, cells)
    case 'RLE': {
      const runs = levelRuns(cells.map(Number))
      return Buffer.concat([sizeOf(runs), runs])
    }
    case 'PLAIN_DICTIONARY':
    case 'RLE_DICTIONARY': {
      const width = 32 - Math.clz32(Math.max(0, ...cells.map(Number)))
      return Uint8Array.of(
        width,
        ...varint(Math.ceil(cells.length / 8) * 2 + 1),
        ...packed(padded(cells.map(Number)), width),
      )
    }
    case 'DELTA_BINARY_PACKED':
      return deltaPacked(cells.map(cell => BigInt(cell!)))
    case 'DELTA_LENGTH_BYTE_ARRAY':
      return Buffer.concat([deltaPacked(texts().map(text => BigInt(text.length))), ...texts()])
    case 'DELTA_BYTE_ARRAY': {
      const all = texts()
      const shared = all.map((text, i) => {
        const before = all[i - 1] ?? Buffer.alloc(0)
        const differs = text.findIndex((byte, k) => byte !== before[k])
        return differs < 0 ? text.length : differs
      })
      const own = all.map((text, i) => text.subarray(shared[i]))
      return Buffer.concat([deltaPacked(shared.map(BigInt)), deltaPacked(own.map(text => BigInt(text.length))), ...own])
    }
    default: {
      const plain = plainBytes(type, cells)
      const width = plain.length / cells.length
      return plain.map((_, k) => plain[(k % cells.length) * width + Math.floor(k / cells.length)])
    }
  }
}

const padded = (values: number[]): number[] => [...values, ...Array((8 - (values.length % 8)) % 8).fill(0)]

function sizeOf(bytes: Uint8Array): Buffer {
  const size = Buffer.alloc(4)
  size.writeUInt32LE(bytes.length)
  return size
}

/** Writes ones and zeros as a run where they are equal, packed where they are not. */
export function levelRuns(levels: readonly number[]): Uint8Array {
  const bytes: number[] = []
  for (let at = 0; at < levels.length; ) {
    let n = 1
    while (at + n < levels.length && levels[at + n] === levels[at]) n++
    if (n < 8 && at + n < levels.length) {
      const group = padded(levels.slice(at, at + 8))
      bytes.push(3, ...packed(group, 1))
      at += 8
    } else {
      bytes.push(...varint(n * 2), levels[at])
      at += n
    }
  }
  return Uint8Array.from(bytes)
}

/** Packs bytes; codecs without a compressor here get a stream of literals. */
export function compressed(codec: CompressionCodec, bytes: Uint8Array): Uint8Array {
  switch (codec) {
    case 'GZIP':
      return gzipSync(bytes)
    case 'BROTLI':
      return brotliCompressSync(bytes)
    case 'SNAPPY':
      return Uint8Array.of(
        ...varint(bytes.length),
        ...(bytes.length ? [61 << 2, ...little(bytes.length - 1, 2)] : []),
        ...bytes,
      )
    case 'LZ4_RAW': {
      const n = bytes.length
      return Uint8Array.of(
        Math.min(n, 15) << 4,
        ...(n < 15 ? [] : [...Array(Math.floor((n - 15) / 255)).fill(255), (n - 15) % 255]),
        ...bytes,
      )
    }
    case 'LZ4': {
      const block = compressed('LZ4_RAW', bytes)
      const big = (value: number) => little(value, 4).reverse()
      return Uint8Array.of(...big(bytes.length), ...big(block.length), ...block)
    }
    case 'ZSTD':
      return Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0x60, ...little(bytes.length * 8 + 1, 3), ...bytes)
    default:
      return bytes
  }
}

const little = (value: number, bytes: number): number[] =>
  Array.from({ length: bytes }, (_, i) => (value >> (8 * i)) & 0xff)

/** Writes a page's header and bytes. */
export function framed(header: PageHeader, bytes: Uint8Array): Uint8Array {
  const writer = new ByteWriter()
  writePageHeader(writer, header)
  writer.appendBytes(bytes)
  return new Uint8Array(writer.getBytes())
}

/** Writes a dictionary page. */
export function dictionaryPage({ type, codec }: Form, cells: readonly Cell[], count = cells.length): Uint8Array {
  const body = plainBytes(type, cells)
  const bytes = compressed(codec, body)
  return framed(
    {
      type: 'DICTIONARY_PAGE',
      uncompressed_page_size: body.length,
      compressed_page_size: bytes.length,
      dictionary_page_header: { num_values: count, encoding: 'PLAIN' },
    },
    bytes,
  )
}

/** Writes a page of rows; null cells are nulls. */
export function dataPage(form: Form, encoding: Encoding, cells: readonly Cell[], rows = cells.length): Uint8Array {
  const { type, nullable, version, codec, bitPackedLevels } = form
  const present = cells.filter(cell => cell !== null)
  const body = present.length ? encoded(encoding, type, present) : new Uint8Array(0)
  const flags = cells.map(cell => (cell === null ? 0 : 1))
  const levels = nullable ? levelRuns(flags) : new Uint8Array(0)
  if (version === 2) {
    const bytes = Buffer.concat([levels, compressed(codec, body)])
    const data_page_header_v2 = {
      num_values: rows,
      num_nulls: cells.length - present.length,
      num_rows: rows,
      encoding,
      definition_levels_byte_length: levels.length,
      repetition_levels_byte_length: 0,
      is_compressed: true,
    }
    const uncompressed_page_size = levels.length + body.length
    return framed(
      { type: 'DATA_PAGE_V2', uncompressed_page_size, compressed_page_size: bytes.length, data_page_header_v2 },
      bytes,
    )
  }
  const highFirst = packed(padded(flags), 1).map(
    byte =>
      packed(
        packed([byte], 8).flatMap(b => Array.from({ length: 8 }, (_, i) => (b >> (7 - i)) & 1)),
        1,
      )[0],
  )
  const sized = bitPackedLevels ? Uint8Array.from(highFirst) : Buffer.concat([sizeOf(levels), levels])
  const page = nullable ? Buffer.concat([sized, body]) : body
  const bytes = compressed(codec, page)
  const data_page_header = {
    num_values: rows,
    encoding,
    definition_level_encoding: bitPackedLevels ? ('BIT_PACKED' as const) : ('RLE' as const),
    repetition_level_encoding: 'RLE' as const,
  }
  return framed(
    { type: 'DATA_PAGE', uncompressed_page_size: page.length, compressed_page_size: bytes.length, data_page_header },
    bytes,
  )
}
