import { indicator } from './indicator.js'
import { timeperiod } from './option.js'

/** A mean deviation has no sum that could move with the window: each row looks at all `timeperiod` values anew. */

export const CCI = indicator({
  name: 'CCI',
  group: 'Momentum Indicators',
  doc: 'distance of (high + low + close) / 3 from its mean, over 0.015 times its mean deviation; 0 where that is 0. Source: Lambert, Commodities (1980)',
  inputs: ['high', 'low', 'close'],
  options: [timeperiod(14, 2)],
  outputs: ['outReal'],
  lookback: ([period]) => period - 1,
  compute([high, low, close], [period], [out]) {
    // A ring, added up in the order of its slots: of equal prices TA-Lib's rounding alone decides what comes out.
    const ring = new Float64Array(period)
    for (let i = 0; i < out.length; i++) {
      const typical = (high[i] + low[i] + close[i]) / 3
      ring[i % period] = typical
      if (i < period - 1) continue
      let mean = 0
      for (let k = 0; k < period; k++) mean += ring[k]
      mean /= period
      let deviation = 0
      for (let k = 0; k < period; k++) deviation += Math.abs(ring[k] - mean)
      const distance = typical - mean
      out[i] = distance !== 0 && deviation !== 0 ? distance / (0.015 * (deviation / period)) : 0
    }
  },
})

export const AVGDEV = indicator({
  name: 'AVGDEV',
  group: 'Price Transform',
  doc: 'mean absolute deviation of the last rows from their mean',
  inputs: ['real'],
  options: [timeperiod(14, 2)],
  outputs: ['outReal'],
  lookback: ([period]) => period - 1,
  compute([x], [period], [out]) {
    for (let i = period - 1; i < x.length; i++) {
      let sum = 0
      for (let back = 0; back < period; back++) sum += x[i - back]
      const mean = sum / period
      let deviation = 0
      for (let back = 0; back < period; back++) deviation += Math.abs(x[i - back] - mean)
      out[i] = deviation / period
    }
  },
})
