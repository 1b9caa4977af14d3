import type { AggregateParameters, ColumnSpec, Partial } from '../core/index.js'
import { batchOf, type Column, columnOf, type RecordBatch, type Registry, rowNumbers, rowsOf } from '../core/index.js'
import type { Made } from './made.js'
import { type Merging, mergeStates, merging, readStates } from './merging.js'
import { OpenSeries } from './open-series.js'
import { type ScalarFold, splitFolds } from './series-log.js'
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
  private readonly scalars: ScalarFold[]
  private readonly series: OpenSeries

  constructor(
    private readonly parameters: AggregateParameters,
    registry: Registry,
    /** Parts that may touch what part p touches, by p; only those that are not done matter. */
    private readonly near: readonly Reach[][],
    private readonly isDone: (part: number) => boolean,
  ) {
    const { scalars, groups } = splitFolds(parameters, registry)
    this.scalars = scalars
    this.series = new OpenSeries(parameters, groups)
  }

  /** Takes in the states of a part's open cells, and their rows that series folds need. */
  add(
    { cells: batch, series }: Pick<Partial, 'cells' | 'series'>,
    entities: Int32Array,
    part: number,
    listings: Column,
  ): void {
    if (batch.numRows === 0) return
    const labels = (columnOf(batch, 'label') as Column).values as Float64Array
    const cells = new Int32Array(batch.numRows)
    for (let row = 0; row < cells.length; row++) cells[row] = this.cellOf(entities[row], labels[row])
    this.pieces.push({ part, batch, cells })
    this.series.add(series, cells, part)
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
    const merged = this.scalars.map(({ fold, kernel }) => merging(`f${fold}`, kernel))
    this.pieces.sort((a, b) => a.part - b.part)
    this.pieces = this.pieces.flatMap(piece => this.mergeFrom(piece, slots, merged))
    for (const [cell] of slots) this.forget(cell)
    const labels = Float64Array.from(going, ({ label }) => label)
    const bars = barsOf(labels, merged, this.series.close(slots, labels))
    return { batch: bars, entities: Int32Array.from(going, ({ entity }) => entity) }
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

function barsOf(labels: Float64Array, merged: readonly Merging[], series: readonly Made[]): RecordBatch {
  const every = rowNumbers(labels.length)
  const specs: ColumnSpec[] = [{ name: 'label', type: 'f64' }]
  const columns: Column[] = [{ type: 'f64', values: labels, valid: null }]
  const put = (spec: ColumnSpec, column: Column) => {
    specs.push(spec)
    columns.push(column)
  }
  for (const each of merged) {
    const column = readStates(each, every)
    put({ name: each.prefix, type: column.type }, column)
  }
  for (const { spec, column } of series) put(spec, column)
  return batchOf(specs, columns, labels.length)
}
