import { batchOf, type Column, type ColumnSpec, type RecordBatch } from './batch.js'
import { concat, take } from './columns.js'
import { BasaltError } from './error.js'
import { rankRows } from './rank.js'
import { columnsOfBatch } from './rows.js'

/** Rows in memory: columns of one length by name, in their order. What later passes work on. */
export interface Frame {
  rows: number
  columns: Map<string, Column>
}

/** Views a batch as a frame. */
export function frameOf(batch: RecordBatch): Frame {
  const { specs, columns } = columnsOfBatch(batch)
  return { rows: batch.numRows, columns: new Map(specs.map(({ name }, i) => [name, columns[i]])) }
}

/** Makes a batch of a frame: the columns that specs list, in their order; all, when left out. No values are copied. */
export function batchOfFrame(frame: Frame, specs: readonly ColumnSpec[] = specsOf(frame)): RecordBatch {
  const columns = specs.map(({ name }) => frameColumn(frame, name))
  return batchOf(specs, columns, frame.rows)
}

const specsOf = ({ columns }: Frame): ColumnSpec[] => [...columns].map(([name, { type }]) => ({ name, type }))

/** Returns a column of a frame; a missing one is a defect of who planned. */
export function frameColumn({ columns }: Frame, name: string): Column {
  const column = columns.get(name)
  if (!column) throw new BasaltError('internal', `rows lack column '${name}'`)
  return column
}

/** Returns a numeric column as doubles, NaN for null and for values that are not finite. 64-bit integers are rounded. */
export function doublesOf({ values, valid }: Column): Float64Array {
  const out = new Float64Array(values.length)
  for (let i = 0; i < out.length; i++) {
    const value = Number(values[i])
    out[i] = (valid && !valid[i]) || !Number.isFinite(value) ? NaN : value
  }
  return out
}

/** Makes a column of doubles; NaN and infinities become null. */
export function columnOfDoubles(values: Float64Array): Column {
  let valid: Uint8Array | null = null
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue
    valid ??= new Uint8Array(values.length).fill(1)
    valid[i] = 0
    values[i] = 0
  }
  return { type: 'f64', values, valid }
}

/** Returns the bytes of a frame's values and nulls. */
export const bytesOfFrame = ({ columns }: Frame): number =>
  [...columns.values()].reduce((bytes, { values, valid }) => bytes + values.byteLength + (valid?.byteLength ?? 0), 0)

/** Gathers all frames of a source into one. */
export async function gathered(frames: AsyncIterable<Frame>): Promise<Frame> {
  const parts: Frame[] = []
  for await (const frame of frames) parts.push(frame)
  return joined(parts)
}

/** Joins frames of the same columns end to end; of none it makes one without columns. */
export function joined(parts: readonly Frame[]): Frame {
  const filled = parts.filter(({ rows }) => rows > 0)
  if (filled.length <= 1) return filled[0] ?? parts[0] ?? { rows: 0, columns: new Map() }
  const rows = filled.reduce((total, part) => total + part.rows, 0)
  const names = [...filled[0].columns.keys()]
  return {
    rows,
    columns: new Map(names.map(name => [name, concat(filled.map(part => frameColumn(part, name)))])),
  }
}

/** Returns rows `index[0..count)` of a frame. */
export function takeRows({ columns }: Frame, index: Int32Array, count = index.length): Frame {
  return { rows: count, columns: new Map([...columns].map(([name, column]) => [name, take(column, index, count)])) }
}

/** Views rows `from…to` of a frame, without a copy. */
export function pieceOf({ columns }: Frame, from: number, to: number): Frame {
  const part = (column: Column): Column =>
    ({
      ...column,
      values: column.values.subarray(from, to),
      valid: column.valid?.subarray(from, to) ?? null,
      coded: undefined,
    }) as Column
  return { rows: to - from, columns: new Map([...columns].map(([name, column]) => [name, part(column)])) }
}

/**
 * Orders a frame by key columns: numbers ascending, text by its UTF-8 bytes, null last; equal rows keep their order. One
 * that is in order already is returned as it is.
 */
export function sorted(frame: Frame, by: readonly string[]): Frame {
  const order = rankRows(
    by.map(name => frameColumn(frame, name)),
    frame.rows,
  )
  for (let i = 0; i < order.length; i++) if (order[i] !== i) return takeRows(frame, order)
  return frame
}
