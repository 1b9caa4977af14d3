import { brotliCompressSync, brotliDecompressSync, constants, gunzipSync, gzipSync } from 'node:zlib'
import { compressors } from 'hyparquet-compressors'
import { putVarint } from './thrift.js'

/** Codecs by their number in the format. */
export const CODEC = { plain: 0, snappy: 1, gzip: 2, brotli: 4, zstd: 6, lz4raw: 7 } as const

/** Unpacks a page; undefined for a codec or bytes that this cannot read. */
export function unpacked(codec: number, bytes: Uint8Array, size: number): Uint8Array | undefined {
  try {
    switch (codec) {
      case CODEC.plain:
        return bytes
      case CODEC.snappy:
        return compressors.SNAPPY!(bytes, size)
      case CODEC.gzip:
        return gunzipSync(bytes)
      case CODEC.brotli:
        return brotliDecompressSync(bytes)
      case CODEC.zstd:
        return compressors.ZSTD!(bytes, size)
      case CODEC.lz4raw:
        return compressors.LZ4_RAW!(bytes, size)
      default:
        return undefined
    }
  } catch {
    return undefined
  }
}

/** Packs a page: valid bytes of its codec, literals alone where Node has no compressor. */
export function packed(codec: number, bytes: Uint8Array): Uint8Array {
  switch (codec) {
    case CODEC.snappy:
      return snappy(bytes)
    case CODEC.gzip:
      return gzipSync(bytes, { level: 1 })
    case CODEC.brotli:
      return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })
    case CODEC.zstd:
      return zstd(bytes)
    case CODEC.lz4raw:
      return lz4(bytes)
    default:
      return bytes
  }
}

function snappy(bytes: Uint8Array): Uint8Array {
  const head: number[] = []
  putVarint(head, BigInt(bytes.length))
  const blocks: Uint8Array[] = [Uint8Array.from(head)]
  for (let at = 0; at < bytes.length; at += 65_536) {
    const literal = bytes.subarray(at, at + 65_536)
    const last = literal.length - 1
    blocks.push(Uint8Array.of(61 << 2, last & 255, last >> 8), literal)
  }
  return Buffer.concat(blocks)
}

function lz4(bytes: Uint8Array): Uint8Array {
  if (bytes.length < 15) return Buffer.concat([Uint8Array.of(bytes.length << 4), bytes])
  const head = [0xf0]
  let rest = bytes.length - 15
  for (; rest >= 255; rest -= 255) head.push(255)
  head.push(rest)
  return Buffer.concat([Uint8Array.from(head), bytes])
}

const ZSTD_BLOCK = 131_072

function zstd(bytes: Uint8Array): Uint8Array {
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 0]) // one segment, content size in 4 bytes
  head.writeUInt32LE(bytes.length, 5)
  const blocks: Uint8Array[] = [head]
  for (let at = 0; at === 0 || at < bytes.length; at += ZSTD_BLOCK) {
    const raw = bytes.subarray(at, at + ZSTD_BLOCK)
    const word = (raw.length << 3) | (at + ZSTD_BLOCK >= bytes.length ? 1 : 0)
    blocks.push(Uint8Array.of(word & 255, (word >> 8) & 255, word >> 16), raw)
  }
  return Buffer.concat(blocks)
}
