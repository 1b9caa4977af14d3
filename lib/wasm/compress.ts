import type { Memory } from './memory.js'

const works = new WeakMap<Memory, Uint8Array>()

/** Returns the room in bytes that `compressSnappy` needs for `n` bytes: the most it makes of them, and vector stores. */
export const snappyBound = (n: number): number => 32 + n + Math.ceil(n / 6)

/** Returns the room in bytes that `compressZstd` needs for `n` bytes: the most it makes of them, and what it tries. */
export const zstdBound = (n: number): number => 1024 + n + Math.ceil(n / 4096)

/**
 * Compresses with Snappy (the raw format, as in Parquet) and returns how many bytes of `into` it wrote. Both arrays lie
 * in the memory and do not overlap; `into` has room for `snappyBound` bytes. The same bytes give the same bytes.
 * Throws a RangeError for arrays elsewhere or too short.
 */
export function compressSnappy(memory: Memory, from: Uint8Array, into: Uint8Array): number {
  check(memory, from, into, snappyBound(from.length))
  return memory.exports.packSnappy(from.byteOffset, from.length, into.byteOffset, workOf(memory).byteOffset)
}

/**
 * Compresses to a frame of Zstandard (with its content's size, without checksum and dictionary) and returns how many
 * bytes of `into` it wrote. Both arrays lie in the memory and do not overlap; `into` has room for `zstdBound` bytes.
 * The same bytes give the same bytes. Throws a RangeError for arrays elsewhere or too short.
 */
export function compressZstd(memory: Memory, from: Uint8Array, into: Uint8Array): number {
  check(memory, from, into, zstdBound(from.length))
  return memory.exports.packZstd(from.byteOffset, from.length, into.byteOffset, workOf(memory).byteOffset)
}

function check(memory: Memory, from: Uint8Array, into: Uint8Array, bound: number): void {
  if (!memory.holds(from) || !memory.holds(into)) throw new RangeError('an array is not in the memory of the kernels')
  if (into.length < bound) throw new RangeError(`there is room for ${into.length} bytes, ${bound} are needed`)
}

/** Returns what hash tables and sequences are kept in: about 1.5 MB, taken once and shared by both. */
function workOf(memory: Memory): Uint8Array {
  const known = works.get(memory)
  if (known) return known
  const { SNAPPY_WORK, ZSTD_WORK } = memory.exports
  const work = memory.u8(Math.max(SNAPPY_WORK.value, ZSTD_WORK.value))
  works.set(memory, work)
  return work
}
