import { crc32 } from 'node:zlib'
import type { ColumnChunk, CompressionCodec, PageHeader } from 'hyparquet'
import { ByteWriter } from 'hyparquet-writer'
import { writePageHeader } from 'hyparquet-writer/src/datapage.js'
import { writeRleBitPackedHybrid } from 'hyparquet-writer/src/encoding.js'
import { snappyCompress } from 'hyparquet-writer/src/snappy.js'
import type { ColumnGatherer } from './gather.js'
import { extremesOf } from './statistics.js'

const PAGE_ROWS = 32_768

/**
 * Writes the first `rows` rows of a gathered column as one column chunk and returns its footer entry. Values are PLAIN,
 * copied from the typed arrays as they lie (little endian, like every platform Node runs on); strings use a dictionary
 * where that is smaller. Pages are of version 1, which every reader knows, and carry checksums.
 */
export function encodeChunk(
  writer: ByteWriter,
  source: ColumnGatherer,
  rows: number,
  codec: CompressionCodec,
): ColumnChunk {
  const { column, valid } = source
  const chunk = new ChunkWriter(writer, codec)
  const start = writer.offset
  const words = column.type === 'str' ? encodedWords(source, rows) : undefined

  let dictionaryAt: bigint | undefined
  if (words?.pays) {
    dictionaryAt = BigInt(writer.offset)
    chunk.page(joined(words.bytes), 'DICTIONARY_PAGE', words.bytes.length)
  }
  const dataAt = BigInt(writer.offset)
  for (let from = 0; from < rows; from += PAGE_ROWS) {
    const to = Math.min(rows, from + PAGE_ROWS)
    const levels = column.nullable ? levelBytes(valid, from, to) : undefined
    const body = words ? stringBytes(source, words, from, to) : plainBytes(source, from, to)
    chunk.page(levels ? Buffer.concat([levels, body]) : body, 'DATA_PAGE', to - from, words?.pays)
  }

  let nulls = 0
  if (valid) for (let i = 0; i < rows; i++) if (!valid[i]) nulls++
  return {
    file_offset: BigInt(start),
    meta_data: {
      type: column.element.type!,
      encodings: words?.pays ? ['PLAIN', 'RLE', 'RLE_DICTIONARY'] : ['PLAIN', 'RLE'],
      path_in_schema: [column.name],
      codec,
      num_values: BigInt(rows),
      total_uncompressed_size: BigInt(chunk.uncompressed),
      total_compressed_size: BigInt(writer.offset - start),
      data_page_offset: dataAt,
      dictionary_page_offset: dictionaryAt,
      statistics: { ...extremesOf(source, rows), null_count: BigInt(nulls) },
    },
  }
}

class ChunkWriter {
  uncompressed = 0

  constructor(
    private readonly writer: ByteWriter,
    private readonly codec: CompressionCodec,
  ) {}

  page(body: Uint8Array, type: 'DATA_PAGE' | 'DICTIONARY_PAGE', num_values: number, coded = false): void {
    const packed = this.codec === 'SNAPPY' ? snappyCompress(body) : body
    const encoding = coded ? 'RLE_DICTIONARY' : 'PLAIN'
    const header: PageHeader = {
      type,
      uncompressed_page_size: body.length,
      compressed_page_size: packed.length,
      crc: crc32(packed) | 0,
      ...(type === 'DATA_PAGE'
        ? {
            data_page_header: {
              num_values,
              encoding,
              definition_level_encoding: 'RLE',
              repetition_level_encoding: 'RLE',
            },
          }
        : { dictionary_page_header: { num_values, encoding: 'PLAIN' } }),
    }
    const start = this.writer.offset
    writePageHeader(this.writer, header)
    this.uncompressed += this.writer.offset - start + body.length
    this.writer.appendBytes(packed)
  }
}

function levelBytes(valid: Uint8Array | null, from: number, to: number): Uint8Array {
  const writer = new ByteWriter()
  writer.appendUint32(0)
  const levels = valid ? valid.subarray(from, to) : new Uint8Array(to - from).fill(1)
  const length = writeRleBitPackedHybrid(writer, levels, 1)
  writer.view.setUint32(0, length, true)
  return writer.getBytes()
}

function plainBytes({ column, values, valid }: ColumnGatherer, from: number, to: number): Uint8Array {
  let page = values.subarray(from, to)
  if (valid) {
    page = page.slice()
    let count = 0
    for (let i = from; i < to; i++) if (valid[i]) page[count++] = values[i]
    page = page.subarray(0, count)
  }
  if (column.type === 'bool') {
    const bits = new Uint8Array((page.length + 7) >> 3)
    for (let i = 0; i < page.length; i++) if (page[i]) bits[i >> 3] |= 1 << (i & 7)
    return bits
  }
  return new Uint8Array(page.buffer, page.byteOffset, page.byteLength)
}

interface EncodedWords {
  bytes: Uint8Array[] // by code, each with its length before it
  pays: boolean // the dictionary and its codes are smaller than the words in every row
  bits: number // of a code
}

function encodedWords({ interner, values, valid }: ColumnGatherer, rows: number): EncodedWords {
  const bytes = interner.words.map(word => {
    const text = Buffer.from(word)
    const entry = Buffer.alloc(4 + text.length)
    entry.writeUInt32LE(text.length)
    entry.set(text, 4)
    return entry
  })
  const bits = Math.max(1, 32 - Math.clz32(bytes.length - 1))
  let coded = bytes.reduce((sum, entry) => sum + entry.length, 0)
  let inline = 0
  for (let i = 0; i < rows; i++) {
    if (valid && !valid[i]) continue
    inline += bytes[values[i] as number].length
    coded += bits / 8
  }
  return { bytes, bits, pays: coded < inline }
}

function stringBytes({ values, valid }: ColumnGatherer, words: EncodedWords, from: number, to: number): Uint8Array {
  const codes = new Int32Array(to - from)
  let count = 0
  for (let i = from; i < to; i++) if (!valid || valid[i]) codes[count++] = values[i] as number
  const page = codes.subarray(0, count)
  if (!words.pays) return joined(Array.from(page, code => words.bytes[code]))
  const writer = new ByteWriter()
  writer.appendUint8(words.bits)
  writeRleBitPackedHybrid(writer, page, words.bits)
  return writer.getBytes()
}

const joined = (parts: Uint8Array[]): Uint8Array => Buffer.concat(parts)
