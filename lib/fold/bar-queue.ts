import { type Column, pick, type Words } from '../core/index.js'
import type { Bars, Piece } from './bar-store.js'

/** Bars on their way out, in their final order, until enough are there for a batch. */
export class BarQueue {
  private pieces: Piece[] = []
  rows = 0

  push(pieces: readonly Piece[]): void {
    for (const piece of pieces) {
      this.pieces.push(piece)
      this.rows += piece.to - piece.from
    }
  }

  /** Takes out the next `count` rows, at most as many as there are. */
  take(count: number): Piece[] {
    const taken: Piece[] = []
    let at = 0
    for (let missing = count; missing > 0; at++) {
      const { bars, from, to } = this.pieces[at]
      const own = Math.min(missing, to - from)
      taken.push({ bars, from, to: from + own })
      missing -= own
      if (from + own < to) {
        this.pieces[at] = { bars, from: from + own, to }
        break
      }
    }
    this.pieces.splice(0, at)
    this.rows -= count
    return taken
  }
}

/** Copies the rows of pieces, `count` in all, of an array that each of their bars has. */
export function joined<T extends Int32Array | Float64Array>(
  pieces: readonly Piece[],
  into: T,
  array: (bars: Bars) => T,
): T {
  let at = 0
  for (const { bars, from, to } of pieces) {
    const values = array(bars)
    if (to - from < SHORT) for (let row = from; row < to; row++) into[at++] = values[row]
    else {
      into.set(values.subarray(from, to), at)
      at += to - from
    }
  }
  return into
}

const SHORT = 16 // rows that a loop copies quicker than a call

/** Copies the rows of pieces, `count` in all, of column `c`; `words` returns the words of text. */
export function joinedColumn(pieces: readonly Piece[], c: number, count: number, words: () => Words): Column {
  const { type } = pieces[0].bars.columns[c]
  const valid = pieces.some(({ bars }) => bars.columns[c].valid) ? joinedNulls(pieces, c, count) : null
  switch (type) {
    case 'f64':
      return {
        type,
        values: joined(pieces, new Float64Array(count), bars => bars.columns[c].values as Float64Array),
        valid,
      }
    case 'i64':
    case 'ts': {
      const values = new BigInt64Array(count)
      // As doubles, whose bits are copied as they are: no BigInt a row.
      joined(pieces, new Float64Array(values.buffer), bars => bitsOf(bars.columns[c].values as BigInt64Array))
      return { type, values, valid }
    }
    case 'bool': {
      const values = new Uint8Array(count)
      let at = 0
      for (const { bars, from, to } of pieces) {
        values.set((bars.columns[c].values as Uint8Array).subarray(from, to), at)
        at += to - from
      }
      return { type, values, valid }
    }
    default: {
      const values = joined(pieces, new Int32Array(count), bars => bars.columns[c].values as Int32Array)
      return type === 'str' ? { type, values, valid, dictionary: words() } : { type, values, valid }
    }
  }
}

const bitsOf = (values: BigInt64Array) => new Float64Array(values.buffer, values.byteOffset, values.length)

function joinedNulls(pieces: readonly Piece[], c: number, count: number): Uint8Array {
  const valid = new Uint8Array(count).fill(1)
  let at = 0
  for (const { bars, from, to } of pieces) {
    const own = bars.columns[c].valid
    if (own) valid.set(own.subarray(from, to), at)
    at += to - from
  }
  return valid
}

/** Returns the value of each listed entity of a column by entity. */
export function ofEntities(column: Column, entities: Int32Array): Column {
  const Values = column.values.constructor as new (length: number) => typeof column.values
  const count = entities.length
  const values = new Values(count)
  pick(column.values, entities, count, values)
  const valid = column.valid ? new Uint8Array(count) : null
  if (valid) pick(column.valid as Uint8Array, entities, count, valid)
  return { ...column, values, valid } as Column
}
