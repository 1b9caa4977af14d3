/**
 * The loops that expressions are made of, over the first `n` values of arrays. Numbers are doubles, NaN is null;
 * conditions are one byte a row. Two implementations exist and agree to the last bit: these, in plain TypeScript, and
 * the engine's own in WebAssembly, whose arrays lie in its memory.
 */
export interface Loops {
  f64(length: number): Float64Array
  u8(length: number): Uint8Array
  i32(length: number): Int32Array
  /** Gives back an array that one of the above made. */
  free(array: Float64Array | Uint8Array | Int32Array): void

  add(a: Float64Array, b: Float64Array, out: Float64Array, n: number): void
  sub(a: Float64Array, b: Float64Array, out: Float64Array, n: number): void
  mul(a: Float64Array, b: Float64Array, out: Float64Array, n: number): void
  /** A zero denominator gives null, never infinity (semantics 4.1). */
  div(a: Float64Array, b: Float64Array, out: Float64Array, n: number): void
  /** Takes `b` where `a` is null. */
  coalesce(a: Float64Array, b: Float64Array, out: Float64Array, n: number): void
  select(mask: Uint8Array, a: Float64Array, b: Float64Array, out: Float64Array, n: number): void
  clip(a: Float64Array, low: number, high: number, out: Float64Array, n: number): void
  /** Widens to doubles; a 64-bit integer beyond 2^53 is rounded once. */
  widen(from: Int32Array | BigInt64Array | Uint8Array, out: Float64Array, n: number): void
  /** Writes NaN where a row is null. */
  voidNulls(valid: Uint8Array, values: Float64Array, n: number): void

  eq(a: Float64Array, b: Float64Array, out: Uint8Array, n: number): void
  /** Neither equal nor null. */
  ne(a: Float64Array, b: Float64Array, out: Uint8Array, n: number): void
  lt(a: Float64Array, b: Float64Array, out: Uint8Array, n: number): void
  le(a: Float64Array, b: Float64Array, out: Uint8Array, n: number): void
  isNaN(a: Float64Array, out: Uint8Array, n: number): void
  /** Holds where a value is neither zero nor null. */
  truth(a: Float64Array, out: Uint8Array, n: number): void
  look(codes: Int32Array, table: Uint8Array, out: Uint8Array, n: number): void
  and(a: Uint8Array, b: Uint8Array, out: Uint8Array, n: number): void
  or(a: Uint8Array, b: Uint8Array, out: Uint8Array, n: number): void
  not(a: Uint8Array, out: Uint8Array, n: number): void
  ones(mask: Uint8Array, n: number): number
  /** Lists the rows where a mask holds; `out` has room for one more than `n`. Returns how many. */
  rowsWhere(mask: Uint8Array, n: number, out: Int32Array): number
  /** Keeps those of the first `count` listed rows where a mask holds. Returns how many. */
  rowsWithin(index: Int32Array, count: number, mask: Uint8Array, out: Int32Array): number
}

const TWO_32 = 4294967296

/** The loops in plain TypeScript. */
export const scriptLoops: Loops = {
  f64: length => new Float64Array(length),
  u8: length => new Uint8Array(length),
  i32: length => new Int32Array(length),
  free: () => {},

  add(a, b, out, n) {
    for (let i = 0; i < n; i++) out[i] = a[i] + b[i]
  },
  sub(a, b, out, n) {
    for (let i = 0; i < n; i++) out[i] = a[i] - b[i]
  },
  mul(a, b, out, n) {
    for (let i = 0; i < n; i++) out[i] = a[i] * b[i]
  },
  div(a, b, out, n) {
    for (let i = 0; i < n; i++) out[i] = b[i] === 0 ? Number.NaN : a[i] / b[i]
  },
  coalesce(a, b, out, n) {
    for (let i = 0; i < n; i++) out[i] = Number.isNaN(a[i]) ? b[i] : a[i]
  },
  select(mask, a, b, out, n) {
    for (let i = 0; i < n; i++) out[i] = mask[i] ? a[i] : b[i]
  },
  clip(a, low, high, out, n) {
    for (let i = 0; i < n; i++) out[i] = a[i] < low ? low : a[i] > high ? high : a[i]
  },
  widen(from, out, n) {
    if (from instanceof BigInt64Array) {
      // Two 32-bit halves: no BigInt per row.
      const words = new Int32Array(from.buffer, from.byteOffset, n * 2)
      for (let i = 0; i < n; i++) out[i] = words[2 * i + 1] * TWO_32 + (words[2 * i] >>> 0)
    } else for (let i = 0; i < n; i++) out[i] = from[i]
  },
  voidNulls(valid, values, n) {
    for (let i = 0; i < n; i++) if (!valid[i]) values[i] = Number.NaN
  },

  eq(a, b, out, n) {
    for (let i = 0; i < n; i++) out[i] = a[i] === b[i] ? 1 : 0
  },
  ne(a, b, out, n) {
    for (let i = 0; i < n; i++) out[i] = a[i] < b[i] || a[i] > b[i] ? 1 : 0
  },
  lt(a, b, out, n) {
    for (let i = 0; i < n; i++) out[i] = a[i] < b[i] ? 1 : 0
  },
  le(a, b, out, n) {
    for (let i = 0; i < n; i++) out[i] = a[i] <= b[i] ? 1 : 0
  },
  isNaN(a, out, n) {
    for (let i = 0; i < n; i++) out[i] = Number.isNaN(a[i]) ? 1 : 0
  },
  truth(a, out, n) {
    for (let i = 0; i < n; i++) out[i] = a[i] > 0 || a[i] < 0 ? 1 : 0
  },
  look(codes, table, out, n) {
    for (let i = 0; i < n; i++) out[i] = table[codes[i]]
  },
  and(a, b, out, n) {
    for (let i = 0; i < n; i++) out[i] = a[i] & b[i]
  },
  or(a, b, out, n) {
    for (let i = 0; i < n; i++) out[i] = a[i] | b[i]
  },
  not(a, out, n) {
    for (let i = 0; i < n; i++) out[i] = a[i] ^ 1
  },
  ones(mask, n) {
    let total = 0
    for (let i = 0; i < n; i++) total += mask[i]
    return total
  },
  rowsWhere(mask, n, out) {
    let count = 0
    for (let i = 0; i < n; i++) {
      out[count] = i
      count += mask[i]
    }
    return count
  },
  rowsWithin(index, count, mask, out) {
    let kept = 0
    for (let k = 0; k < count; k++) {
      out[kept] = index[k]
      kept += mask[index[k]]
    }
    return kept
  },
}
