import type { Column, Frame, GrowingColumn } from '../core/index.js'

/** A column of a partial, with its name. */
export type Made = readonly [name: string, column: Column]

/** Returns what a growing column holds, without a copy: it must not grow on once that has been handed to another thread. */
export const grown = (column: GrowingColumn): Made => [column.spec.name, column.view()]

/** Returns a copy of what a growing column holds from row `from` on. */
export function grownSince(column: GrowingColumn, from: number): Made {
  const { values, valid, ...rest } = column.view()
  return [column.spec.name, { ...rest, values: values.slice(from), valid: valid?.slice(from) ?? null } as Column]
}

/** Puts columns of `rows` rows together. */
export const frameFrom = (columns: readonly Made[], rows: number): Frame => ({ rows, columns: new Map(columns) })
