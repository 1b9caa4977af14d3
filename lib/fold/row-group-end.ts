import {
  type AggregateParameters,
  BasaltError,
  type Expr,
  type Frame,
  type Partial,
  rowNumbers,
  takeRows,
} from '../core/index.js'
import type { CellTable } from '../wasm/index.js'
import { inOutputOrder, ranksOf } from './bar-order.js'
import { instantOf, instantsOf, labelsOf, ownersOf } from './cell-columns.js'
import { copyRows, keepRows } from './cell-series.js'
import type { Entities } from './entities.js'
import type { EntityAttributes } from './entity-attributes.js'
import { cellFault } from './fault.js'
import type { Folding } from './folding.js'
import { frameFrom, grown, grownSince, type Made } from './made.js'
import { readStates } from './merging.js'
import { pieceRows } from './sequence-rows.js'
import { evaluateCells } from './series-evaluation.js'
import { type SeriesRows, written } from './series-log.js'
import { FATE, type Touch } from './touch.js'

const NONE = new Int32Array(0)

/** What has been made of the rows that were folded. */
export interface Folded {
  readonly parameters: AggregateParameters
  readonly entities: Entities
  readonly cells: CellTable
  readonly scalars: readonly Folding[]
  readonly attributes: EntityAttributes
  readonly series: readonly SeriesRows[]
}

/** What leaves of a row group, but for how many rows it had. */
type Leaving = Pick<Partial, 'entities' | 'cells' | 'series' | 'early'>

/** Ends row groups: what leaves is made of what was folded, and of that the rest stays. */
export class RowGroupEnds {
  private ranks: Int32Array = new Int32Array(0)
  private told = 0 // entities whose keys were sent

  constructor(private readonly folded: Folded) {}

  /** Returns the states of all cells. */
  whole(): Leaving {
    const { entities, cells, scalars, attributes, series } = this.folded
    this.settle()
    const every = rowNumbers(cells.count)
    const known = rowNumbers(entities.count)
    const states = [ownersOf(cells, every), instantsOf(cells, this.days()), ...statesOf(scalars, every)]
    return {
      entities: frameFrom([...entities.keys.map(grown), ...attributes.states(known)], known.length),
      cells: frameFrom(states, every.length),
      series: series.map(each => {
        const columns = written(each)
        return frameFrom(columns.map(grown), columns[0].length)
      }),
      early: null,
    }
  }

  /**
   * Returns the bars that a part has finished, and the states of cells that another may touch; others are kept, and all
   * of them where `touch` is null.
   */
  part(part: number, touch: Touch | null, byTime: boolean): Leaving {
    const { parameters, entities, cells, scalars, series } = this.folded
    this.settle()
    const fates = touch?.fates(part, cells.owners, cells.labels, entities.keys[entities.keys.length - 1])
    const [finished, open] = [FATE.done, FATE.open].map(fate => (fates ? cellsOf(fates, fate) : NONE))
    const done = inOutputOrder(finished, cells.owners, cells.labels, this.rank, byTime)
    const label = labelsOf(cells, done)
    const labels = label[1].values as Float64Array
    const values = series.flatMap(each => evaluateCells(each, parameters, done, labels, cells.count))
    const bars = [ownersOf(cells, done), label, ...scalars.map(each => this.read(each, done)), ...values]
    const shared = [ownersOf(cells, open), labelsOf(cells, open), ...statesOf(scalars, open)]
    const first = this.told
    this.told = entities.count
    const leaving: Leaving = {
      entities: frameFrom(
        entities.keys.map(key => grownSince(key, first)),
        this.told - first,
      ),
      cells: frameFrom(shared, open.length),
      series: series.map(each => copyRows(each, open, cells.count)),
      early: { part, changed: this.changed(), bars: frameFrom(bars, done.length) },
    }
    if (!fates) return leaving
    const kept = cellsOf(fates, FATE.kept)
    const known = cells.count
    for (const each of series) keepRows(each, kept, known)
    cells.keep(kept, kept.length)
    for (const each of scalars) each.keep(kept, kept.length, known)
    return leaving
  }

  /** Returns the rows that a piecewise sequence makes of the row group, and what is told of the edges of its pieces. */
  piece(part: number): Leaving {
    const { parameters, entities, cells, series } = this.folded
    const { sequence, folds } = parameters
    const rows = series.find(({ group }) => group.sequence)
    if (!sequence || !rows) throw new BasaltError('internal', 'no sequence makes the rows of this pass')
    const known = cells.count
    const keys = frameFrom(entities.keys.map(grown), entities.count)
    const { bars, edges } = pieceRows({
      plan: sequence,
      parameters: folds[sequence.fold].parameters ?? {},
      rows,
      entities: takeRows(keys, cells.owners),
      cells: rowNumbers(known),
      known,
    })
    const nothing = frameFrom([], 0)
    return { entities: nothing, cells: nothing, series: [], early: { part, changed: edges, bars } }
  }

  /** The place of each entity in output order. */
  private get rank(): Int32Array {
    const { keys, count } = this.folded.entities
    if (this.ranks.length !== count)
      this.ranks = ranksOf(
        keys.map(key => key.view()),
        count,
      )
    return this.ranks
  }

  private settle(): void {
    const { cells, scalars } = this.folded
    const every = rowNumbers(cells.count)
    for (const each of scalars) each.settle(every)
  }

  /** Reads the values of finished cells. */
  private read(each: Folding, cells: Int32Array): Made {
    const { kernel, dictionary: words, whole: state, scalar } = each
    const column = readStates({ kernel, state, words }, cells, (cell, error) => this.faultAt(cell, scalar.input, error))
    return [`f${scalar.fold}`, column]
  }

  private faultAt(cell: number, input: Expr | null, error: unknown): unknown {
    const { parameters, entities, cells } = this.folded
    const columns = entities.keys.map(key => ({ name: key.spec.name, column: key.view() }))
    const instant = instantOf(cells, this.days(), cell)
    return cellFault(columns, cells.owners[cell], parameters.bucket, instant, input ? [input] : [], error)
  }

  /** Returns the states of attributes, of entities in which one of them changed since they were last asked for. */
  private changed(): Frame {
    const { attributes } = this.folded
    const slots = attributes.changed()
    const entity: Made = ['entity', { type: 'i32', values: slots, valid: null }]
    return frameFrom([entity, ...attributes.states(slots)], slots.length)
  }

  /** Returns the date of each entity; null where entities have none. */
  private days(): Int32Array | null {
    const { parameters, entities } = this.folded
    const date = parameters.entity.findIndex(({ type }) => type === 'date')
    return date < 0 ? null : (entities.keys[date].view().values as Int32Array)
  }
}

const statesOf = (folds: readonly Folding[], slots: Int32Array): Made[] =>
  folds.flatMap(each => each.columns('f', slots, slots.length))

function cellsOf(fates: Uint8Array, fate: number): Int32Array {
  const cells = new Int32Array(fates.length)
  let count = 0
  for (let cell = 0; cell < fates.length; cell++) if (fates[cell] === fate) cells[count++] = cell
  return cells.subarray(0, count)
}
