import { type InputName, indicator } from './indicator.js'
import { rows, timeperiod } from './option.js'

const group = 'Volume Indicators'
const bars: readonly InputName[] = ['high', 'low', 'close', 'volume']
const outputs = ['outReal']

/** Writes the running sum of volume times the position of the close in the row's range, -1 to 1. */
function accumulate([high, low, close, volume]: readonly Float64Array[], out: Float64Array): void {
  let line = 0
  for (let i = 0; i < out.length; i++) {
    const range = high[i] - low[i]
    if (range > 0) line += ((close[i] - low[i] - (high[i] - close[i])) / range) * volume[i]
    out[i] = line
  }
}

export const AD = indicator({
  name: 'AD',
  group,
  doc: "running sum of volume times the position of the close between low (-1) and high (1): Chaikin's accumulation/distribution line",
  inputs: bars,
  options: [],
  outputs,
  lookback: () => 0,
  compute: (inputs, _, [out]) => accumulate(inputs, out),
})

export const ADOSC = indicator({
  name: 'ADOSC',
  group,
  doc: "a fast EMA of Chaikin's accumulation/distribution line less a slow one; both start at its first value",
  inputs: bars,
  options: [
    rows('fastperiod', 3, 2, 'period of the fast average'),
    rows('slowperiod', 10, 2, 'period of the slow average'),
  ],
  outputs,
  lookback: ([fast, slow]) => Math.max(fast, slow) - 1,
  compute(inputs, [fastPeriod, slowPeriod], [out]) {
    accumulate(inputs, out)
    const fastWeight = 2 / (fastPeriod + 1)
    const slowWeight = 2 / (slowPeriod + 1)
    let fast = out[0]
    let slow = out[0]
    for (let i = 0; i < out.length; i++) {
      fast = fastWeight * out[i] + (1 - fastWeight) * fast
      slow = slowWeight * out[i] + (1 - slowWeight) * slow
      out[i] = fast - slow
    }
  },
})

export const OBV = indicator({
  name: 'OBV',
  group,
  doc: 'running sum of volume, added where the series rose and taken off where it fell; starts at the first volume. Source: Granville, New Key to Stock Market Profits (1963)',
  inputs: ['real', 'volume'],
  options: [],
  outputs,
  lookback: () => 0,
  compute([x, volume], _, [out]) {
    let balance = volume[0]
    out[0] = balance
    for (let i = 1; i < x.length; i++) {
      if (x[i] > x[i - 1]) balance += volume[i]
      else if (x[i] < x[i - 1]) balance -= volume[i]
      out[i] = balance
    }
  },
})

export const MFI = indicator({
  name: 'MFI',
  group: 'Momentum Indicators',
  doc: 'share of the last rows in which (high + low + close) / 3 rose in all in which it moved, by price times volume, 0 to 100; 0 where that is below 1. Source: Quong and Soudack, Technical Analysis of Stocks & Commodities 7:3 (1989)',
  inputs: bars,
  options: [timeperiod(14, 2)],
  outputs,
  lookback: ([period]) => period,
  compute([high, low, close, volume], [period], [out]) {
    // Apart, as a price below zero has a flow below zero.
    const rises = new Float64Array(out.length)
    const falls = new Float64Array(out.length)
    let risen = 0
    let fallen = 0
    let before = (high[0] + low[0] + close[0]) / 3
    for (let i = 1; i < out.length; i++) {
      if (i > period) {
        risen -= rises[i - period]
        fallen -= falls[i - period]
      }
      const price = (high[i] + low[i] + close[i]) / 3
      if (price > before) risen += rises[i] = price * volume[i]
      else if (price < before) fallen += falls[i] = price * volume[i]
      before = price
      const all = risen + fallen
      out[i] = all < 1 ? 0 : 100 * (risen / all)
    }
  },
})
