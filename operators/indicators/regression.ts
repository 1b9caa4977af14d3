import { indicator } from './indicator.js'
import { timeperiod } from './option.js'

type Value = (slope: number, intercept: number, period: number) => number

/**
 * Fits a line by least squares to the last `period` values, x from 0 (oldest) to period - 1. Sums move with the window
 * and are made anew every `period` rows, so that what rounding leaves behind does not grow.
 */
function fit(x: Float64Array, period: number, out: Float64Array, value: Value): void {
  const places = (period * (period - 1)) / 2
  const squares = (period * (period - 1) * (2 * period - 1)) / 6
  const divisor = places * places - period * squares
  let sum = 0
  let weighted = 0 // by the distance to the newest row
  for (let i = period - 1; i < x.length; i++) {
    if ((i + 1) % period === 0) {
      sum = 0
      weighted = 0
      for (let back = period - 1; back >= 0; back--) {
        sum += x[i - back]
        weighted += back * x[i - back]
      }
    } else {
      const leaving = x[i - period]
      weighted += sum - period * leaving
      sum += x[i] - leaving
    }
    const slope = (period * weighted - places * sum) / divisor
    const intercept = (sum - slope * places) / period
    out[i] = value(slope, intercept, period)
  }
}

function regression(name: string, doc: string, value: Value) {
  return indicator({
    name,
    group: 'Statistic Functions',
    doc: `${doc} the line that least squares fit to the last rows`,
    inputs: ['real'],
    options: [timeperiod(14, 2)],
    outputs: ['outReal'],
    lookback: ([period]) => period - 1,
    compute: ([x], [period], [out]) => fit(x, period, out, value),
  })
}

export const LINEARREG = regression('LINEARREG', 'value at this row of', (m, b, period) => b + m * (period - 1))
export const LINEARREG_SLOPE = regression('LINEARREG_SLOPE', 'change a row of', m => m)
export const LINEARREG_INTERCEPT = regression('LINEARREG_INTERCEPT', 'value at the oldest row of', (_, b) => b)
export const LINEARREG_ANGLE = regression('LINEARREG_ANGLE', 'angle in degrees of', m => Math.atan(m) * (180 / Math.PI))
export const TSF = regression('TSF', 'value at the next row of', (m, b, period) => b + m * period)
