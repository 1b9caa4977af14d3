import { checked, checkHas, checkRoom } from './damage.js'
import type { Memory } from './memory.js'

/** Copies n values that lie at any address of `bytes` to `out`. Throws an Error when they are not there. */
export function copyValues(
  memory: Memory,
  bytes: Uint8Array,
  n: number,
  out: Int32Array | BigInt64Array | Float64Array,
): void {
  checkRoom(out, n)
  checkHas(bytes, n * out.BYTES_PER_ELEMENT)
  memory.exports.copyValues(bytes.byteOffset, n, out.BYTES_PER_ELEMENT, out.byteOffset)
}

/** Widens n floats of `bytes` to doubles, exactly. Throws an Error when they are not there. */
export function widenFloats(memory: Memory, bytes: Uint8Array, n: number, out: Float64Array): void {
  checkRoom(out, n)
  checkHas(bytes, n * 4)
  memory.exports.widenFloats(bytes.byteOffset, n, out.byteOffset)
}

/** Turns n INT96 stamps of `bytes` into ns since 1970. Throws an Error for one that 64 bits cannot hold. */
export function stampsOf96(memory: Memory, bytes: Uint8Array, n: number, out: BigInt64Array): void {
  checkRoom(out, n)
  checkHas(bytes, n * 12)
  checked(memory.exports.stampsOf96(bytes.byteOffset, n, out.byteOffset))
}

/**
 * Joins values [first, first + n) of the `all` values of BYTE_STREAM_SPLIT `bytes`, `width` bytes each, to `out` bytes.
 * Throws an Error when they are not there.
 */
export function joinStreams(
  memory: Memory,
  bytes: Uint8Array,
  all: number,
  first: number,
  n: number,
  width: number,
  out: Uint8Array,
): void {
  checkRoom(out, n * width)
  checkHas(bytes, all * width)
  if (!(first >= 0 && first + n <= all)) throw new RangeError(`values ${first} to ${first + n} of ${all} do not exist`)
  memory.exports.joinStreams(bytes.byteOffset, all, first, n, width, out.byteOffset)
}
