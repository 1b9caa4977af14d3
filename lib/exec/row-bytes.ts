import type { ColumnType } from '../core/index.js'
import type { Results } from './results.js'

const BYTES: Record<ColumnType, number> = { f64: 8, i64: 8, ts: 8, i32: 4, date: 4, str: 4, bool: 1 }

/** Returns the bytes of a row in memory: values, and a byte each that says whether there is one. */
export const widthOf = (columns: readonly { type: ColumnType }[]): number =>
  columns.reduce((sum, { type }) => sum + BYTES[type] + 1, 0)

/** Returns the bytes of a row of some columns of a source. */
export function rowBytes(results: Results, source: string, columns: readonly string[]): number {
  return widthOf(results.specs(source).filter(({ name }) => columns.includes(name)))
}

/** Returns the bytes of some columns of a source. */
export const sizeOf = (results: Results, source: string, columns: readonly string[]): number =>
  results.size(source).rows * rowBytes(results, source, columns)
