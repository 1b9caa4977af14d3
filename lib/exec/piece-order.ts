import {
  type AggregateParameters,
  type Column,
  columnOf,
  halves,
  KeyTable,
  PIECE,
  type RecordBatch,
  take,
} from '../core/index.js'

/** Two pieces of a listing's day do not follow one another: their rows have to be merged before anything is made of them. */
export class Overlap extends Error {}

const TWO_32 = 4294967296

/**
 * Watches that the pieces of each listing's day follow one another in total order, in whichever order they come. Of pieces
 * that share an instant that is known by their place in the files alone, where rows have no sequence numbers.
 */
export class PieceOrder {
  private readonly keys: KeyTable
  private readonly isNumbered: boolean
  /** By key, ascending: first and last time of each piece, in ns since a day that all share, and its part. */
  private readonly known: { firsts: number[]; lasts: number[]; parts: number[] }[] = []
  private origin: number | undefined // upper half of the first stamp

  constructor({ entity, order }: AggregateParameters) {
    this.keys = new KeyTable(entity)
    this.isNumbered = order.source !== null || order.number !== null
  }

  /** Takes in the rows of a part. */
  add(rows: RecordBatch, part: number): void {
    const heads = (columnOf(rows, PIECE.head) as Column).values as Int32Array
    const words = halves((columnOf(rows, 'TimeBucket') as Column).values as BigInt64Array)
    const at = new Int32Array(heads.length)
    let count = 0
    for (let row = 0; row < heads.length; row++) if (heads[row] !== 0) at[count++] = row
    if (count === 0) return
    const columns = this.keys.keys.map(({ spec }) => take(columnOf(rows, spec.name) as Column, at, count))
    const keys = this.keys.resolve(columns, count)
    this.origin ??= words[1]
    const origin = this.origin
    // 50 days around the first stamp are told apart to the ns.
    const offset = (row: number) => (words[2 * row + 1] - origin) * TWO_32 + (words[2 * row] >>> 0)
    for (let p = 0; p < count; p++) {
      const end = (p + 1 < count ? at[p + 1] : heads.length) - 1
      this.put(keys[p], offset(at[p]), offset(end), part)
    }
  }

  private put(key: number, first: number, last: number, part: number): void {
    const own = (this.known[key] ??= { firsts: [], lasts: [], parts: [] })
    const { firsts, lasts, parts } = own
    let place = firsts.length
    while (place > 0 && (firsts[place - 1] > first || (firsts[place - 1] === first && lasts[place - 1] > last))) place--
    const fits = (before: number, after: number) => {
      const [from, to] = [lasts[before], firsts[after]]
      return from < to || (from === to && !this.isNumbered && parts[before] < parts[after])
    }
    firsts.splice(place, 0, first)
    lasts.splice(place, 0, last)
    parts.splice(place, 0, part)
    const isBehind = place === 0 || fits(place - 1, place)
    if (!isBehind || (place + 1 < firsts.length && !fits(place, place + 1))) throw new Overlap()
  }
}
