import {
  type Column,
  discard,
  type Frame,
  frameColumn,
  Interner,
  rowNumbers,
  type SpillSpace,
  type Words,
} from '../core/index.js'
import { BarBlock, BLOCK_BYTES, barBytes, type Counted } from './bar-block.js'
import { BarQueue, Joining } from './bar-queue.js'

/** Rows from..to of a block: they leave one behind another. */
export interface Piece {
  bars: BarBlock
  from: number
  to: number
}

const RUN_ROWS = 512 // of a block on disk: as many rows of each run are in memory while runs come back

/**
 * Finished bars that wait until the stream's order lets them leave, by what that order asks for first: their entity, or
 * in order of time their label. They wait in memory or, as runs in output order, on disk.
 */
export class BarStore {
  private readonly pieces = new Map<number, Piece[]>()
  private readonly words: (Interner | null)[]
  private bytes = 0

  constructor(
    private readonly names: readonly string[],
    private readonly byTime: boolean,
    /** Told of memory that is taken, and given back. */
    private readonly counted: Counted = () => {},
  ) {
    this.words = names.map(() => null)
  }

  /** The entities or labels of which bars wait. */
  get keys(): Iterable<number> {
    return this.pieces.keys()
  }

  /** Bytes in memory. */
  get held(): number {
    return this.bytes
  }

  private readonly count = (bytes: number): void => {
    this.bytes += bytes
    this.counted(bytes)
  }

  /** Takes bars in, `ordered` when they are in output order. They are copied, and the frame's memory is given back. */
  put(frame: Frame, entities: Int32Array, ordered: boolean): void {
    const columns = this.names.map((name, c) => this.own(frameColumn(frame, name), c))
    const labels = frameColumn(frame, 'label').values as Float64Array
    const keys = this.byTime ? labels : entities
    const most = Math.max(1, Math.floor(BLOCK_BYTES / barBytes(columns)))
    for (let start = 0; start < frame.rows; start += most) {
      const end = Math.min(frame.rows, start + most)
      const bars = new BarBlock({ entities, labels, columns }, start, end, ordered, this.count)
      for (let from = start; from < end; ) {
        let to = from + 1
        while (to < end && keys[to] === keys[from]) to++
        this.wait(keys[from], { bars, from: from - start, to: to - start })
        from = to
      }
    }
    discard([entities, labels, ...columns.flatMap(({ values, valid }) => [values, valid])])
  }

  private wait(key: number, piece: Piece): void {
    const waiting = this.pieces.get(key)
    if (waiting) waiting.push(piece)
    else this.pieces.set(key, [piece])
  }

  /** Takes out the bars of an entity or label, in order; `ranks` holds the place of each entity. */
  take(key: number, ranks: Int32Array): Piece[] {
    const pieces = this.pieces.get(key) ?? []
    this.pieces.delete(key)
    return inOrder(pieces, this.byTime ? ({ entities }, row) => ranks[entities[row]] : ({ labels }, row) => labels[row])
  }

  /** Moves all that waits in memory to disk, as one run in output order. */
  spill(space: SpillSpace, ranks: Int32Array): void {
    const inMemory = [...this.pieces].filter(([, pieces]) => pieces.some(({ bars }) => bars.inMemory))
    const keys = inMemory.map(([key]) => key)
    keys.sort(this.byTime ? (a, b) => a - b : (a, b) => ranks[a] - ranks[b])
    const queue = new BarQueue()
    const write = (rows: number) => {
      const joining = new Joining(queue.take(rows))
      const columns = this.names.map((_, c) => joining.column(c, () => this.wordsOf(c)))
      const entities = joining.ints(bars => bars.entities)
      const labels = joining.doubles(bars => bars.labels)
      joining.done()
      const block = new BarBlock({ entities, labels, columns }, 0, rows, true, this.count)
      const keyOf = this.byTime ? labels : entities
      for (let from = 0; from < rows; ) {
        let to = from + 1
        while (to < rows && keyOf[to] === keyOf[from]) to++
        this.wait(keyOf[from], { bars: block, from, to })
        from = to
      }
      block.spill(space)
    }
    // Runs that are on disk stay there.
    const stay = keys.map(key => this.pieces.get(key)!.filter(({ bars }) => !bars.inMemory))
    for (const [k, key] of keys.entries()) {
      const going = this.pieces.get(key)!.filter(({ bars }) => bars.inMemory)
      this.pieces.set(key, going)
      queue.push(this.take(key, ranks))
      if (stay[k].length > 0) this.pieces.set(key, stay[k])
      while (queue.rows >= RUN_ROWS) write(RUN_ROWS)
    }
    if (queue.rows > 0) write(queue.rows)
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

type Place = (bars: BarBlock, row: number) => number

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
