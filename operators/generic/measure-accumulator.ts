import type { Context, MergeState } from '../../lib/core/index.js'
import { max, maxI64, min, minI64 } from '../kernels/extreme.js'
import { mean, std } from '../kernels/moment.js'
import { sum, sumI64 } from '../kernels/sum.js'
import {
  type Accumulator,
  CountAccumulator,
  KernelAccumulator,
  MedianAccumulator,
  WeightedMeanAccumulator,
} from './accumulator.js'
import { EdgeAccumulator } from './edge-accumulator.js'
import type { Measure } from './measures.js'
import { MergeAccumulator } from './merge-accumulator.js'

/** Makes the accumulator of a measure. */
export function accumulatorOf(measure: Measure, registry: Context['registry']): Accumulator {
  const { method, column, type, weight, time, state, seconds } = measure
  switch (method) {
    case 'sum':
      return new KernelAccumulator(type === 'i64' ? sumI64 : sum, column)
    case 'min':
      return type === 'f64' ? new KernelAccumulator(min, column) : new KernelAccumulator(minI64, column, 'null', type)
    case 'max':
      return type === 'f64' ? new KernelAccumulator(max, column) : new KernelAccumulator(maxI64, column, 'null', type)
    case 'mean':
      return new KernelAccumulator(mean, column)
    case 'std':
      return new KernelAccumulator(std, column)
    case 'median':
      return new MedianAccumulator(column)
    case 'count':
      return new CountAccumulator(column)
    case 'weighted_mean':
      return new WeightedMeanAccumulator(column, weight as string)
    case 'first':
    case 'last':
      return new EdgeAccumulator(method === 'first', column, type, time ?? null)
    case 'merge': {
      const { metric } = state as MergeState
      return new MergeAccumulator(
        column,
        state as MergeState,
        metric === null ? null : registry.get('metrics', metric),
        seconds,
      )
    }
  }
}
