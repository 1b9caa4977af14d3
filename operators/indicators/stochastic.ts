import { extremes } from './extreme.js'
import { indicator } from './indicator.js'
import { average, averageLookback } from './moving-average.js'
import { maType, rows, timeperiod } from './option.js'
import { relativeStrength } from './wilder.js'

const group = 'Momentum Indicators'
const SOURCE = 'Source: Lane, Technical Analysis of Stocks & Commodities 2:3 (1984)'
const fastK = rows('fastk_period', 5, 1, 'rows of the range')

/** Writes where the close lies in the range of the last `period` rows, 0 to 100, from row `period - 1`; 0 of none. */
function position(series: readonly Float64Array[], period: number, out: Float64Array): void {
  const [high, low, close] = series
  const highest = new Float64Array(out.length)
  const lowest = new Float64Array(out.length)
  extremes(high, period, 1, highest)
  extremes(low, period, -1, lowest)
  for (let i = period - 1; i < out.length; i++) {
    const hundredth = (highest[i] - lowest[i]) / 100
    out[i] = hundredth !== 0 ? (close[i] - lowest[i]) / hundredth : 0
  }
}

export const STOCH = indicator({
  name: 'STOCH',
  group,
  doc: `position of the close in the range of the last rows, smoothed (K), and smoothed again (D). ${SOURCE}`,
  inputs: ['high', 'low', 'close'],
  options: [
    fastK,
    rows('slowk_period', 3, 1, 'period of the average of the position'),
    maType('slowk_matype', 'the position'),
    rows('slowd_period', 3, 1, 'period of the average of K'),
    maType('slowd_matype', 'K'),
  ],
  outputs: ['outSlowK', 'outSlowD'],
  lookback: ([range, k, typeK, d, typeD]) => range - 1 + averageLookback(typeK, k) + averageLookback(typeD, d),
  compute(series, [range, k, typeK, d, typeD], [slowK, slowD]) {
    const raw = new Float64Array(slowK.length)
    position(series, range, raw)
    average(typeD, slowK, average(typeK, raw, range - 1, k, slowK), d, slowD)
  },
})

export const STOCHF = indicator({
  name: 'STOCHF',
  group,
  doc: `position of the close in the range of the last rows (K), and smoothed (D). ${SOURCE}`,
  inputs: ['high', 'low', 'close'],
  options: [fastK, rows('fastd_period', 3, 1, 'period of the average of K'), maType('fastd_matype', 'K')],
  outputs: ['outFastK', 'outFastD'],
  lookback: ([range, d, typeD]) => range - 1 + averageLookback(typeD, d),
  compute(series, [range, d, typeD], [k, smoothed]) {
    position(series, range, k)
    average(typeD, k, range - 1, d, smoothed)
  },
})

export const STOCHRSI = indicator({
  name: 'STOCHRSI',
  group,
  doc: 'position of RSI in the range of its last rows (K), and smoothed (D). Source: Chande and Kroll, The New Technical Trader (1994)',
  inputs: ['real'],
  options: [
    timeperiod(14, 2, 'period of RSI'),
    fastK,
    rows('fastd_period', 3, 1, 'period of the average of K'),
    maType('fastd_matype', 'K'),
  ],
  outputs: ['outFastK', 'outFastD'],
  lookback: ([period, range, d, typeD]) => period + range - 1 + averageLookback(typeD, d),
  compute([x], [period, range, d, typeD], [k, smoothed]) {
    const strength = new Float64Array(x.length)
    relativeStrength(x, period, strength)
    const known = strength.subarray(period)
    position([known, known, known], range, k.subarray(period))
    average(typeD, k, period + range - 1, d, smoothed)
  },
})

export const WILLR = indicator({
  name: 'WILLR',
  group,
  doc: 'distance of the close from the highest high of the last rows, in percent of their range, -100 to 0; 0 of no range. Source: Williams, How I Made One Million Dollars (1973)',
  inputs: ['high', 'low', 'close'],
  options: [timeperiod(14, 2)],
  outputs: ['outReal'],
  lookback: ([period]) => period - 1,
  compute([high, low, close], [period], [out]) {
    const lowest = new Float64Array(out.length)
    extremes(high, period, 1, out)
    extremes(low, period, -1, lowest)
    for (let i = period - 1; i < out.length; i++) {
      const hundredth = (out[i] - lowest[i]) / -100
      out[i] = hundredth !== 0 ? (out[i] - close[i]) / hundredth : 0
    }
  },
})
