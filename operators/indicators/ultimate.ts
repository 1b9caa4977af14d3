import { indicator } from './indicator.js'
import { rows } from './option.js'
import { trueRange } from './true-range.js'
import { isZero } from './zero.js'

/** Adds `weight` times the share of pressure in range, both summed over the last `period` rows, from row `start`. */
function addShare(
  pressure: Float64Array,
  range: Float64Array,
  { period, weight, start }: { period: number; weight: number; start: number },
  out: Float64Array,
): void {
  let pressed = 0
  let ranged = 0
  for (let i = start - period + 1; i < out.length; i++) {
    pressed += pressure[i]
    ranged += range[i]
    if (i < start) continue
    if (!isZero(ranged)) out[i] += weight * (pressed / ranged)
    pressed -= pressure[i - period + 1]
    ranged -= range[i - period + 1]
  }
}

export const ULTOSC = indicator({
  name: 'ULTOSC',
  group: 'Momentum Indicators',
  doc: 'mean, weighted 4, 2 and 1, of the share of buying pressure in the true range over a short, a middle and a long window, 0 to 100. Source: Williams, Technical Analysis of Stocks & Commodities 3:4 (1985)',
  inputs: ['high', 'low', 'close'],
  options: [
    rows('timeperiod1', 7, 1, 'rows of a window; the shortest counts most'),
    rows('timeperiod2', 14, 1, 'rows of another window'),
    rows('timeperiod3', 28, 1, 'rows of another window'),
  ],
  outputs: ['outReal'],
  lookback: periods => Math.max(...periods),
  compute([high, low, close], periods, [out]) {
    const pressure = new Float64Array(out.length)
    const range = new Float64Array(out.length)
    for (let i = 1; i < out.length; i++) {
      pressure[i] = close[i] - Math.min(low[i], close[i - 1])
      range[i] = trueRange(high[i], low[i], close[i - 1])
    }
    const [short, middle, long] = [...periods].sort((a, b) => a - b)
    out.fill(0)
    addShare(pressure, range, { period: short, weight: 4, start: long }, out)
    addShare(pressure, range, { period: middle, weight: 2, start: long }, out)
    addShare(pressure, range, { period: long, weight: 1, start: long }, out)
    for (let i = long; i < out.length; i++) out[i] = 100 * (out[i] / 7)
  },
})
