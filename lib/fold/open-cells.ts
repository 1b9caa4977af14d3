import {
  type AggregateParameters,
  bytesOfFrame,
  type Column,
  discardColumns,
  type Frame,
  frameColumn,
  type Partial,
  type Registry,
  takeRows,
} from '../core/index.js'
import { frameFrom, type Made } from './made.js'
import { type Merging, mergeStates, merging, readStates } from './merging.js'
import { OpenSeries } from './open-series.js'
import { splitFolds } from './series-log.js'
import { bucketSpan, type Reach } from './touch.js'

/** States of cells that one row group sent while an earlier one was still to come. */
interface Piece {
  part: number
  states: Frame
  cells: Int32Array // by row: its cell
  size: number // in bytes
}

const CELL_BYTES = 80 // of a cell: its place in two maps, entity, label and what it waits for, measured

/** Cells that several row groups share, until the last of them has been folded. */
export class OpenCells {
  private readonly numbers = new Map<number, Map<number, number>>() // of open cells, by entity and label
  private readonly entities: number[] = [] // by cell
  private readonly labels: number[] = [] // by cell
  private readonly waits: number[] = [] // by cell: how many parts it waits for
  private readonly waiting = new Map<number, number[]>() // cells by part
  private readonly closed: number[] = [] // numbers that new cells may take
  private ready: number[] = [] // cells that wait for nothing
  private pieces: Piece[] = []
  /** By cell: what the parts before `next` have sent, which no part to come can precede. */
  private readonly merged: Merging[]
  private next = 0
  private readonly series: OpenSeries

  constructor(
    private readonly parameters: AggregateParameters,
    registry: Registry,
    /** Parts that may touch what part p touches, by p; only those that are not done matter. */
    private readonly near: readonly Reach[][],
    private readonly isDone: (part: number) => boolean,
  ) {
    const { scalars, groups } = splitFolds(parameters, registry)
    this.merged = scalars.map(({ fold, kernel }) => merging(`f${fold}`, kernel))
    this.series = new OpenSeries(parameters, groups)
  }

  /** Takes in the states of a part's open cells, and their rows that series folds need. */
  add(
    { cells: states, series }: Pick<Partial, 'cells' | 'series'>,
    entities: Int32Array,
    part: number,
    listings: Column,
  ): void {
    if (states.rows === 0) return
    const labels = frameColumn(states, 'label').values as Float64Array
    const cells = new Int32Array(states.rows)
    const fresh: number[] = []
    for (let row = 0; row < cells.length; row++) {
      const known = this.numbers.get(entities[row])?.get(labels[row])
      cells[row] = known ?? this.open(entities[row], labels[row])
      if (known === undefined) fresh.push(cells[row])
    }
    this.pieces.push(pieceOf(part, states, cells))
    this.pieces.sort((a, b) => a.part - b.part)
    this.series.add(series, cells, part)
    this.expect(fresh, part, listings)
  }

  /**
   * Notes what cells that were not open wait for. It does not matter which part opens a cell: those that may touch the
   * same cell are all near one another, so whoever comes next has no other to wait for.
   */
  private expect(fresh: readonly number[], part: number, listings: Column): void {
    const { entities, waits, ready } = this
    const rule = this.parameters.rule as NonNullable<AggregateParameters['rule']>
    const spans = fresh.map(cell => bucketSpan(this.labels[cell], rule))
    for (const reach of this.near[part]) {
      const { part: other, first, last } = reach.span
      if (this.isDone(other)) continue
      const list = this.waiting.get(other) ?? []
      for (const [k, cell] of fresh.entries()) {
        const { from, to } = spans[k]
        if (first > to || last < from || !reach.mayHold(entities[cell], listings)) continue
        list.push(cell)
        waits[cell]++
      }
      this.waiting.set(other, list)
    }
    for (const cell of fresh) if (waits[cell] === 0) ready.push(cell)
  }

  /** Notes that a part is done, and no longer waited for. */
  done(part: number): void {
    for (const cell of this.waiting.get(part) ?? []) if (--this.waits[cell] === 0) this.ready.push(cell)
    this.waiting.delete(part)
    this.mergeFirst()
  }

  /** Bytes of states in memory. */
  get held(): number {
    const states = this.merged.reduce((bytes, { state }) => bytes + sizesOf(Object.values(state)), 0)
    return this.pieces.reduce((bytes, { size }) => bytes + size, states + this.entities.length * CELL_BYTES)
  }

  /** Merges what came before all parts that are to come: it need not be kept piece by piece. */
  private mergeFirst(): void {
    while (this.next < this.near.length && this.isDone(this.next)) this.next++
    while (this.pieces.length > 0 && this.pieces[0].part < this.next) {
      const { states, cells } = this.pieces.shift() as Piece
      for (const each of this.merged) mergeStates(each, states, cells, this.entities.length)
      discardColumns(states.columns.values())
    }
  }

  /** Takes out the cells that wait for nothing: their bars, as `entity`, `label` and folds f0, f1, …, or null. */
  close(): { bars: Frame; entities: Int32Array } | null {
    const going = this.ready
    if (going.length === 0) return null
    this.ready = []
    const slots = new Int32Array(this.entities.length).fill(-1)
    for (let k = 0; k < going.length; k++) slots[going[k]] = k
    this.pieces = this.pieces.flatMap(piece => mergeFrom(piece, slots, this.merged, this.entities.length))
    const labels = Float64Array.from(going, cell => this.labels[cell])
    const entities = Int32Array.from(going, cell => this.entities[cell])
    const cells = Int32Array.from(going)
    const bars = barsOf(labels, cells, this.merged, this.series.close(slots, labels))
    for (const { kernel, state } of this.merged) {
      for (const [name, { identity }] of Object.entries(kernel.fields)) {
        const values = state[name]
        for (const cell of cells) if (cell < values.length) values[cell] = identity as never
      }
    }
    for (const cell of going) this.forget(cell)
    return { bars, entities }
  }

  private open(entity: number, label: number): number {
    const cell = this.closed.pop() ?? this.entities.length
    this.entities[cell] = entity
    this.labels[cell] = label
    this.waits[cell] = 0
    const own = this.numbers.get(entity)
    if (own) own.set(label, cell)
    else this.numbers.set(entity, new Map([[label, cell]]))
    return cell
  }

  private forget(cell: number): void {
    this.numbers.get(this.entities[cell])?.delete(this.labels[cell])
    this.closed.push(cell)
  }
}

/** Merges a piece's rows of closing cells, those that have a slot; returns what is left of it. */
function mergeFrom(piece: Piece, slots: Int32Array, merged: readonly Merging[], count: number): Piece[] {
  const { part, states, cells } = piece
  const [going, staying, into] = [0, 1, 2].map(() => new Int32Array(cells.length))
  let taken = 0
  let left = 0
  for (let row = 0; row < cells.length; row++) {
    if (slots[cells[row]] < 0) staying[left++] = row
    else {
      into[taken] = cells[row]
      going[taken++] = row
    }
  }
  if (taken === 0) return [piece]
  const rows = left === 0 ? states : takeRows(states, going, taken)
  for (const each of merged) mergeStates(each, rows, into.subarray(0, taken), count)
  if (left === 0) return []
  const index = staying.subarray(0, left)
  return [
    pieceOf(
      part,
      takeRows(states, index, left),
      index.map(row => cells[row]),
    ),
  ]
}

function pieceOf(part: number, states: Frame, cells: Int32Array): Piece {
  return { part, states, cells, size: bytesOfFrame(states) + cells.byteLength }
}

const sizesOf = (arrays: readonly { byteLength: number }[]): number =>
  arrays.reduce((bytes, { byteLength }) => bytes + byteLength, 0)

function barsOf(labels: Float64Array, cells: Int32Array, merged: readonly Merging[], series: readonly Made[]): Frame {
  const folds = merged.map((each): Made => [each.prefix, readStates(each, cells)])
  return frameFrom([['label', { type: 'f64', values: labels, valid: null }], ...folds, ...series], labels.length)
}
