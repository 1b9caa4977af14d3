import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Column, RecordBatch } from '../../lib/core/batch.js'
import { columnOf } from '../../lib/core/batch.js'
import type { ColumnBinding, DataFile } from '../../lib/core/dataset.js'
import { stampText } from '../../lib/core/time.js'

const root = resolve(import.meta.dirname, '../../..')

/** Returns the path of shared test data, or undefined where it is absent. */
export function sharedData(...parts: string[]): string | undefined {
  const path = join(resolve(root, process.env.BASALT_SHARED ?? '../shared'), 'data', ...parts)
  return existsSync(path) ? path : undefined
}

/** Binds every column of a file that a stage can hold, booleans as text. */
export function bindingsOf(file: DataFile): ColumnBinding[] {
  return file.columns.flatMap(({ name, type }): ColumnBinding[] => {
    if (type === null) return []
    return [type === 'bool' ? { name, type: 'str', source: name, text: true } : { name, type, source: name }]
  })
}

/** Returns a column's rows over batches: null, number, bigint or string; stamps as text. */
export function rowsOf(batches: readonly RecordBatch[], name: string): unknown[] {
  return batches.flatMap(batch => {
    return valuesOf(columnOf(batch, name)!, batch.numRows)
  })
}

/** Returns the first rows of a column: null, number, bigint or string; stamps as text. */
export function valuesOf(column: Column, rows: number): unknown[] {
  return Array.from({ length: rows }, (_, row) => valueAt(column, row))
}

function valueAt(column: Column, row: number): unknown {
  if (column.valid && !column.valid[row]) return null
  if (column.type === 'str') return column.dictionary.words[column.values[row]]
  return column.type === 'ts' ? stampText(column.values[row]) : column.values[row]
}
