import { isZero } from './zero.js'

const FASTEST = 2 / (2 + 1)
const SLOWEST = 2 / (30 + 1)

/**
 * Averages fast where the series moves one way and slowly where it goes to and fro: the weight of the newest value grows
 * with the net move of `period` rows over the sum of its steps. Over a series that begins at row `from`; writes rows
 * `from + period` and later. Source: Kaufman, Smarter Trading (1995).
 */
export function kama(x: Float64Array, from: number, period: number, out: Float64Array): void {
  const first = from + period
  let path = 0
  for (let i = from + 1; i <= first; i++) path += Math.abs(x[i] - x[i - 1])
  let average = x[first - 1]
  for (let i = first; i < x.length; i++) {
    if (i > first) {
      path -= Math.abs(x[i - period] - x[i - period - 1])
      path += Math.abs(x[i] - x[i - 1])
    }
    const net = x[i] - x[i - period]
    // The sign of the net move counts in the comparison, as in TA-Lib.
    const efficiency = path <= net || isZero(path) ? 1 : Math.abs(net / path)
    const root = efficiency * (FASTEST - SLOWEST) + SLOWEST
    average = (x[i] - average) * (root * root) + average
    out[i] = average
  }
}
