import {
  type Column,
  columnOfDoubles,
  doublesOf,
  type FoldState,
  type Frame,
  frameColumn,
  growState,
  type Kernel,
  type MergeState,
  type Metric,
  makeState,
  rowNumbers,
  type State,
} from '../../lib/core/index.js'
import { max, maxI64, min, minI64 } from '../kernels/extreme.js'
import { mean, std } from '../kernels/moment.js'
import { sum, sumI64 } from '../kernels/sum.js'
import { type Accumulator, grown, KernelAccumulator } from './accumulator.js'
import { EdgeAccumulator } from './edge-accumulator.js'
import { ReturnsMerge } from './returns-merge.js'
import { SeveralMerge } from './several-merge.js'

/** Merges the state that a source kept of a metric, and computes its value from the merged folds. */
export class MergeAccumulator implements Accumulator {
  private readonly folds: { name: string; merge: MergedFold }[]
  /** 1 for groups in which some row has a value, of columns that are 0 where nothing matched. */
  private known = new Uint8Array(1024)

  /**
   * `of` names the column that is merged, `metric` is the one that state names; `seconds` is the length of the buckets
   * that are made.
   */
  constructor(
    private readonly of: string,
    private readonly state: MergeState,
    private readonly metric: Metric | null,
    seconds = Number.NaN,
  ) {
    this.folds = Object.entries(state.folds).map(([name, fold]) => ({ name, merge: mergedFold(fold, seconds) }))
  }

  add(frame: Frame, groups: Int32Array, count: number): void {
    for (const { merge } of this.folds) merge.add(frame, groups, count)
    if (!this.state.zero) return
    this.known = grown(this.known, count)
    const { valid } = frameColumn(frame, this.of)
    for (let i = 0; i < frame.rows; i++) if (!valid || valid[i]) this.known[groups[i]] = 1
  }

  column(count: number): Column {
    const { metric, state, folds } = this
    const columns = folds.map(({ merge }) => merge.column(count))
    if (!metric?.value) return state.zero ? this.zeroed(columns[0], count) : columns[0]
    const inputs = columns.map(doublesOf)
    const names = folds.map(({ name }) => name)
    const values = new Float64Array(count)
    const row: Record<string, number> = {}
    for (let g = 0; g < count; g++) {
      for (let f = 0; f < names.length; f++) row[names[f]] = inputs[f][g]
      values[g] = metric.value(row, state.parameters)
    }
    const column = columnOfDoubles(values)
    return state.zero ? this.zeroed(column, count) : column
  }

  /** Returns a column that is 0 where nothing matched, and null only where no row has a value: no data is not zero. */
  private zeroed(column: Column, count: number): Column {
    this.known = grown(this.known, count)
    const valid = this.known.slice(0, count)
    return { ...column, valid: valid.includes(0) ? valid : null }
  }

  /** Returns the merged state, by fold and by what it is to it. */
  states(count: number): { fold: string; part: string; column: Column }[] {
    return this.folds.flatMap(({ name, merge }) =>
      Object.entries(merge.states(count)).map(([part, column]) => ({ fold: name, part, column })),
    )
  }
}

/** A fold whose states are merged row by row, and can be handed on. */
export interface MergedFold extends Accumulator {
  states(count: number): Record<string, Column>
}

function mergedFold({ merge, columns, parameters }: FoldState, seconds: number): MergedFold {
  const { value, time } = columns
  switch (merge) {
    case 'sum':
    case 'count':
      return withValue(new KernelAccumulator(value.type === 'i64' ? sumI64 : sum, value.name, 'kernel'))
    case 'min':
      return withValue(new KernelAccumulator(value.type === 'i64' ? minI64 : min, value.name))
    case 'max':
      return withValue(new KernelAccumulator(value.type === 'i64' ? maxI64 : max, value.name))
    case 'first':
    case 'last': {
      const edge = new EdgeAccumulator(merge === 'first', value.name, value.type, time)
      return {
        add: (frame, groups, count) => edge.add(frame, groups, count),
        column: count => edge.column(count),
        states: count => ({ value: edge.column(count), time: edge.timeColumn(count) }),
      }
    }
    case 'mean':
      return new StateMerge(mean, { total: columns.total.name, n: columns.n.name })
    case 'std':
      return new StateMerge(std, { n: columns.n.name, mean: columns.mean.name, m2: columns.m2.name })
    case 'several':
      return new SeveralMerge(value.name, columns.word.name)
    case 'returns':
      return new ReturnsMerge(columns, Number(parameters?.annualisation_seconds), seconds)
  }
}

function withValue(values: Accumulator): MergedFold {
  return {
    add: (frame, groups, count) => values.add(frame, groups, count),
    column: count => values.column(count),
    states: count => ({ value: values.column(count) }),
  }
}

/** Merges states of a kernel whose fields are doubles, each in a column. */
class StateMerge implements MergedFold {
  private readonly state: State
  private capacity = 1024

  constructor(
    private readonly kernel: Kernel,
    private readonly fields: Record<string, string>,
  ) {
    this.state = makeState(kernel.fields, this.capacity)
  }

  add(frame: Frame, groups: Int32Array, count: number): void {
    if (count > this.capacity)
      growState(this.state, this.kernel.fields, (this.capacity = Math.max(count, 2 * this.capacity)))
    const from: State = {}
    for (const [field, column] of Object.entries(this.fields)) {
      // Of a group without values, a mean is null; its count of 0 says all.
      from[field] = doublesOf(frameColumn(frame, column)).map(value => (Number.isNaN(value) ? 0 : value))
    }
    this.kernel.merge(this.state, groups, from, frame.rows)
  }

  column(count: number): Column {
    const values = new Float64Array(count)
    for (let g = 0; g < count; g++) values[g] = (this.kernel.read(this.state, g) as number | null) ?? Number.NaN
    return columnOfDoubles(values)
  }

  states(count: number): Record<string, Column> {
    const rows = rowNumbers(count)
    return Object.fromEntries(
      Object.keys(this.fields).map(field => [
        field,
        columnOfDoubles(Float64Array.from(rows, g => this.state[field][g])),
      ]),
    )
  }
}
