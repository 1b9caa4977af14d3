import { extremeRows } from './extreme.js'
import { indicator } from './indicator.js'
import { timeperiod } from './option.js'

const group = 'Momentum Indicators'
const SOURCE = 'Source: Chande, Technical Analysis of Stocks & Commodities 13:9 (1995)'
const options = [timeperiod(14, 2, 'rows back to the oldest extreme; the window has one row more')]

/** Finds the newest highest high and lowest low of this row and the `period` rows before. */
function newestExtremes(high: Float64Array, low: Float64Array, period: number) {
  const highest = new Int32Array(high.length)
  const lowest = new Int32Array(low.length)
  extremeRows(high, period + 1, 1, highest, 'newest')
  extremeRows(low, period + 1, -1, lowest, 'newest')
  return { highest, lowest }
}

export const AROON = indicator({
  name: 'AROON',
  group,
  doc: `how recent the lowest low (down) and the highest high (up) are: 100 at this row, 0 at the oldest. ${SOURCE}`,
  inputs: ['high', 'low'],
  options,
  outputs: ['outAroonDown', 'outAroonUp'],
  lookback: ([period]) => period,
  compute([high, low], [period], [down, up]) {
    const { highest, lowest } = newestExtremes(high, low, period)
    const factor = 100 / period
    for (let i = period; i < high.length; i++) {
      up[i] = factor * (period - (i - highest[i]))
      down[i] = factor * (period - (i - lowest[i]))
    }
  },
})

export const AROONOSC = indicator({
  name: 'AROONOSC',
  group,
  doc: `Aroon up less Aroon down, -100 to 100. ${SOURCE}`,
  inputs: ['high', 'low'],
  options,
  outputs: ['outReal'],
  lookback: ([period]) => period,
  compute([high, low], [period], [out]) {
    const { highest, lowest } = newestExtremes(high, low, period)
    const factor = 100 / period
    for (let i = period; i < high.length; i++) out[i] = factor * (highest[i] - lowest[i])
  },
})
