import { indicator } from './indicator.js'
import { timeperiod } from './option.js'
import { isZero } from './zero.js'

/** Returns the widest of a row's range and its distances from the close before. */
export function trueRange(high: number, low: number, closeBefore: number): number {
  let range = high - low
  const up = Math.abs(closeBefore - high)
  if (up > range) range = up
  const down = Math.abs(closeBefore - low)
  if (down > range) range = down
  return range
}

function averageTrueRange(inputs: readonly Float64Array[], period: number, out: Float64Array): void {
  const [high, low, close] = inputs
  let average = 0
  for (let i = 1; i <= period; i++) average += trueRange(high[i], low[i], close[i - 1])
  average /= period
  out[period] = average
  for (let i = period + 1; i < out.length; i++) {
    average *= period - 1
    average += trueRange(high[i], low[i], close[i - 1])
    average /= period
    out[i] = average
  }
}

const WILDER = 'Source: Wilder, New Concepts in Technical Trading Systems (1978)'
const group = 'Volatility Indicators'

export const TRANGE = indicator({
  name: 'TRANGE',
  group,
  doc: `the widest of high - low, |high - close before| and |low - close before|. ${WILDER}`,
  inputs: ['high', 'low', 'close'],
  options: [],
  outputs: ['outReal'],
  lookback: () => 1,
  compute([high, low, close], _, [out]) {
    for (let i = 1; i < out.length; i++) out[i] = trueRange(high[i], low[i], close[i - 1])
  },
})

export const ATR = indicator({
  name: 'ATR',
  group,
  doc: `true range, smoothed: it starts as a mean and moves by 1/timeperiod of the difference. ${WILDER}`,
  inputs: ['high', 'low', 'close'],
  options: [timeperiod(14, 1, 'period of the smoothing; 1 is none')],
  outputs: ['outReal'],
  lookback: ([period]) => period,
  compute: (inputs, [period], [out]) => averageTrueRange(inputs, period, out),
})

export const NATR = indicator({
  name: 'NATR',
  group,
  doc: 'ATR in percent of the close; 0 where the close is 0; of period 1 the true range itself, as in TA-Lib. Source: Forman, Technical Analysis of Stocks & Commodities 24:5 (2006)',
  inputs: ['high', 'low', 'close'],
  options: [timeperiod(14, 1, 'period of the smoothing; 1 is none')],
  outputs: ['outReal'],
  lookback: ([period]) => period,
  compute(inputs, [period], [out]) {
    averageTrueRange(inputs, period, out)
    if (period === 1) return
    const close = inputs[2]
    for (let i = period; i < out.length; i++) out[i] = isZero(close[i]) ? 0 : (out[i] / close[i]) * 100
  },
})
