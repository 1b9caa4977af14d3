import { DirectionalMovement } from './directional.js'
import { type InputName, indicator } from './indicator.js'
import { timeperiod } from './option.js'
import { isZero } from './zero.js'

const group = 'Momentum Indicators'
const SOURCE = 'Source: Wilder, New Concepts in Technical Trading Systems (1978)'
const bars: readonly InputName[] = ['high', 'low', 'close']
const outputs = ['outReal']

function movement(name: string, doc: string, of: (state: DirectionalMovement) => number) {
  return indicator({
    name,
    group,
    doc: `${doc}. ${SOURCE}`,
    inputs: ['high', 'low'],
    options: [timeperiod(14, 1, 'period of the smoothed sum; 1 is none')],
    outputs,
    lookback: ([period]) => Math.max(period - 1, 1),
    compute([high, low], [period], [out]) {
      const state = new DirectionalMovement(high, low, undefined, period)
      state.passTo(Math.max(period - 1, 1))
      out[state.row] = of(state)
      while (state.row < out.length - 1) {
        state.next()
        out[state.row] = of(state)
      }
    },
  })
}

export const PLUS_DM = movement('PLUS_DM', 'smoothed sum of rises of the high beyond falls of the low', ({ up }) => up)
export const MINUS_DM = movement(
  'MINUS_DM',
  'smoothed sum of falls of the low beyond rises of the high',
  ({ down }) => down,
)

function directional(name: string, doc: string, of: (state: DirectionalMovement) => number, single: typeof of) {
  return indicator({
    name,
    group,
    doc: `${doc}. ${SOURCE}`,
    inputs: bars,
    options: [timeperiod(14, 1, 'period of the smoothed sums; 1 is none, and gives a fraction, as in TA-Lib')],
    outputs,
    lookback: ([period]) => period,
    compute([high, low, close], [period], [out]) {
      const state = new DirectionalMovement(high, low, close, period)
      const value = period === 1 ? single : of
      state.passTo(period - 1)
      while (state.row < out.length - 1) {
        state.next()
        out[state.row] = value(state)
      }
    },
  })
}

const fraction = (move: number, range: number) => (isZero(range) ? 0 : move / range)

export const PLUS_DI = directional(
  'PLUS_DI',
  'upward movement in percent of the true range, both smoothed',
  state => state.upIndex,
  ({ up, range }) => fraction(up, range),
)
export const MINUS_DI = directional(
  'MINUS_DI',
  'downward movement in percent of the true range, both smoothed',
  state => state.downIndex,
  ({ down, range }) => fraction(down, range),
)

export const DX = indicator({
  name: 'DX',
  group,
  doc: `how one-sided the directional movement is, 0 to 100; the value before where nothing moved. ${SOURCE}`,
  inputs: bars,
  options: [timeperiod(14, 2, 'period of the smoothed sums')],
  outputs,
  lookback: ([period]) => period,
  compute([high, low, close], [period], [out]) {
    const state = new DirectionalMovement(high, low, close, period)
    state.passTo(period - 1)
    let value = 0
    while (state.row < out.length - 1) {
      state.next()
      value = state.oneSided ?? value
      out[state.row] = value
    }
  },
})

/** Writes DX, averaged over `period` rows and then smoothed, from row `2 period - 1`. */
function averageIndex(inputs: readonly Float64Array[], period: number, out: Float64Array): void {
  const [high, low, close] = inputs
  const state = new DirectionalMovement(high, low, close, period)
  const first = 2 * period - 1
  let average = 0
  state.passTo(period - 1)
  while (state.row < first) {
    state.next()
    average += state.oneSided ?? 0
  }
  average /= period
  out[first] = average
  while (state.row < out.length - 1) {
    state.next()
    const value = state.oneSided
    if (value !== undefined) average = (average * (period - 1) + value) / period
    out[state.row] = average
  }
}

export const ADX = indicator({
  name: 'ADX',
  group,
  doc: `DX, smoothed. ${SOURCE}`,
  inputs: bars,
  options: [timeperiod(14, 2, 'period of all smoothing')],
  outputs,
  lookback: ([period]) => 2 * period - 1,
  compute: (inputs, [period], [out]) => averageIndex(inputs, period, out),
})

export const ADXR = indicator({
  name: 'ADXR',
  group,
  doc: `mean of ADX and what it was timeperiod - 1 rows before. ${SOURCE}`,
  inputs: bars,
  options: [timeperiod(14, 2, 'period of all smoothing')],
  outputs,
  lookback: ([period]) => 3 * period - 2,
  compute(inputs, [period], [out]) {
    const now = new Float64Array(out.length)
    averageIndex(inputs, period, now)
    for (let i = 3 * period - 2; i < out.length; i++) out[i] = (now[i] + now[i - (period - 1)]) / 2
  },
})
