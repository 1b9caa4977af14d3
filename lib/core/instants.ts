const TWO_32 = 4294967296

/**
 * Writes a - b in ns for the first `n` stamps: exact where they lie within 104 days of each other (2^53 ns). As doubles,
 * two stamps of today are apart by multiples of 256 ns, and no BigInt is made per row.
 */
export function between(a: BigInt64Array, b: BigInt64Array, out: Float64Array, n: number): void {
  const x = new Int32Array(a.buffer, a.byteOffset, n * 2)
  const y = new Int32Array(b.buffer, b.byteOffset, n * 2)
  for (let i = 0; i < n; i++) {
    const high = x[2 * i + 1] - y[2 * i + 1]
    out[i] = high * TWO_32 + ((x[2 * i] >>> 0) - (y[2 * i] >>> 0))
  }
}
