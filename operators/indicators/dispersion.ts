import { indicator } from './indicator.js'
import { real, timeperiod } from './option.js'
import { isZeroOrLess } from './zero.js'

/**
 * Writes the population variance of the last `period` values of a series that begins at row `from`, as mean of squares
 * less square of mean, into rows `from + period - 1` and later. Values far from zero lose digits: that is TA-Lib's number, kept so that results agree.
 */
export function variance(x: Float64Array, from: number, period: number, out: Float64Array): void {
  let sum = 0
  let squares = 0
  const first = from + period - 1
  for (let i = from; i < first; i++) {
    sum += x[i]
    squares += x[i] * x[i]
  }
  for (let i = first; i < x.length; i++) {
    sum += x[i]
    squares += x[i] * x[i]
    const mean = sum / period
    out[i] = squares / period - mean * mean
    const leaving = x[i - period + 1]
    sum -= leaving
    squares -= leaving * leaving
  }
}

/** Writes the population standard deviation as `variance` does the variance; 0 where rounding left less. */
export function deviation(x: Float64Array, from: number, period: number, out: Float64Array): void {
  variance(x, from, period, out)
  for (let i = from + period - 1; i < x.length; i++) out[i] = isZeroOrLess(out[i]) ? 0 : Math.sqrt(out[i])
}

const nbdev = real('nbdev', 1, 'number of deviations')

export const VAR = indicator({
  name: 'VAR',
  group: 'Statistic Functions',
  doc: 'population variance of the last rows; nbdev has no effect, as in TA-Lib',
  inputs: ['real'],
  options: [timeperiod(5, 1), nbdev],
  outputs: ['outReal'],
  lookback: ([period]) => period - 1,
  compute: ([x], [period], [out]) => variance(x, 0, period, out),
})

export const STDDEV = indicator({
  name: 'STDDEV',
  group: 'Statistic Functions',
  doc: 'population standard deviation of the last rows, times nbdev',
  inputs: ['real'],
  options: [timeperiod(5, 2), nbdev],
  outputs: ['outReal'],
  lookback: ([period]) => period - 1,
  compute([x], [period, deviations], [out]) {
    deviation(x, 0, period, out)
    if (deviations !== 1) for (let i = period - 1; i < x.length; i++) out[i] *= deviations
  },
})
