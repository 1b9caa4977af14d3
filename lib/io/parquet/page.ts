import { brotliDecompressSync, crc32, gunzipSync } from 'node:zlib'
import type { CompressionCodec, Encoding, PageHeader } from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'
import { decompressPage } from 'hyparquet/src/datapage.js'
import { compressors } from 'hyparquet-compressors'
import { BasaltError } from '../../core/error.js'
import { decodeRuns } from './runs.js'

/** One page, uncompressed: either the dictionary or rows. */
export interface Page {
  dictionary: boolean
  encoding: Encoding
  count: number // values, nulls included
  /** One byte a row, 1 = present; null when every row is. */
  valid: Uint8Array | null
  present: number
  body: Uint8Array
}

/** Yields the pages of a column chunk. Anything that does not add up is thrown before memory is asked for. */
export function* pagesOf(chunk: ArrayBuffer, codec: CompressionCodec, nullable: boolean): Generator<Page> {
  for (const { header, packed } of framesOf(chunk)) {
    if (header.crc !== undefined && (crc32(packed) | 0) !== (header.crc | 0))
      throw new Error('a page fails its checksum')
    if (header.type === 'DICTIONARY_PAGE') yield dictionaryPage(header, packed, codec)
    else if (header.type === 'DATA_PAGE') yield firstVersion(header, packed, codec, nullable)
    else if (header.type === 'DATA_PAGE_V2') yield secondVersion(header, packed, codec, nullable)
    else if (header.type !== 'INDEX_PAGE') throw new Error('a page has an unknown type')
  }
}

/** Throws unless the headers of a chunk's pages state `rows` rows in all: no memory is asked for on a footer's word. */
export function checkRows(chunk: ArrayBuffer, rows: number): void {
  let stated = 0
  for (const { header } of framesOf(chunk)) {
    const count = (header.data_page_header ?? header.data_page_header_v2)?.num_values ?? 0
    if (!(count >= 0)) throw new Error(`a page states ${count} values`)
    stated += count
    if (stated > rows) throw new Error(`pages hold more than the ${rows} rows of the row group`)
    if (stated === rows) return // bytes behind the last row do not matter
  }
  if (stated < rows) throw new Error(`pages hold ${stated} of the ${rows} rows of the row group`)
}

function* framesOf(chunk: ArrayBuffer): Generator<{ header: PageHeader; packed: Uint8Array }> {
  const reader = { view: new DataView(chunk), offset: 0 }
  while (reader.offset < chunk.byteLength) {
    const header = parquetHeader(reader)
    const size = header.compressed_page_size
    if (!(size >= 0 && size <= chunk.byteLength - reader.offset)) {
      throw new Error(`a page of ${size} bytes does not fit the ${chunk.byteLength - reader.offset} that are left`)
    }
    const packed = new Uint8Array(chunk, reader.offset, size)
    reader.offset += size
    yield { header, packed }
  }
}

/** The greatest ratio each codec can reach, with room to spare: what a page may claim to unpack to. */
const RATIO: Record<CompressionCodec, number> = {
  UNCOMPRESSED: 1,
  SNAPPY: 64,
  LZ4: 256,
  LZ4_RAW: 256,
  GZIP: 1100,
  LZO: 256,
  BROTLI: 100_000,
  ZSTD: 100_000,
}
/** Those of Node where it has them: they tell how much they unpacked, and brotli takes a tenth of the time. */
const DECOMPRESSORS: typeof compressors = {
  ...compressors,
  GZIP: (packed, size) => gunzipSync(packed, { maxOutputLength: size }),
  BROTLI: (packed, size) => brotliDecompressSync(packed, { maxOutputLength: size }),
}
const MAX_PAGE_BYTES = 2 ** 30

function unpacked(packed: Uint8Array, size: number, codec: CompressionCodec): Uint8Array {
  if (!(size >= 0)) throw new Error(`a page states ${size} bytes`)
  if (size === 0) return new Uint8Array(0)
  if (size > MAX_PAGE_BYTES)
    throw new BasaltError('limit', `a page unpacks to ${size} bytes, more than ${MAX_PAGE_BYTES}`)
  if (size > packed.length * RATIO[codec] + 64)
    throw new Error(`a page of ${packed.length} bytes states ${size} unpacked`)
  return decompressPage(packed, size, codec, DECOMPRESSORS)
}

function dictionaryPage(header: PageHeader, packed: Uint8Array, codec: CompressionCodec): Page {
  const facts = header.dictionary_page_header
  if (!facts) throw new Error('a dictionary page has no header')
  const count = counted(facts.num_values)
  const body = unpacked(packed, header.uncompressed_page_size, codec)
  return { dictionary: true, encoding: 'PLAIN', count, valid: null, present: count, body }
}

function firstVersion(header: PageHeader, packed: Uint8Array, codec: CompressionCodec, nullable: boolean): Page {
  const facts = header.data_page_header
  if (!facts) throw new Error('a data page has no header')
  const count = counted(facts.num_values)
  const page = unpacked(packed, header.uncompressed_page_size, codec)
  if (!nullable) return { dictionary: false, encoding: facts.encoding, count, valid: null, present: count, body: page }
  if (facts.definition_level_encoding === 'BIT_PACKED') {
    const size = Math.ceil(count / 8)
    return withLevels(facts.encoding, count, packedLevels(page, size, count), page.subarray(size))
  }
  if (page.length < 4) throw new Error('a data page ends before its levels')
  const size = new DataView(page.buffer, page.byteOffset).getUint32(0, true)
  if (size > page.length - 4) throw new Error(`levels of ${size} bytes do not fit a page of ${page.length}`)
  return withLevels(facts.encoding, count, levels(page, 4, 4 + size, count), page.subarray(4 + size))
}

function secondVersion(header: PageHeader, packed: Uint8Array, codec: CompressionCodec, nullable: boolean): Page {
  const facts = header.data_page_header_v2
  if (!facts) throw new Error('a data page has no header')
  const count = counted(facts.num_values)
  const { repetition_levels_byte_length: repeated, definition_levels_byte_length: defined } = facts
  const start = repeated + defined
  if (!(repeated >= 0 && defined >= 0 && start <= packed.length)) {
    throw new Error(`levels of ${start} bytes do not fit a page of ${packed.length}`)
  }
  const rest = packed.subarray(start)
  const body = facts.is_compressed === false ? rest : unpacked(rest, header.uncompressed_page_size - start, codec)
  if (!nullable) return { dictionary: false, encoding: facts.encoding, count, valid: null, present: count, body }
  const page = withLevels(facts.encoding, count, levels(packed, repeated, start, count), body)
  if (count - page.present !== facts.num_nulls) {
    throw new Error(`a page states ${facts.num_nulls} nulls and has ${count - page.present}`)
  }
  return page
}

function counted(values: number): number {
  if (!(values >= 0)) throw new Error(`a page states ${values} values`)
  if (values > MAX_PAGE_BYTES / 8)
    throw new BasaltError('limit', `a page states ${values} values, more than fit memory`)
  return values
}

function levels(bytes: Uint8Array, start: number, end: number, count: number): Uint8Array | null {
  if (count > 0 && oneRun(bytes, start, end, count)) return null
  const valid = new Uint8Array(count)
  decodeRuns(bytes, start, end, 1, count, valid)
  return valid
}

/** Tells whether the levels are one run of ones: a column without nulls, which is the common case. */
function oneRun(bytes: Uint8Array, start: number, end: number, count: number): boolean {
  let header = 0
  let at = start
  for (let shift = 0; at < end && shift <= 28; shift += 7) {
    const byte = bytes[at++]
    header += (byte & 0x7f) * 2 ** shift
    if (byte < 0x80) return header % 2 === 0 && header / 2 >= count && at < end && bytes[at] === 1
  }
  return false
}

/** The deprecated form: one bit a row, most significant first. */
function packedLevels(bytes: Uint8Array, size: number, count: number): Uint8Array {
  if (bytes.length < size) throw new Error('a data page ends before its levels')
  const valid = new Uint8Array(count)
  for (let i = 0; i < count; i++) valid[i] = (bytes[i >> 3] >> (7 - (i & 7))) & 1
  return valid
}

function withLevels(encoding: Encoding, count: number, valid: Uint8Array | null, body: Uint8Array): Page {
  if (!valid) return { dictionary: false, encoding, count, valid, present: count, body }
  let present = 0
  for (let i = 0; i < count; i++) present += valid[i]
  return { dictionary: false, encoding, count, valid: present === count ? null : valid, present, body }
}
