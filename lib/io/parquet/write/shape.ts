import type { Schema } from 'apache-arrow'
import { type ColumnType, columnTypeOf } from '../../../core/batch.js'
import { BasaltError } from '../../../core/error.js'

/** One column of a file to be written. */
export interface WrittenColumn {
  name: string
  type: ColumnType
  nullable: boolean
}

/** Returns how each field of a schema is stored. A field that no column type holds is an `internal` fault. */
export function writtenColumns(schema: Schema): WrittenColumn[] {
  return schema.fields.map(({ name, type, nullable }) => {
    const held = columnTypeOf(type)
    if (!held) throw new BasaltError('internal', `type ${type} cannot be written to Parquet`, { field: name })
    return { name, type: held, nullable }
  })
}
