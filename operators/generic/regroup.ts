import {
  type Column,
  type ColumnType,
  type Context,
  type Frame,
  frameColumn,
  KeyTable,
  sorted,
  takeRows,
} from '../../lib/core/index.js'
import { joinReference, type ReferenceParameters } from '../transforms/reference.js'
import { type Accumulator, grown } from './accumulator.js'
import { EdgeAccumulator } from './edge-accumulator.js'
import { EstimateAccumulator, type PlannedEstimate } from './estimates.js'
import { accumulatorOf } from './measure-accumulator.js'
import type { Measure } from './measures.js'
import { MergeAccumulator } from './merge-accumulator.js'
import { type Resampling, resampled } from './resample.js'

/** How rows of a source become rows of fewer or other groups: plain JSON. */
export interface Grouping {
  keys: { name: string; type: ColumnType }[]
  /** How TimeBucket changes; null: it does not, or is no key. */
  resampling: Resampling | null
  /** Columns of the reference table that are joined first. */
  join: ReferenceParameters | null
  /** Date is shown where it is the same for all rows of a group, though it is no key. */
  sharedDate: boolean
  measures: Measure[]
  estimates: PlannedEstimate[]
}

/** Folds the rows of a source, which come in its output order, into groups. */
export class Regrouping {
  private readonly groups: KeyTable
  private readonly accumulators: Accumulator[]
  private readonly estimates: EstimateAccumulator[]
  private readonly dates = new SharedDates()

  constructor(
    private readonly grouping: Grouping,
    private readonly context: Context,
  ) {
    this.groups = new KeyTable(grouping.keys)
    this.accumulators = grouping.measures.map(measure => accumulatorOf(measure, context.registry))
    this.estimates = grouping.estimates.map(planned => new EstimateAccumulator(planned))
  }

  add(source: Frame): void {
    const { join, resampling, keys, sharedDate } = this.grouping
    const frame = join ? this.joined(source, join) : { rows: source.rows, columns: new Map(source.columns) }
    if (frame.rows === 0) return
    if (resampling) {
      const labels = frameColumn(frame, 'TimeBucket').values as BigInt64Array
      const days = (frame.columns.get('Date')?.values as Int32Array | undefined) ?? null
      // Measures read the source's own labels: first and last go by them.
      frame.columns.set(LABEL, { type: 'ts', values: resampled(labels, days, resampling), valid: null })
    }
    const columns = keys.map(({ name }) => frameColumn(frame, name === 'TimeBucket' && resampling ? LABEL : name))
    const slots = this.groups.resolve(columns, frame.rows)
    for (const each of [...this.accumulators, ...this.estimates]) each.add(frame, slots, this.groups.count)
    if (sharedDate) this.dates.add(frameColumn(frame, 'Date').values as Int32Array, slots, this.groups.count)
  }

  /** Returns the groups, in ascending order of their keys. */
  finish(): Frame {
    const { keys, measures, estimates, sharedDate } = this.grouping
    const { count } = this.groups
    const columns = new Map<string, Column>()
    if (sharedDate) columns.set('Date', this.dates.column(count))
    for (const [k, { name }] of keys.entries()) columns.set(name, this.groups.keys[k].view())
    for (const [m, { name, kept }] of measures.entries()) {
      const accumulator = this.accumulators[m]
      columns.set(name, accumulator.column(count))
      if (!kept) continue
      if (accumulator instanceof EdgeAccumulator)
        columns.set(kept.folds.value.columns.time.name, accumulator.timeColumn(count))
      if (!(accumulator instanceof MergeAccumulator)) continue
      for (const { fold, part, column } of accumulator.states(count)) {
        const state = kept.folds[fold].columns[part].name
        // A column that is its own state stands already, with its nulls.
        if (state !== name) columns.set(state, column)
      }
    }
    for (const [e, { name }] of estimates.entries()) columns.set(name, this.estimates[e].column(count))
    return sorted(
      { rows: count, columns },
      keys.map(({ name }) => name),
    )
  }

  private joined(source: Frame, join: ReferenceParameters): Frame {
    const { columns, dropped } = joinReference(source, join, this.context.reference)
    const frame = { rows: source.rows, columns: new Map([...source.columns, ...columns]) }
    return dropped ? takeRows(frame, dropped.kept, dropped.count) : frame
  }
}

const LABEL = '~label' // no column of a source can have this name

/** The partition date of groups: null where rows of several dates meet in one. */
class SharedDates {
  private days = new Int32Array(1024)
  private known = new Uint8Array(1024) // 0 no row, 1 one date, 2 several

  add(days: Int32Array, slots: Int32Array, count: number): void {
    this.days = grown(this.days, count)
    this.known = grown(this.known, count)
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i]
      if (this.known[slot] === 0) {
        this.days[slot] = days[i]
        this.known[slot] = 1
      } else if (this.days[slot] !== days[i]) this.known[slot] = 2
    }
  }

  column(count: number): Column {
    const several = this.known.subarray(0, count).includes(2)
    const valid = several ? Uint8Array.from(this.known.subarray(0, count), known => (known === 1 ? 1 : 0)) : null
    return { type: 'date', values: this.days.slice(0, count), valid }
  }
}
