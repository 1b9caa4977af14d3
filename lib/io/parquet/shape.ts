import type { Schema } from 'apache-arrow'
import type { SchemaElement } from 'hyparquet'
import { type ColumnType, columnTypeOf } from '../../core/batch.js'
import { BasaltError } from '../../core/error.js'

/** One column of a file to be written. */
export interface WrittenColumn {
  name: string
  type: ColumnType
  nullable: boolean
  element: SchemaElement
}

/** Returns how each field of a schema is stored. A field that no column type holds is an `internal` fault. */
export function writtenColumns(schema: Schema): WrittenColumn[] {
  return schema.fields.map(field => {
    const type = columnTypeOf(field.type)
    if (!type)
      throw new BasaltError('internal', `type ${field.type} cannot be written to Parquet`, { field: field.name })
    const repetition_type = field.nullable ? 'OPTIONAL' : 'REQUIRED'
    return {
      name: field.name,
      type,
      nullable: field.nullable,
      element: { name: field.name, repetition_type, ...stored[type] },
    }
  })
}

const stored: Record<ColumnType, Omit<SchemaElement, 'name'>> = {
  f64: { type: 'DOUBLE' },
  i64: { type: 'INT64' },
  i32: { type: 'INT32' },
  bool: { type: 'BOOLEAN' },
  str: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  ts: { type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'NANOS' } },
  date: { type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } },
}
