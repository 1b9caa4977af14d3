import type { AggregateParameters, ColumnSpec } from '../core/index.js'
import { batchOf, type Column, columnOf, type RecordBatch, type Registry, rowsOf } from '../core/index.js'
import { type Merging, mergeStates, merging, readStates } from './merging.js'
import { splitFolds } from './series-log.js'
import { bucketSpan, type Reach } from './touch.js'

/** States of cells that one row group sent, of which some still wait. */
interface Piece {
  part: number
  batch: RecordBatch
  cells: Int32Array // by row: its cell
}

interface OpenCell {
  entity: number
  label: number
  waitsFor: Set<number> // parts
}

/** Cells that several row groups share, until the last of them has been folded. */
export class OpenCells {
  private readonly cells = new Map<string, number>()
  private readonly open = new Map<number, OpenCell>()
  private readonly waiting = new Map<number, number[]>() // cells by part
  private pieces: Piece[] = []
  private next = 0

  constructor(
    private readonly parameters: AggregateParameters,
    private readonly registry: Registry,
    /** Parts that may touch what part p touches, by p; only those that are not done matter. */
    private readonly near: readonly Reach[][],
    private readonly isDone: (part: number) => boolean,
  ) {}

  /** Takes in the states of a part's open cells. */
  add(batch: RecordBatch, entities: Int32Array, part: number, listings: Column): void {
    if (batch.numRows === 0) return
    const labels = (columnOf(batch, 'label') as Column).values as Float64Array
    const cells = new Int32Array(batch.numRows)
    for (let row = 0; row < cells.length; row++) cells[row] = this.cellOf(entities[row], labels[row])
    this.pieces.push({ part, batch, cells })
    const { rule } = this.parameters
    for (const reach of this.near[part]) {
      const { part: other, first, last } = reach.span
      if (this.isDone(other)) continue
      for (let row = 0; row < cells.length; row++) {
        const cell = this.open.get(cells[row]) as OpenCell
        const { from, to } = bucketSpan(labels[row], rule as NonNullable<typeof rule>)
        if (first > to || last < from || cell.waitsFor.has(other) || !reach.mayHold(entities[row], listings)) continue
        cell.waitsFor.add(other)
        const list = this.waiting.get(other)
        if (list) list.push(cells[row])
        else this.waiting.set(other, [cells[row]])
      }
    }
  }

  /** Notes that a part is done, and no longer waited for. */
  done(part: number): void {
    for (const cell of this.waiting.get(part) ?? []) this.open.get(cell)?.waitsFor.delete(part)
    this.waiting.delete(part)
  }

  /** Takes out the cells that wait for nothing: their bars, as `entity`, `label` and folds f0, f1, …, or null. */
  close(): { batch: RecordBatch; entities: Int32Array } | null {
    const slots = new Map<number, number>()
    const going: OpenCell[] = []
    for (const [cell, each] of this.open) {
      if (each.waitsFor.size > 0) continue
      slots.set(cell, going.length)
      going.push(each)
    }
    if (going.length === 0) return null
    const merged = splitFolds(this.parameters, this.registry).scalars.map(({ fold, kernel }) =>
      merging(`f${fold}`, kernel),
    )
    this.pieces.sort((a, b) => a.part - b.part)
    this.pieces = this.pieces.flatMap(piece => this.mergeFrom(piece, slots, merged))
    for (const [cell] of slots) this.forget(cell)
    return { batch: barsOf(going, merged), entities: Int32Array.from(going, ({ entity }) => entity) }
  }

  /** Merges a piece's rows of closing cells; returns what is left of it. */
  private mergeFrom({ part, batch, cells }: Piece, slots: ReadonlyMap<number, number>, merged: Merging[]): Piece[] {
    const going: number[] = []
    const staying: number[] = []
    for (let row = 0; row < cells.length; row++) (slots.has(cells[row]) ? going : staying).push(row)
    if (going.length > 0) {
      const rows = rowsOf(batch, Int32Array.from(going), going.length)
      const into = Int32Array.from(going, row => slots.get(cells[row]) as number)
      for (const each of merged) mergeStates(each, rows, into, slots.size)
    }
    if (staying.length === 0) return []
    const index = Int32Array.from(staying)
    return [{ part, batch: rowsOf(batch, index, index.length), cells: index.map(row => cells[row]) }]
  }

  private cellOf(entity: number, label: number): number {
    const key = `${entity} ${label}`
    const known = this.cells.get(key)
    if (known !== undefined) return known
    const cell = this.next++
    this.cells.set(key, cell)
    this.open.set(cell, { entity, label, waitsFor: new Set() })
    return cell
  }

  private forget(cell: number): void {
    const { entity, label } = this.open.get(cell) as OpenCell
    this.cells.delete(`${entity} ${label}`)
    this.open.delete(cell)
  }
}

function barsOf(cells: readonly OpenCell[], merged: readonly Merging[]): RecordBatch {
  const every = Int32Array.from(cells, (_, k) => k)
  const specs: ColumnSpec[] = [{ name: 'label', type: 'f64' }]
  const columns: Column[] = [{ type: 'f64', values: Float64Array.from(cells, ({ label }) => label), valid: null }]
  for (const each of merged) {
    const column = readStates(each, every)
    specs.push({ name: each.prefix, type: column.type })
    columns.push(column)
  }
  return batchOf(specs, columns, cells.length)
}
