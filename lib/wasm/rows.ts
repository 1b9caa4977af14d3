import { checkRoom } from './damage.js'
import type { Memory } from './memory.js'

/** Throws an Error unless each of the first n codes is one of a dictionary of `size` entries. */
export function checkCodes(memory: Memory, codes: Int32Array, n: number, size: number): void {
  checkRoom(codes, n)
  if (n === 0) return
  const greatest = memory.exports.greatestCode(codes.byteOffset, n) >>> 0
  if (greatest >= size) throw new Error(`code ${greatest} is not in a dictionary of ${size}`)
}

/** Writes the dictionary's value of each of the first n codes, which have been checked, to `out`. */
export function gather<T extends Int32Array | BigInt64Array | Float64Array>(
  memory: Memory,
  dictionary: T,
  codes: Int32Array,
  n: number,
  out: T,
): void {
  checkRoom(codes, n)
  checkRoom(out, n)
  const { gather4, gather8 } = memory.exports
  const kernel = out.BYTES_PER_ELEMENT === 4 ? gather4 : gather8
  kernel(dictionary.byteOffset, codes.byteOffset, n, out.byteOffset)
}

/**
 * Moves `present` values from the end of the first n of `rows` to the rows whose byte in `valid` is 1, in order; the
 * others become 0. `valid` must hold as many ones.
 */
export function spread(
  memory: Memory,
  rows: Int32Array | BigInt64Array | Float64Array | Uint8Array,
  n: number,
  present: number,
  valid: Uint8Array,
): void {
  checkRoom(rows, n)
  checkRoom(valid, n)
  if (!(present >= 0 && present <= n)) throw new RangeError(`${present} of ${n} rows cannot be present`)
  const { spread1, spread4, spread8 } = memory.exports
  const kernel = rows.BYTES_PER_ELEMENT === 1 ? spread1 : rows.BYTES_PER_ELEMENT === 4 ? spread4 : spread8
  kernel(rows.byteOffset, n, present, valid.byteOffset)
}
