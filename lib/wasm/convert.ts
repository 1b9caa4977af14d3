import type { Memory } from './memory.js'

/** Turns infinities into NaN, in place, and returns how many present values are not finite. */
export function voidNonFinite(memory: Memory, values: Float64Array, valid: Uint8Array | null, n: number): number {
  return memory.exports.voidNonFinite(values.byteOffset, valid ? memory.address(valid) : 0, n)
}

/** Writes NaN where a row is null, in place. */
export function voidNulls(memory: Memory, valid: Uint8Array, values: Float64Array, n: number): void {
  memory.exports.voidNulls(memory.address(valid), values.byteOffset, n)
}

/** Writes stamps × tick to `out`; returns the first present row whose product leaves 64 bits, or n. */
export function scaleStamps(
  memory: Memory,
  stamps: BigInt64Array,
  tick: number,
  valid: Uint8Array | null,
  out: BigInt64Array,
  n: number,
): number {
  const nulls = valid ? memory.address(valid, 1) : 0
  return memory.exports.scaleI64(memory.address(stamps), BigInt(tick), nulls, out.byteOffset, n)
}
