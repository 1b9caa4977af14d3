import { brotliDecompressSync, unzipSync } from 'node:zlib'
import type { CompressionCodec } from 'hyparquet'
import { decompressLz4 } from 'hyparquet-compressors'
import { BasaltError } from '../../core/error.js'
import type { Memory } from '../../wasm/memory.js'
import { unpackLz4, unpackSnappy, unpackZstd } from '../../wasm/unpack.js'

/** The greatest ratio each codec can reach, rounded up: what a page may claim to unpack to. */
const RATIO: Partial<Record<CompressionCodec, number>> = {
  SNAPPY: 22, // 64 bytes of a copy of 3
  LZ4: 256,
  LZ4_RAW: 256,
  GZIP: 1100,
  BROTLI: 100_000,
  ZSTD: 32_768, // a block of 128 KiB in 4 bytes
}

/** Pages are 1 MiB where writers keep to the format's advice; the largest in use hold a row group of 1 M longs, 8 MiB. */
export const MAX_PAGE_BYTES = 2 ** 27

/** Throws unless bytes of a codec may unpack to `size`: asked before memory for them is. */
export function checkSize(packed: Uint8Array, size: number, codec: CompressionCodec): void {
  if (!(size >= 0)) throw new Error(`a page states ${size} bytes`)
  if (size > MAX_PAGE_BYTES)
    throw new BasaltError('limit', `a page unpacks to ${size} bytes, more than ${MAX_PAGE_BYTES}`)
  if (codec === 'UNCOMPRESSED') {
    if (size !== packed.length) throw new Error(`a page of ${packed.length} bytes states ${size}`)
    return
  }
  const ratio = RATIO[codec]
  if (ratio === undefined) throw new Error(`pages packed by ${codec} cannot be read`)
  if (size > packed.length * ratio + 64) throw new Error(`a page of ${packed.length} bytes states ${size} unpacked`)
}

/** Unpacks bytes to fill `to` exactly, both in `memory`, or throws. The size has been checked. */
export function unpack(memory: Memory, packed: Uint8Array, to: Uint8Array, codec: CompressionCodec): void {
  if (codec === 'SNAPPY') unpackSnappy(memory, packed, to)
  else if (codec === 'ZSTD') unpackZstd(memory, packed, to)
  else if (codec === 'LZ4_RAW') unpackLz4(memory, packed, to)
  else {
    const bytes = foreign(packed, to.length, codec)
    if (bytes.length !== to.length) throw new Error(`a page of ${to.length} bytes unpacks to ${bytes.length}`)
    to.set(bytes)
  }
}

function foreign(packed: Uint8Array, size: number, codec: CompressionCodec): Uint8Array {
  if (codec === 'LZ4') return decompressLz4(packed, size)
  try {
    const limit = { maxOutputLength: size }
    return codec === 'GZIP' ? unzipSync(packed, limit) : brotliDecompressSync(packed, limit)
  } catch (error) {
    throw new Error(`a page cannot be unpacked by ${codec}`, { cause: error })
  }
}
