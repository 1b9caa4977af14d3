import {
  type AggregateParameters,
  type Column,
  type Frame,
  frameColumn,
  halves,
  KeyTable,
  PIECE,
  take,
} from '../core/index.js'
import { headsOf, type Midnight, offsetAt } from './piece-table.js'

/** Two pieces of a listing's day do not follow one another: their rows have to be merged before anything is made of them. */
export class Overlap extends Error {}

/** Where the first or the last row of a piece stands in the total order: time, feed, sequence number (null last), part. */
interface Place {
  time: number // ns since a moment that all share
  source: bigint | null
  number: bigint | null
  part: number
}

interface Piece {
  first: Place
  last: Place
}

/** Watches that the pieces of each listing's day follow one another in total order, in whichever order they come. */
export class PieceOrder {
  private readonly keys: KeyTable
  private readonly known: Piece[][] = [] // by key, ascending
  private origin: Midnight | undefined // near the first stamp

  constructor({ entity }: AggregateParameters) {
    this.keys = new KeyTable(entity)
  }

  /** Takes in the rows of a part's pieces, and what is told of their edges. */
  add(rows: Frame, edges: Frame, part: number): void {
    const heads = frameColumn(rows, PIECE.head).values as Int32Array
    const words = halves(frameColumn(rows, 'TimeBucket').values as BigInt64Array)
    const at = headsOf(heads)
    const count = at.length
    if (count === 0) return
    const columns = this.keys.keys.map(({ spec }) => take(frameColumn(rows, spec.name), at, count))
    const keys = this.keys.resolve(columns, count)
    // 50 days around the first stamp are told apart to the ns.
    this.origin ??= { high: words[1], low: 0 }
    const { origin } = this
    const sources = ['first_source', 'last_source'].map(name => edges.columns.get(name))
    const numbers = ['first_number', 'last_number'].map(name => edges.columns.get(name))
    for (let p = 0; p < count; p++) {
      const end = (p + 1 < count ? at[p + 1] : heads.length) - 1
      const [first, last] = [at[p], end].map(
        (row, edge): Place => ({
          time: offsetAt(words, row, origin),
          source: longAt(sources[edge], p),
          number: longAt(numbers[edge], p),
          part,
        }),
      )
      this.put(keys[p], { first, last })
    }
  }

  private put(key: number, piece: Piece): void {
    const own = (this.known[key] ??= [])
    let place = own.length
    while (place > 0 && compare(own[place - 1].first, piece.first) > 0) place--
    own.splice(place, 0, piece)
    const follows = (at: number) => compare(own[at - 1].last, own[at].first) < 0 && !isOneInstant(own[at - 1], own[at])
    if ((place > 0 && !follows(place)) || (place + 1 < own.length && !follows(place + 1))) throw new Overlap()
  }
}

/** Tells whether two pieces are of the same instant alone: their times do not tell who reads them which comes first. */
const isOneInstant = (a: Piece, b: Piece): boolean =>
  a.first.time === a.last.time && b.first.time === b.last.time && a.first.time === b.first.time

const longAt = (column: Column | undefined, row: number): bigint | null =>
  column && (!column.valid || column.valid[row]) ? (column.values as BigInt64Array)[row] : null

const compare = (a: Place, b: Place): number =>
  a.time - b.time || byNumber(a.source, b.source) || byNumber(a.number, b.number) || a.part - b.part

function byNumber(a: bigint | null, b: bigint | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  return a < b ? -1 : a > b ? 1 : 0
}
