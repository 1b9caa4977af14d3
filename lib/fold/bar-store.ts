import { type Column, columnOf, Interner, type RecordBatch, rowNumbers, type Words } from '../core/index.js'

/** Bars as they came together: entity by number, label in ns after midnight, columns. */
export interface Bars {
  entities: Int32Array
  labels: Float64Array
  columns: Column[]
  /** They came in output order. */
  ordered: boolean
}

/** Rows from..to of bars: they leave one behind another. */
export interface Piece {
  bars: Bars
  from: number
  to: number
}

/**
 * Finished bars that wait until the stream's order lets them leave, by what that order asks for first: their entity, or
 * in order of time their label.
 */
export class BarStore {
  private readonly pieces = new Map<number, Piece[]>()
  private readonly words: (Interner | null)[]

  constructor(
    private readonly names: readonly string[],
    private readonly byTime: boolean,
  ) {
    this.words = names.map(() => null)
  }

  /** The entities or labels of which bars wait. */
  get keys(): Iterable<number> {
    return this.pieces.keys()
  }

  /** Takes bars in, `ordered` when they are in output order. */
  put(batch: RecordBatch, entities: Int32Array, ordered: boolean): void {
    const columns = this.names.map((name, c) => this.own(columnOf(batch, name) as Column, c))
    const labels = (columnOf(batch, 'label') as Column).values as Float64Array
    const bars = { entities, labels, columns, ordered }
    const keys = this.byTime ? labels : entities
    for (let from = 0; from < batch.numRows; ) {
      let to = from + 1
      while (to < batch.numRows && keys[to] === keys[from]) to++
      const waiting = this.pieces.get(keys[from])
      if (waiting) waiting.push({ bars, from, to })
      else this.pieces.set(keys[from], [{ bars, from, to }])
      from = to
    }
  }

  /** Takes out the bars of an entity or label, in order; `ranks` holds the place of each entity. */
  take(key: number, ranks: Int32Array): Piece[] {
    const pieces = this.pieces.get(key) ?? []
    this.pieces.delete(key)
    return inOrder(pieces, this.byTime ? ({ entities }, row) => ranks[entities[row]] : ({ labels }, row) => labels[row])
  }

  /** Rewrites text as codes of the store's own words, so that all bars share them. */
  private own(column: Column, c: number): Column {
    if (column.type !== 'str') return column
    const interner = (this.words[c] ??= new Interner())
    const table = interner.translate(column.dictionary)
    if (table.every((code, own) => code === own)) return column
    const values = new Int32Array(column.values.length)
    for (let row = 0; row < values.length; row++) values[row] = table[column.values[row]] ?? 0
    return { ...column, values }
  }

  /** Returns the words of a text column. */
  wordsOf(c: number): Words {
    const interner = (this.words[c] ??= new Interner())
    if (interner.words.length === 0) interner.code('')
    return interner.snapshot()
  }
}

type Place = (bars: Bars, row: number) => number

/** Orders the pieces of one key by what comes second; row by row where pieces overlap. */
function inOrder(pieces: Piece[], place: Place): Piece[] {
  if (pieces.length > 1) pieces.sort((a, b) => place(a.bars, a.from) - place(b.bars, b.from))
  if (followOn(pieces, place)) return pieces
  const rows = pieces.reduce((total, { from, to }) => total + to - from, 0)
  const places = new Float64Array(rows)
  let at = 0
  for (const { bars, from, to } of pieces) for (let row = from; row < to; row++) places[at++] = place(bars, row)
  let rises = true
  for (let k = 1; k < rows && rises; k++) rises = places[k - 1] <= places[k]
  if (rises) return pieces
  const single: Piece[] = []
  for (const { bars, from, to } of pieces)
    for (let row = from; row < to; row++) single.push({ bars, from: row, to: row + 1 })
  const order = rowNumbers(rows).sort((a, b) => places[a] - places[b])
  return Array.from(order, k => single[k])
}

/** Tells whether pieces are in order by themselves and do not overlap. */
function followOn(pieces: readonly Piece[], place: Place): boolean {
  let last = -Infinity
  for (const { bars, from, to } of pieces) {
    if (!bars.ordered || place(bars, from) < last) return false
    last = place(bars, to - 1)
  }
  return true
}
