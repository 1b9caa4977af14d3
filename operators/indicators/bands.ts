import { deviation } from './dispersion.js'
import { indicator } from './indicator.js'
import { average, averageLookback } from './moving-average.js'
import { maType, real, timeperiod } from './option.js'
import { sma } from './simple.js'
import { isZero } from './zero.js'

const group = 'Overlap Studies'
const outputs = ['outRealUpperBand', 'outRealMiddleBand', 'outRealLowerBand']

export const BBANDS = indicator({
  name: 'BBANDS',
  group,
  doc: 'a moving average, and the population standard deviation of the same rows above and below it. Source: Bollinger, Bollinger on Bollinger Bands (2001)',
  inputs: ['real'],
  options: [
    timeperiod(5, 2),
    real('nbdevup', 2, 'deviations from the middle to the upper band'),
    real('nbdevdn', 2, 'deviations from the middle to the lower band'),
    maType('matype', 'the middle band'),
  ],
  outputs,
  // An average of type MAMA may begin before its window is full.
  lookback: ([period, , , type]) => Math.max(averageLookback(type, period), period - 1),
  compute([x], [period, up, down, type], [upper, middle, lower]) {
    const start = Math.max(average(type, x, 0, period, middle), period - 1)
    const spread = new Float64Array(x.length)
    deviation(x, start - (period - 1), period, spread)
    for (let i = start; i < x.length; i++) {
      upper[i] = middle[i] + spread[i] * up
      lower[i] = middle[i] - spread[i] * down
    }
  },
})

export const ACCBANDS = indicator({
  name: 'ACCBANDS',
  group,
  doc: 'means of the close and of high and low pushed apart by four times their relative range. Source: Headley, Big Trends in Trading (2002)',
  inputs: ['high', 'low', 'close'],
  options: [timeperiod(20, 2)],
  outputs,
  lookback: ([period]) => period - 1,
  compute([high, low, close], [period], [upper, middle, lower]) {
    const above = new Float64Array(high.length)
    const below = new Float64Array(high.length)
    for (let i = 0; i < high.length; i++) {
      const sum = high[i] + low[i]
      const width = isZero(sum) ? 0 : (4 * (high[i] - low[i])) / sum
      above[i] = high[i] * (1 + width)
      below[i] = low[i] * (1 - width)
    }
    sma(above, 0, period, upper)
    sma(close, 0, period, middle)
    sma(below, 0, period, lower)
  },
})
