import type { RecordBatch } from 'apache-arrow'
import { batchOf, type Column, type ColumnSpec, columnOf, columnTypeOf } from './batch.js'
import { take } from './columns.js'

/** Lists a batch's columns as specs and views. Columns of types that no stage can hold are left out. */
export function columnsOfBatch(batch: RecordBatch): { specs: ColumnSpec[]; columns: Column[] } {
  const specs: ColumnSpec[] = []
  const columns: Column[] = []
  for (const field of batch.schema.fields) {
    const type = columnTypeOf(field.type)
    const column = columnOf(batch, field.name)
    if (!type || !column) continue
    specs.push({
      name: field.name,
      type: column.type,
      nullable: field.nullable,
      metadata: Object.fromEntries(field.metadata),
    })
    columns.push(column)
  }
  return { specs, columns }
}

/** Returns rows `index[0..count)` of a batch, in that order, in memory of their own. */
export function rowsOf(batch: RecordBatch, index: Int32Array, count: number): RecordBatch {
  const { specs, columns } = columnsOfBatch(batch)
  return batchOf(
    specs,
    columns.map(column => take(column, index, count)),
    count,
  )
}
