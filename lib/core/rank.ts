import type { Column } from './batch.js'
import { rowNumbers } from './pick.js'

/**
 * Returns row numbers in ascending order of the key columns: numbers by value, text by its UTF-8 bytes, null last.
 * Equal rows keep their order.
 */
export function rankRows(keys: readonly Column[], rows: number): Int32Array {
  const index = rowNumbers(rows)
  const numbers = keys.map(key => sortable(key, rows))
  if (alreadyOrdered(numbers, rows)) return index
  // TypedArray sort is stable since ES2019.
  return index.sort((a, b) => {
    for (const values of numbers) if (values[a] !== values[b]) return values[a] < values[b] ? -1 : 1
    return a - b
  })
}

type Sortable = Float64Array | BigInt64Array

function alreadyOrdered(numbers: Sortable[], rows: number): boolean {
  for (let i = 1; i < rows; i++) {
    for (const values of numbers) {
      if (values[i - 1] < values[i]) break
      if (values[i - 1] > values[i]) return false
    }
  }
  return true
}

/** Returns numbers that sort as the column does; null is the greatest. */
function sortable(column: Column, rows: number): Sortable {
  const { valid } = column
  const out = new Float64Array(rows)
  if (column.type === 'i64' || column.type === 'ts') {
    const shifted = shiftedToDoubles(column.values, valid, out)
    if (!shifted) return bigSortable(column.values, valid, rows)
  } else if (column.type === 'str') {
    const { words } = column.dictionary
    const order = words.map((_, code) => code).sort((a, b) => compareBytes(words[a], words[b]))
    const rank = new Int32Array(words.length)
    for (const [position, code] of order.entries()) rank[code] = position
    for (let i = 0; i < rows; i++) out[i] = rank[column.values[i]]
  } else {
    const values = column.values as ArrayLike<number>
    for (let i = 0; i < rows; i++) out[i] = values[i]
    if (column.type === 'f64') for (let i = 0; i < rows; i++) if (Number.isNaN(out[i])) out[i] = Infinity
  }
  if (valid) for (let i = 0; i < rows; i++) if (!valid[i]) out[i] = Infinity
  return out
}

/** Writes values minus the least as exact doubles; false when they span more than 2^53. */
function shiftedToDoubles(values: BigInt64Array, valid: Uint8Array | null, out: Float64Array): boolean {
  if (out.length === 0) return true
  let low = values[0]
  let high = values[0]
  for (let i = 0; i < out.length; i++) {
    if (valid && !valid[i]) continue
    if (values[i] < low) low = values[i]
    if (values[i] > high) high = values[i]
  }
  if (high - low > BigInt(Number.MAX_SAFE_INTEGER)) return false
  for (let i = 0; i < out.length; i++) out[i] = Number(values[i] - low)
  return true
}

const GREATEST = 2n ** 63n - 1n

function bigSortable(values: BigInt64Array, valid: Uint8Array | null, rows: number): BigInt64Array {
  const out = values.slice(0, rows)
  if (valid) for (let i = 0; i < rows; i++) if (!valid[i]) out[i] = GREATEST
  return out
}

/** Compares text by its UTF-8 bytes, which is by code points; JS itself compares UTF-16 units. */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return surrogateLast(x) - surrogateLast(y)
  }
  return a.length - b.length
}

/** Units of astral characters (D800-DFFF) come after all others, as their code points do. */
function surrogateLast(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}
