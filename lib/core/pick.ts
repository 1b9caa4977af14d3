type Values = Float64Array | BigInt64Array | Int32Array | Uint8Array

/** Returns `count` row numbers from `first` on. A loop: mapping over an array costs 15 times as much. */
export function rowNumbers(count: number, first = 0): Int32Array<ArrayBuffer> {
  const rows = new Int32Array(count)
  for (let i = 0; i < count; i++) rows[i] = first + i
  return rows
}

/**
 * Copies `from[rows[k]]` to `into[at + k]` for k in 0..count; both arrays are of one type. Each type has a loop of its
 * own: one loop over four types is compiled for none of them and costs 10-20 ns a row instead of 1-2.
 */
export function pick(from: Values, rows: Int32Array, count: number, into: Values, at = 0): void {
  // Bars that are done mostly follow one another: they are copied as a whole.
  let run = 1
  while (run < count && rows[run] === rows[run - 1] + 1) run++
  if (run === count) copyRun(from, rows[0], count, into, at)
  else pickEach(from, rows, count, into, at)
}

/** As pick, of rows that ascend: no look at those between tells whether they follow one another. */
export function pickAscending(from: Values, rows: Int32Array, count: number, into: Values, at = 0): void {
  if (count > 0 && rows[count - 1] - rows[0] === count - 1) copyRun(from, rows[0], count, into, at)
  else pickEach(from, rows, count, into, at)
}

function copyRun(from: Values, first: number, count: number, into: Values, at: number): void {
  into.set(from.subarray(first, first + count) as never, at)
}

function pickEach(from: Values, rows: Int32Array, count: number, into: Values, at: number): void {
  if (from instanceof Float64Array) doubles(from, rows, count, into as Float64Array, at)
  else if (from instanceof Int32Array) ints(from, rows, count, into as Int32Array, at)
  else if (from instanceof Uint8Array) bytes(from, rows, count, into as Uint8Array, at)
  else longs(halves(from), rows, count, halves(into as BigInt64Array), at)
}

/** Views 64-bit integers as low and high halves: copying them by row then makes no BigInt. */
export function halves(values: BigInt64Array): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, values.length * 2)
}

function doubles(from: Float64Array, rows: Int32Array, count: number, into: Float64Array, at: number): void {
  for (let k = 0; k < count; k++) into[at + k] = from[rows[k]]
}

function ints(from: Int32Array, rows: Int32Array, count: number, into: Int32Array, at: number): void {
  for (let k = 0; k < count; k++) into[at + k] = from[rows[k]]
}

function bytes(from: Uint8Array, rows: Int32Array, count: number, into: Uint8Array, at: number): void {
  for (let k = 0; k < count; k++) into[at + k] = from[rows[k]]
}

function longs(from: Int32Array, rows: Int32Array, count: number, into: Int32Array, at: number): void {
  for (let k = 0; k < count; k++) {
    const row = rows[k]
    into[2 * (at + k)] = from[2 * row]
    into[2 * (at + k) + 1] = from[2 * row + 1]
  }
}
