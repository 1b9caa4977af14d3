import { type Column, pick, type Words } from '../core/index.js'
import type { BarBlock } from './bar-block.js'
import type { Piece } from './bar-store.js'

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

/** Copies rows of the bars that pieces are of, piece by piece. */
export class Joining {
  readonly count: number
  private readonly bars: BarBlock[]
  private readonly sources: Int32Array // by piece: its bars

  constructor(private readonly pieces: readonly Piece[]) {
    const known = new Map<BarBlock, number>()
    this.sources = Int32Array.from(pieces, ({ bars }) => {
      const source = known.get(bars) ?? known.size
      known.set(bars, source)
      return source
    })
    this.bars = [...known.keys()]
    this.count = pieces.reduce((total, { from, to }) => total + to - from, 0)
  }

  /** Notes that the pieces have been copied: blocks of which no row is left give their memory back. */
  done(): void {
    for (const { bars, from, to } of this.pieces) bars.gone(to - from)
  }

  ints(of: (bars: BarBlock) => Int32Array): Int32Array<ArrayBuffer> {
    return this.join(new Int32Array(this.count), of, copyInts)
  }

  doubles(of: (bars: BarBlock) => Float64Array): Float64Array<ArrayBuffer> {
    return this.join(new Float64Array(this.count), of, copyDoubles)
  }

  /** Copies bytes; 1 where bars have none. */
  bytes(of: (bars: BarBlock) => Uint8Array | null): Uint8Array {
    return this.join(new Uint8Array(this.count).fill(1), of, copyBytes)
  }

  private join<Into extends Values>(into: Into, of: (bars: BarBlock) => Values | null, copy: Copy<Into>): Into {
    const from = this.bars.map(of)
    let at = 0
    for (let p = 0; p < this.pieces.length; p++) {
      const piece = this.pieces[p]
      const values = from[this.sources[p]]
      const rows = piece.to - piece.from
      if (values && rows >= LONG) into.set(values.subarray(piece.from, piece.to), at)
      else if (values) copy(values as Into, piece.from, rows, into, at)
      at += rows
    }
    return into
  }

  /** Copies the rows of column `c`; `words` returns the words of text. */
  column(c: number, words: () => Words): Column {
    const columns = this.bars.map(({ columns }) => columns[c])
    const { type } = columns[0]
    const valid = columns.some(column => column.valid) ? this.bytes(({ columns }) => columns[c].valid) : null
    switch (type) {
      case 'f64':
        return { type, values: this.doubles(({ columns }) => columns[c].values as Float64Array), valid }
      case 'i64':
      case 'ts': {
        // As doubles, whose bits are copied as they are: no BigInt a row.
        const bits = this.doubles(({ columns }) => bitsOf(columns[c].values as BigInt64Array))
        return { type, values: new BigInt64Array(bits.buffer), valid }
      }
      case 'bool':
        return { type, values: this.bytes(({ columns }) => columns[c].values as Uint8Array), valid }
      default: {
        const values = this.ints(({ columns }) => columns[c].values as Int32Array)
        return type === 'str' ? { type, values, valid, dictionary: words() } : { type, values, valid }
      }
    }
  }
}

const LONG = 16 // rows that a call copies quicker than a loop

type Values = Int32Array | Float64Array | Uint8Array
type Copy<Into> = (values: Into, from: number, rows: number, into: Into, at: number) => void

// A loop for each type, as in pick: one loop over several is compiled for none of them.
const copyInts: Copy<Int32Array> = (values, from, rows, into, at) => {
  for (let k = 0; k < rows; k++) into[at + k] = values[from + k]
}
const copyDoubles: Copy<Float64Array> = (values, from, rows, into, at) => {
  for (let k = 0; k < rows; k++) into[at + k] = values[from + k]
}
const copyBytes: Copy<Uint8Array> = (values, from, rows, into, at) => {
  for (let k = 0; k < rows; k++) into[at + k] = values[from + k]
}

const bitsOf = (values: BigInt64Array) => new Float64Array(values.buffer, values.byteOffset, values.length)

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
