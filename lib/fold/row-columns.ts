import { Chunk, type Column, take } from '../core/index.js'

/**
 * Columns of a few rows of a chunk, in memory that the next chunk uses. Doubles, which nearly all are, take one loop:
 * copied step by step, code, value and null, a row of a column costs four times as much.
 */
export class RowColumns {
  private readonly doubles = new Map<string, Float64Array>()

  /** Returns rows `rows[0..count)` of a chunk as a chunk of their own. Of columns that nobody asks for nothing is copied. */
  of(chunk: Chunk, rows: Int32Array, count: number): Chunk {
    return new Chunk(count, name => {
      const column = chunk.column(name)
      if (column?.type !== 'f64') return column && take(column, rows, count)
      const values = this.room(name, count)
      copyDoubles(column, rows, count, values)
      return { type: 'f64', values, valid: null }
    })
  }

  private room(name: string, count: number): Float64Array {
    let room = this.doubles.get(name)
    if (!room || room.length < count) this.doubles.set(name, (room = new Float64Array(count * 2)))
    return room
  }
}

/** Copies rows of a column of doubles, NaN where they are null. */
function copyDoubles(column: Column & { type: 'f64' }, rows: Int32Array, count: number, into: Float64Array): void {
  const { coded, valid } = column
  if (!coded) {
    if (valid) copyPresent(column.values, valid, rows, count, into)
    else copyAll(column.values, rows, count, into)
    return
  }
  const values = coded.dictionary.values as Float64Array
  if (values.length === 0) into.fill(Number.NaN, 0, count)
  else if (valid) lookUpPresent(values, coded.codes, valid, rows, count, into)
  else lookUpAll(values, coded.codes, rows, count, into)
}

function copyAll(values: Float64Array, rows: Int32Array, count: number, into: Float64Array): void {
  for (let k = 0; k < count; k++) into[k] = values[rows[k]]
}

function copyPresent(
  values: Float64Array,
  valid: Uint8Array,
  rows: Int32Array,
  count: number,
  into: Float64Array,
): void {
  for (let k = 0; k < count; k++) into[k] = valid[rows[k]] ? values[rows[k]] : Number.NaN
}

function lookUpAll(values: Float64Array, codes: Int32Array, rows: Int32Array, count: number, into: Float64Array): void {
  for (let k = 0; k < count; k++) into[k] = values[codes[rows[k]]]
}

function lookUpPresent(
  values: Float64Array,
  codes: Int32Array,
  valid: Uint8Array,
  rows: Int32Array,
  count: number,
  into: Float64Array,
): void {
  for (let k = 0; k < count; k++) into[k] = valid[rows[k]] ? values[codes[rows[k]]] : Number.NaN
}
