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

/**
 * What a dictionary of numbers and its codes may take, as a share of the plain values: codes hardly compress, and plain
 * doubles do (a column of mid prices, Zstandard: 0.64 of the values as dictionary, a fifth more than them compressed).
 */
export const DICTIONARY_SHARE: Record<Codec, number> = { none: 1, snappy: 0.75, zstd: 0.5 }

export const COMPRESSORS: Record<Exclude<Codec, 'none'>, Compressor> = {
  snappy: { compress: compressSnappy, bound: snappyBound, worth: 1 / 16 },
  zstd: { compress: compressZstd, bound: zstdBound, worth: 1 / 32 },
}
