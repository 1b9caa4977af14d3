import type { ColumnType } from '../../../core/batch.js'
import type { WrittenColumn } from './shape.js'
import type { ThriftWriter } from './thrift.js'

interface StoredType {
  physical: number
  converted?: number // what readers of old know instead of the logical type
  logical?: (thrift: ThriftWriter) => void
}

const none = () => {}

/** Column types as the format numbers them. */
export const STORED: Record<ColumnType, StoredType> = {
  bool: { physical: 0 },
  i32: { physical: 1 },
  date: { physical: 1, converted: 6, logical: thrift => thrift.struct(6, none) },
  i64: { physical: 2 },
  ts: { physical: 2, logical: thrift => thrift.struct(8, () => nanosecondsUtc(thrift)) },
  f64: { physical: 5 },
  str: { physical: 6, converted: 0, logical: thrift => thrift.struct(1, none) },
}

function nanosecondsUtc(thrift: ThriftWriter): void {
  thrift.bool(1, true)
  thrift.struct(2, () => thrift.struct(3, none))
}

const REQUIRED = 0
const OPTIONAL = 1

/** Writes the schema as a field of the footer: the root, then each column. */
export function writeSchema(thrift: ThriftWriter, id: number, columns: readonly WrittenColumn[]): void {
  thrift.structs(id, [undefined, ...columns], column => {
    if (!column) {
      thrift.binary(4, 'schema')
      thrift.i32(5, columns.length)
      return
    }
    const { physical, converted, logical } = STORED[column.type]
    thrift.i32(1, physical)
    thrift.i32(3, column.nullable ? OPTIONAL : REQUIRED)
    thrift.binary(4, column.name)
    thrift.i32(6, converted)
    thrift.struct(10, logical && (() => logical(thrift)))
  })
}
