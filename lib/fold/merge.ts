import {
  type AggregateParameters,
  BasaltError,
  type Column,
  type Expr,
  type Frame,
  frameColumn,
  type GroupFacts,
  GroupIndex,
  GrowingColumn,
  Interner,
  type Kernel,
  KeyTable,
  keyView,
  type Partial,
  pick,
  type Registry,
  rowNumbers,
  type State,
  take,
  valueText,
} from '../core/index.js'
import { cellOrder } from './cell-order.js'
import { cellFault } from './fault.js'
import { frameFrom, type Made } from './made.js'
import { type Merging, mergeStates, merging, readStates } from './merging.js'
import { sequenceRows } from './sequence-rows.js'
import { evaluateSeries } from './series-evaluation.js'
import { LOG, logAgain, logColumns, type SeriesRows, splitFolds } from './series-log.js'

/** Merges partials, which must come in (file, row group) order. */
export class Merger {
  private readonly entities: KeyTable
  private readonly cells = new GroupIndex([1, 2])
  private readonly interner = new Interner()
  private readonly cellEntity = new GrowingColumn({ name: 'entity', type: 'i32' })
  private readonly cellLabel = new GrowingColumn({ name: 'label', type: 'ts' })
  private readonly scalars: Merging[]
  private readonly attributes: Merging[]
  private readonly series: SeriesRows[]
  private readonly counters: number[]
  private rows = 0

  constructor(
    private readonly parameters: AggregateParameters,
    registry: Registry,
  ) {
    const { entity, attributes, counters } = parameters
    const { scalars, groups } = splitFolds(parameters, registry)
    this.entities = new KeyTable(entity)
    this.scalars = scalars.map(({ fold, kernel }) => merging(`f${fold}`, kernel))
    this.attributes = attributes.map(({ type }, i) => {
      const kernel = registry.get('kernels', type === 'str' ? 'attribute' : 'attribute_i64') as Kernel
      return merging(`a${i}`, kernel)
    })
    this.series = groups.map(group => ({ group, columns: logColumns(group) }))
    this.counters = counters.map(() => 0)
  }

  add(partial: Partial): void {
    this.rows += partial.rows
    for (const [c, count] of partial.counters.entries()) this.counters[c] += count
    const { entities } = partial
    const keys = this.parameters.entity.map(({ name }) => frameColumn(entities, name))
    const entitySlots = this.entities.resolve(keys, entities.rows)
    for (const each of this.attributes) mergeStates(each, entities, entitySlots, this.entities.count)

    const local = frameColumn(partial.cells, 'entity').values as Int32Array
    const entity = new Int32Array(local.length)
    pick(entitySlots, local, local.length, entity)
    const label = frameColumn(partial.cells, 'label')
    const cellSlots = new Int32Array(local.length)
    const index = rowNumbers(local.length)
    const known = this.cells.size
    this.cells.resolve(
      [{ words: entity, width: 1, valid: null }, keyView(label, this.interner)],
      index,
      index.length,
      cellSlots,
    )
    const fresh = index.filter(i => cellSlots[i] >= known)
    this.cellEntity.appendValues(entity, fresh, fresh.length)
    this.cellLabel.append(label, fresh, fresh.length)
    for (const each of this.scalars) mergeStates(each, partial.cells, cellSlots, this.cells.size)
    for (const [s, rows] of this.series.entries()) appendLog(rows, partial.series[s], cellSlots)
  }

  /**
   * Reads every group and returns what is known of the rows that went in. The partials merged so far are the unit. Groups
   * are one frame; rows that a sequence kernel makes are several, so that they need not all be there at once.
   */
  *finish(): Generator<Frame, GroupFacts> {
    const { entity, attributes, folds, bucket, sequence } = this.parameters
    const labels = this.cellLabel.view().values as BigInt64Array
    const owners = this.cellEntity.view().values as Int32Array
    const keys = this.entities.keys.map(key => key.view())
    const order = cellOrder(keys, this.entities.count, owners, labels)
    const ordered = new Int32Array(order.length)
    pick(owners, order, order.length, ordered)

    const columns: Made[] = entity.map(({ name }, i) => [name, take(keys[i], ordered, ordered.length)])
    if (bucket !== null) {
      const values = new BigInt64Array(order.length)
      pick(labels, order, order.length, values)
      columns.push([bucket, { type: 'ts', values, valid: null }])
    }
    for (const [i, { name, once }] of attributes.entries()) {
      if (once === undefined) columns.push([name, readStates(this.attributes[i], ordered)])
      else this.refuseConflicts(this.attributes[i].state, once)
    }
    const facts = {
      rows: this.rows,
      counters: this.counters,
      conflicts: this.attributes.map(({ state }) => this.countConflicts(state, owners)),
    }
    if (sequence) {
      const { inputs, parameters = {} } = folds[sequence.fold]
      const counts = yield* sequenceRows({
        plan: sequence,
        parameters,
        rows: this.series.find(({ group }) => group.sequence) as SeriesRows,
        entities: frameFrom(columns, order.length),
        cells: order,
        known: owners.length,
        faultAt: (row, error) => this.faultAt(ordered[row], 0n, inputs, error),
      })
      return { ...facts, counters: [...facts.counters, ...counts] }
    }
    const { parameters, series } = this
    const bySeries = evaluateSeries({ parameters, entityKeys: keys, series, owners, labels, order })
    const byScalar = new Map(this.scalars.map(each => [each.prefix, each]))
    for (const i of folds.keys()) {
      const scalar = byScalar.get(`f${i}`)
      const column: Column = scalar
        ? readStates(scalar, order, (cell, error) => this.faultAt(owners[cell], labels[cell], folds[i].inputs, error))
        : { type: 'f64', values: bySeries.get(i) as Float64Array, valid: null }
      columns.push([`f${i}`, column])
    }
    yield frameFrom(columns, order.length)
    return facts
  }

  private refuseConflicts(state: State, problem: string): void {
    for (let slot = 0; slot < this.entities.count; slot++) {
      if (!state.conflict[slot]) continue
      const shown = this.entities.keys.map(key => `${key.spec.name} ${valueText(key.view(), slot)}`).join(', ')
      throw new BasaltError('data', `${shown}: ${problem}`)
    }
  }

  /** Names the listing, the bucket and the columns of a cell whose state cannot be read. */
  private faultAt(entity: number, label: bigint, inputs: Expr[], error: unknown): unknown {
    const columns = this.entities.keys.map(key => ({ name: key.spec.name, column: key.view() }))
    return cellFault(columns, entity, this.parameters.bucket, label, inputs, error)
  }

  private countConflicts(state: State, owners: Int32Array): number {
    const shown = new Uint8Array(this.entities.count)
    for (let cell = 0; cell < owners.length; cell++) shown[owners[cell]] = 1
    let conflicts = 0
    for (let slot = 0; slot < shown.length; slot++) if (shown[slot]) conflicts += state.conflict[slot]
    return conflicts
  }
}

function appendLog(rows: SeriesRows, logged: Frame, cellSlots: Int32Array): void {
  const cells = new Int32Array(logged.rows)
  pick(cellSlots, frameColumn(logged, LOG.cell).values as Int32Array, cells.length, cells)
  logAgain(rows, logged, cells, rowNumbers(cells.length), cells.length)
}
