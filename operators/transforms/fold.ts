import {
  type AggregateParameters,
  BasaltError,
  batchOf,
  type Column,
  type ColumnSpec,
  type Expr,
  Interner,
  keyOf,
  type Order,
  type Partial,
  Program,
  type RecordBatch,
  type Registry,
  rowNumbers,
  TRUE,
} from '../../lib/core/index.js'
import { selected } from './columns.js'
import { arrivalOrder, type Folding, folding, stateColumns, update } from './folding.js'
import { GroupIndex, keyView } from './group-index.js'
import { GrowingColumn } from './growing.js'
import { orderOf, TimeOffsets } from './order-keys.js'
import { ones, type Selection, within } from './selection.js'
import { logColumns, type ScalarFold, type SeriesGroup, splitFolds } from './series-log.js'

/** Folds the batches of one row group. */
export class Folder {
  private readonly program = new Program()
  private readonly offsets = new TimeOffsets()
  private readonly interner = new Interner()
  private readonly entityKeys: GrowingColumn[]
  private readonly cellEntity = new GrowingColumn({ name: 'entity', type: 'i32', nullable: false })
  private readonly cellLabel = new GrowingColumn({ name: 'label', type: 'ts', nullable: false })
  private readonly entities: GroupIndex
  private readonly cells = new GroupIndex([1, 2])
  private readonly scalars: Folding[]
  private readonly attributes: Folding[]
  private readonly series: { group: SeriesGroup; columns: GrowingColumn[] }[]
  private readonly counters: number[]
  private readonly refused: AggregateParameters['refused']
  private readonly needsOrder: boolean
  private all = new Int32Array(0)
  private entitySlots = new Int32Array(0)
  private cellSlots = new Int32Array(0)
  private entityCount = 0
  private cellCount = 0
  private rows = 0

  constructor(
    private readonly parameters: AggregateParameters,
    registry: Registry,
  ) {
    const { entity, attributes, counters, refused } = parameters
    const { scalars, groups } = splitFolds(parameters, registry)
    this.entityKeys = entity.map(({ name, type }) => new GrowingColumn({ name, type, nullable: true }))
    this.entities = new GroupIndex(
      entity.map(({ type }) => (type === 'i64' || type === 'ts' || type === 'f64' ? 2 : 1)),
    )
    this.scalars = scalars.map(scalar => folding(scalar))
    this.attributes = attributes.map(({ name, type, where = TRUE }, fold) => {
      const kernel = registry.get('kernels', type === 'str' ? 'attribute' : 'attribute_i64')
      return folding({ fold, kernel: kernel as ScalarFold['kernel'], where, input: { op: 'col', name } })
    })
    this.needsOrder = groups.length > 0 || attributes.length > 0 || scalars.some(({ kernel }) => kernel.ordered)
    this.series = groups.map(group => ({ group, columns: logColumns(group) }))
    this.counters = counters.map(() => 0)
    this.refused = refused.filter(({ where }) => !never(where))
  }

  /** Folds one batch. Errors name the row by its number in the batch. */
  consume(batch: RecordBatch): void {
    const { program, parameters } = this
    const n = batch.numRows
    program.load(batch)
    this.reserve(n)
    this.refuse()
    for (const [c, { where }] of parameters.counters.entries()) this.counters[c] += ones(program.mask(where), n)
    const order = this.orderOf()
    const everyRow = { index: this.all, count: n }

    const keys = parameters.entity.map(({ name }) => keyView(program.column(name), this.interner))
    this.entities.resolve(keys, this.all, n, this.entitySlots)
    this.entityCount = this.keepNew(this.entitySlots, everyRow, this.entityCount, at =>
      parameters.entity.forEach(({ name }, i) => {
        this.entityKeys[i].append(program.column(name), at.index, at.count)
      }),
    )
    for (const each of this.attributes) {
      const { where } = each.scalar
      const rows = where.op === 'true' ? everyRow : selected(program.mask(where), n)
      update(each, program, this.entitySlots, rows, order, this.entityCount)
    }

    const mask = program.mask(parameters.rows)
    const taken = selected(mask, n)
    const label = parameters.bucket === null ? null : program.column(parameters.bucket)
    const labels = label?.type === 'ts' ? label.values : new BigInt64Array(n)
    const labelWords = new Int32Array(labels.buffer, labels.byteOffset, 2 * n)
    const entityView = { words: this.entitySlots, width: 1 as const, valid: null }
    this.cells.resolve(
      [entityView, { words: labelWords, width: 2, valid: null }],
      taken.index,
      taken.count,
      this.cellSlots,
    )
    this.cellCount = this.keepNew(this.cellSlots, taken, this.cellCount, at => {
      this.cellEntity.appendValues(this.entitySlots, at.index, at.count)
      this.cellLabel.append({ type: 'ts', values: labels, valid: null }, at.index, at.count)
    })

    const selections = new Map<string, Selection>()
    const select = (where: Expr): Selection => {
      const key = keyOf(where)
      let selection = selections.get(key)
      if (!selection)
        selections.set(key, (selection = where.op === 'true' ? taken : within(taken, program.mask(where))))
      return selection
    }
    for (const each of this.scalars)
      update(each, program, this.cellSlots, select(each.scalar.where), order, this.cellCount)
    for (const { group, columns } of this.series) this.log(group, columns, select(group.where), order)
    this.rows += n
  }

  private reserve(n: number): void {
    if (this.all.length >= n) return
    this.all = rowNumbers(n)
    this.entitySlots = new Int32Array(n)
    this.cellSlots = new Int32Array(n)
  }

  private orderOf(): Order {
    const { order, entity } = this.parameters
    if (!this.needsOrder || order.time === null) return arrivalOrder(this.program.rows)
    const date = entity.find(({ type }) => type === 'date')?.name ?? null
    return orderOf(this.program, this.offsets.of(this.program, order.time, date), order)
  }

  private refuse(): void {
    for (const { where, problem, fields } of this.refused) {
      const row = this.program.mask(where).subarray(0, this.program.rows).indexOf(1)
      if (row < 0) continue
      const shown = fields.map(name => `${name} = ${shownValue(this.program.column(name), row)}`).join(', ')
      throw new BasaltError('data', `${problem} (${shown})`, { row, field: fields[0] })
    }
  }

  /** Groups are numbered as they are first seen, so a new one is a row whose slot is the next number. */
  private keepNew(
    slots: Int32Array,
    { index, count }: Selection,
    known: number,
    append: (rows: Selection) => void,
  ): number {
    const fresh: number[] = []
    let next = known
    for (let k = 0; k < count; k++) {
      if (slots[index[k]] === next) {
        fresh.push(index[k])
        next++
      }
    }
    if (fresh.length > 0) append({ index: Int32Array.from(fresh), count: fresh.length })
    return next
  }

  private log(group: SeriesGroup, columns: GrowingColumn[], { index, count }: Selection, order: Order): void {
    const [cell, time, source, number, ...values] = columns
    cell.appendValues(this.cellSlots, index, count)
    time.appendValues(order.time, index, count)
    if (order.source) source.append({ type: 'i64', values: order.source, valid: order.sourceValid }, index, count)
    if (order.number) number.append({ type: 'i64', values: order.number, valid: order.numberValid }, index, count)
    for (const [j, input] of group.inputs.entries()) values[j].appendValues(this.program.f64(input), index, count)
  }

  /** Returns the states as Arrow batches: what crosses threads and is spilled. */
  finish(): Partial {
    const entities = [...this.entityKeys.map(grown), ...stateColumns(this.attributes, 'a', this.entityCount)]
    const cells = [grown(this.cellEntity), grown(this.cellLabel), ...stateColumns(this.scalars, 'f', this.cellCount)]
    return {
      entities: batch(entities, this.entityCount),
      cells: batch(cells, this.cellCount),
      series: this.series.map(({ columns }) => {
        const present = columns.filter(column => column.length === columns[0].length)
        return batch(present.map(grown), columns[0].length)
      }),
      rows: this.rows,
      counters: this.counters,
      nonFinite: {},
    }
  }
}

/** Tells that no row can meet a condition: without the columns it needs, a check costs no pass over the rows. */
function never(where: Expr): boolean {
  if (where.op === 'not') return where.args[0].op === 'true'
  return where.op === 'and' && where.args.some(never)
}

function grown(column: GrowingColumn): { spec: ColumnSpec; column: Column } {
  return { spec: column.spec, column: column.view() }
}

function batch(columns: { spec: ColumnSpec; column: Column }[], rows: number): RecordBatch {
  return batchOf(
    columns.map(each => each.spec),
    columns.map(each => each.column),
    rows,
  )
}

function shownValue(column: Column, row: number): string {
  if (column.valid && !column.valid[row]) return 'null'
  return column.type === 'str' ? `'${column.dictionary.words[column.values[row]]}'` : String(column.values[row])
}
