import { halves } from '../../lib/core/index.js'

/** Stamps as low and high words of 32 bits: arithmetic on them makes no BigInt. */
export type Words = Int32Array

const TWO_32 = 2 ** 32

export const wordsOf = (stamps: BigInt64Array): Words => halves(stamps)

/**
 * Returns by how many ns stamp `i` of `a` is later than stamp `j` of `b`. Exact below 2^53 ns, which are 104 days;
 * beyond that rounded, and never to less than that.
 */
export function later(a: Words, i: number, b: Words, j: number): number {
  return (a[2 * i + 1] - b[2 * j + 1]) * TWO_32 + ((a[2 * i] >>> 0) - (b[2 * j] >>> 0))
}

/** Tells whether the stamps of these rows ascend, equal ones by row. */
export function isOrdered(rows: Int32Array, stamps: Words): boolean {
  for (let k = 1; k < rows.length; k++) {
    const step = later(stamps, rows[k], stamps, rows[k - 1])
    if (step < 0 || (step === 0 && rows[k] < rows[k - 1])) return false
  }
  return true
}

/** Returns stamp `rows[i]` plus `ns[i]`, for each i. `ns` are whole numbers below 2^53 in size. */
export function moved(stamps: BigInt64Array, rows: Int32Array, ns: Float64Array): BigInt64Array {
  const out = new BigInt64Array(rows.length)
  const from = wordsOf(stamps)
  const into = wordsOf(out)
  for (let i = 0; i < rows.length; i++) {
    const high = Math.floor(ns[i] / TWO_32)
    const low = (from[2 * rows[i]] >>> 0) + (ns[i] - high * TWO_32)
    into[2 * i] = low
    into[2 * i + 1] = from[2 * rows[i] + 1] + high + (low >= TWO_32 ? 1 : 0)
  }
  return out
}
