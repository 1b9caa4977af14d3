import { indicator } from './indicator.js'
import { timeperiod } from './option.js'
import { isZeroOrLess } from './zero.js'

const group = 'Momentum Indicators'

export const BOP = indicator({
  name: 'BOP',
  group,
  doc: 'close less open over high less low; 0 without a range. Source: Livshin, Technical Analysis of Stocks & Commodities 19:8 (2001)',
  inputs: ['open', 'high', 'low', 'close'],
  options: [],
  outputs: ['outReal'],
  lookback: () => 0,
  compute([open, high, low, close], _, [out]) {
    for (let i = 0; i < out.length; i++) {
      const range = high[i] - low[i]
      out[i] = isZeroOrLess(range) ? 0 : (close[i] - open[i]) / range
    }
  },
})

export const IMI = indicator({
  name: 'IMI',
  group,
  doc: 'share of rises from open to close in all moves from open to close of the last rows, 0 to 100; no value where none moved. Source: Chande and Kroll, The New Technical Trader (1994)',
  inputs: ['open', 'close'],
  options: [timeperiod(14, 2)],
  outputs: ['outReal'],
  lookback: ([period]) => period - 1,
  compute([open, close], [period], [out]) {
    // Added up anew for every row: in a moving sum rounding would hide that none moved.
    for (let i = period - 1; i < out.length; i++) {
      let up = 0
      let down = 0
      for (let k = i - period + 1; k <= i; k++) {
        const move = close[k] - open[k]
        if (move > 0) up += move
        else down -= move
      }
      out[i] = 100 * (up / (up + down))
    }
  },
})
