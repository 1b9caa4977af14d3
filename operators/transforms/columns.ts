import {
  batchOf,
  type Column,
  type ColumnSpec,
  columnOf,
  columnTypeOf,
  type RecordBatch,
  take,
} from '../../lib/core/index.js'

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

/** Returns the batch with one column added, or replaced when it has one of that name. */
export function extended(batch: RecordBatch, spec: ColumnSpec, column: Column): RecordBatch {
  const { specs, columns } = columnsOfBatch(batch)
  const at = specs.findIndex(each => each.name === spec.name)
  if (at < 0) return batchOf([...specs, spec], [...columns, column], batch.numRows)
  return batchOf(specs.with(at, spec), columns.with(at, column), batch.numRows)
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

/** Lists the rows where a mask holds. */
export function selected(
  mask: Uint8Array,
  rows: number,
  into = new Int32Array(rows),
): { index: Int32Array; count: number } {
  let count = 0
  for (let i = 0; i < rows; i++) {
    into[count] = i
    count += mask[i]
  }
  return { index: into, count }
}
