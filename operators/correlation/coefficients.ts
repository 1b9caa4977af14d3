import { pearson } from '../statistics/pearson.js'
import { ascending, averageRanks } from '../statistics/ranks.js'
import { type SoftOptions, softCorrelation } from './soft.js'

export type Method = 'pearson' | 'spearman' | 'soft'

/**
 * Computes the coefficients of all pairs of columns of one length, NaN for null: k × k, row by row, symmetric. A pair
 * uses the rows in which both are present. O(k² n), and k sorts for ranks.
 */
export function coefficients(columns: readonly Float64Array[], method: Method, soft: SoftOptions): Float64Array {
  const k = columns.length
  const pair = pairOf(columns, method, soft)
  const out = new Float64Array(k * k)
  for (let i = 0; i < k; i++) for (let j = i; j < k; j++) out[i * k + j] = out[j * k + i] = pair(i, j)
  return out
}

function pairOf(columns: readonly Float64Array[], method: Method, soft: SoftOptions): (i: number, j: number) => number {
  const rows = columns[0]?.length ?? 0
  const [x, y] = [new Float64Array(rows), new Float64Array(rows)]
  const keep = new Uint8Array(rows)
  if (method !== 'spearman') {
    return (i, j) => {
      markComplete(columns[i], columns[j], keep)
      const n = compact(columns[i], keep, x)
      compact(columns[j], keep, y)
      return method === 'pearson' ? pearson(x, y, n) : softCorrelation(x, y, n, soft)
    }
  }
  // One sort a column: ranks within a pair's rows are read off the column's order.
  const orders = columns.map(ascending)
  const ranks = new Float64Array(rows)
  return (i, j) => {
    markComplete(columns[i], columns[j], keep)
    averageRanks(columns[i], orders[i], ranks, keep)
    const n = compact(ranks, keep, x)
    averageRanks(columns[j], orders[j], ranks, keep)
    compact(ranks, keep, y)
    return pearson(x, y, n)
  }
}

function markComplete(a: Float64Array, b: Float64Array, keep: Uint8Array): void {
  for (let row = 0; row < keep.length; row++) keep[row] = Number.isNaN(a[row]) || Number.isNaN(b[row]) ? 0 : 1
}

/** Copies the marked rows to the front of `out`; returns how many. */
function compact(from: Float64Array, keep: Uint8Array, out: Float64Array): number {
  let n = 0
  for (let row = 0; row < keep.length; row++) if (keep[row]) out[n++] = from[row]
  return n
}
