import { batchOf, type Column, type ColumnSpec, type GrowingColumn, type RecordBatch } from '../core/index.js'

/** A column of a partial, with its name. */
export interface Made {
  spec: ColumnSpec
  column: Column
}

/** Returns what a growing column holds, from row `from` on, without a copy. */
export function grown(key: GrowingColumn, from = 0): Made {
  const column = key.view()
  if (from === 0) return { spec: key.spec, column }
  const values = column.values.subarray(from)
  return { spec: key.spec, column: { ...column, values, valid: column.valid?.subarray(from) ?? null } as Column }
}

export function batchFrom(columns: readonly Made[], rows: number): RecordBatch {
  return batchOf(
    columns.map(each => each.spec),
    columns.map(each => each.column),
    rows,
  )
}
