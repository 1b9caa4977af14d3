import {
  type Column,
  columnOfDoubles,
  doublesOf,
  type Frame,
  frameColumn,
  type StateColumn,
} from '../../lib/core/index.js'
import { addReturn, annualised } from '../kernels/return-moments.js'
import { grown } from './accumulator.js'
import type { MergedFold } from './merge-accumulator.js'

const PARTS = ['n', 'mean', 'm2', 'first', 'last'] as const

/**
 * Merges the returns of a listing's buckets, which come in the order of time: their moments by Chan's formula, and the
 * return that links the last price of one to the first of the next (semantics 5.0, merge code V).
 */
export class ReturnsMerge implements MergedFold {
  private readonly state = Object.fromEntries(PARTS.map(part => [part, new Float64Array(1024)])) as Record<
    (typeof PARTS)[number],
    Float64Array
  >
  private seen = new Uint8Array(1024)

  constructor(
    private readonly columns: Record<string, StateColumn>,
    private readonly annualisationSeconds: number,
    private readonly bucketSeconds: number,
  ) {}

  add(frame: Frame, groups: Int32Array, count: number): void {
    this.grow(count)
    const { state, seen } = this
    const [n, mean, m2, first, last] = PARTS.map(part => doublesOf(frameColumn(frame, this.columns[part].name)))
    for (let i = 0; i < frame.rows; i++) {
      if (Number.isNaN(first[i])) continue // a bucket without a price
      const group = groups[i]
      if (!seen[group]) {
        seen[group] = 1
        for (const [part, values] of [
          ['n', n],
          ['mean', mean],
          ['m2', m2],
          ['first', first],
        ] as const)
          state[part][group] = Number.isNaN(values[i]) ? 0 : values[i]
      } else {
        const moments = { n: state.n[group], mean: state.mean[group], m2: state.m2[group] }
        addReturn(moments, state.last[group], first[i])
        if (n[i] > 0) {
          const all = moments.n + n[i]
          const delta = mean[i] - moments.mean
          moments.m2 += m2[i] + delta * delta * ((moments.n * n[i]) / all)
          moments.mean += (delta * n[i]) / all
          moments.n = all
        }
        for (const part of ['n', 'mean', 'm2'] as const) state[part][group] = moments[part]
      }
      state.last[group] = last[i]
    }
  }

  column(count: number): Column {
    this.grow(count)
    const { n, mean, m2 } = this.state
    const out = new Float64Array(count)
    for (let g = 0; g < count; g++)
      out[g] = annualised({ n: n[g], mean: mean[g], m2: m2[g] }, this.annualisationSeconds, this.bucketSeconds)
    return columnOfDoubles(out)
  }

  states(count: number): Record<string, Column> {
    this.grow(count)
    const { state, seen } = this
    const of = (part: (typeof PARTS)[number]) =>
      columnOfDoubles(state[part].slice(0, count).map((value, g) => (seen[g] ? value : Number.NaN)))
    return Object.fromEntries(PARTS.map(part => [part, of(part)]))
  }

  private grow(count: number): void {
    for (const part of PARTS) this.state[part] = grown(this.state[part], count)
    this.seen = grown(this.seen, count)
  }
}
