import { compressSnappy, compressZstd, snappyBound, zstdBound } from '../../../wasm/compress.js'
import type { Memory } from '../../../wasm/memory.js'

export type Codec = 'none' | 'snappy' | 'zstd'

interface Compressor {
  /** Compresses an array of the memory into another one and returns the bytes written. */
  compress(memory: Memory, from: Uint8Array, into: Uint8Array): number
  /** Returns the most bytes that `length` bytes become. */
  bound(length: number): number
  /** What must be saved of a chunk, as a share, for a reader to have to unpack it. */
  worth: number
}

export const COMPRESSORS: Record<Exclude<Codec, 'none'>, Compressor> = {
  snappy: { compress: compressSnappy, bound: snappyBound, worth: 1 / 16 },
  zstd: { compress: compressZstd, bound: zstdBound, worth: 1 / 32 },
}
