import { batchOf, type Column, type ColumnSpec, columnOf, type RecordBatch } from '../core/index.js'

/** A batch as it crosses threads: its columns' arrays, each in a buffer of its own that is handed over. */
export interface WireBatch {
  rows: number
  specs: ColumnSpec[]
  columns: Column[]
}

/** Takes a batch apart. Arrays that share a buffer, or fill a part of one, are copied out of it. */
export function batchToWire(batch: RecordBatch): WireBatch {
  const taken = new Set<ArrayBufferLike>()
  const specs: ColumnSpec[] = []
  const columns = batch.schema.fields.map(({ name, nullable }) => {
    const column = columnOf(batch, name) as Column
    specs.push({ name, type: column.type, nullable })
    const { values, valid } = column
    const whole = values.byteLength === values.buffer.byteLength && values.buffer instanceof ArrayBuffer
    const own = whole && !taken.has(values.buffer) ? values : values.slice()
    taken.add(own.buffer)
    return { ...column, values: own, valid: valid?.slice() ?? null } as Column
  })
  return { rows: batch.numRows, specs, columns }
}

export function batchFromWire({ rows, specs, columns }: WireBatch): RecordBatch {
  return batchOf(specs, columns, rows)
}

/** Lists the buffers to transfer instead of copying. */
export function buffersOf({ columns }: WireBatch): ArrayBuffer[] {
  return columns.flatMap(({ values, valid }) => [values.buffer, ...(valid ? [valid.buffer] : [])] as ArrayBuffer[])
}
