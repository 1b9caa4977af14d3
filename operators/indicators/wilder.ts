import { indicator } from './indicator.js'
import { timeperiod } from './option.js'
import { isZero } from './zero.js'

type Compare = (gain: number, loss: number) => number

/** Writes a comparison of the smoothed rises with the smoothed falls since the row before, from row `period`. */
function compareMoves(x: Float64Array, period: number, out: Float64Array, compare: Compare): void {
  let gain = 0
  let loss = 0
  for (let i = 1; i <= period; i++) {
    const move = x[i] - x[i - 1]
    if (move < 0) loss -= move
    else gain += move
  }
  gain /= period
  loss /= period
  out[period] = compare(gain, loss)
  for (let i = period + 1; i < x.length; i++) {
    const move = x[i] - x[i - 1]
    loss *= period - 1
    gain *= period - 1
    if (move < 0) loss -= move
    else gain += move
    loss /= period
    gain /= period
    out[i] = compare(gain, loss)
  }
}

/** Writes the relative strength index from row `period`; 0 where nothing moved. */
export function relativeStrength(x: Float64Array, period: number, out: Float64Array): void {
  compareMoves(x, period, out, (gain, loss) => (isZero(gain + loss) ? 0 : 100 * (gain / (gain + loss))))
}

export const RSI = indicator({
  name: 'RSI',
  group: 'Momentum Indicators',
  doc: 'share of the rises in all moves, both smoothed, 0 to 100; 0 when there was no move. Source: Wilder, New Concepts in Technical Trading Systems (1978)',
  inputs: ['real'],
  options: [timeperiod(14, 2, 'period of the smoothing')],
  outputs: ['outReal'],
  lookback: ([period]) => period,
  compute: ([x], [period], [out]) => relativeStrength(x, period, out),
})

export const CMO = indicator({
  name: 'CMO',
  group: 'Momentum Indicators',
  doc: 'rises less falls over their sum, both smoothed as in RSI, -100 to 100; 0 when there was no move. Source: Chande and Kroll, The New Technical Trader (1994)',
  inputs: ['real'],
  options: [timeperiod(14, 2, 'period of the smoothing')],
  outputs: ['outReal'],
  lookback: ([period]) => period,
  compute([x], [period], [out]) {
    compareMoves(x, period, out, (gain, loss) => (isZero(gain + loss) ? 0 : 100 * ((gain - loss) / (gain + loss))))
  },
})
