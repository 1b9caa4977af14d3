import { BasaltError } from '../../lib/core/index.js'
import { kama } from './adaptive.js'
import { dema, ema, t3, tema } from './exponential.js'
import { indicator } from './indicator.js'
import { MAMA_LOOKBACK, mama } from './mama.js'
import { average, averageLookback } from './moving-average.js'
import { maType, real, rows, timeperiod } from './option.js'
import { sma, trima, wma } from './simple.js'

const group = 'Overlap Studies'

/** Declares a moving average of a fixed type, by its number among `MA_TYPES`. */
function ofType(name: string, doc: string, write: typeof sma, lookback: (period: number) => number) {
  return indicator({
    name,
    group,
    doc,
    inputs: ['real'],
    options: [timeperiod(30, 1, 'rows that an average spans')],
    outputs: ['outReal'],
    lookback: ([period]) => lookback(period),
    compute: ([x], [period], [out]) => write(x, 0, period, out),
  })
}

const window = (period: number) => period - 1
const MULLOY = 'Source: Mulloy, Technical Analysis of Stocks & Commodities 12:1 (1994)'

export const SMA = ofType('SMA', 'mean of the last rows', sma, window)
export const EMA = ofType(
  'EMA',
  'mean that gives the newest value the weight 2 / (timeperiod + 1); starts as the mean of the first rows',
  ema,
  window,
)
export const WMA = ofType('WMA', 'mean of the last rows with weights that rise by one a row', wma, window)
export const TRIMA = ofType(
  'TRIMA',
  'mean of the last rows with weights that rise to the middle and fall again',
  trima,
  window,
)
export const DEMA = ofType('DEMA', `twice an EMA less its EMA. ${MULLOY}`, dema, period => 2 * (period - 1))
export const TEMA = ofType(
  'TEMA',
  `three times the difference of an EMA and its EMA, plus the EMA of that. ${MULLOY}`,
  tema,
  period => 3 * (period - 1),
)
export const KAMA = ofType(
  'KAMA',
  'mean that follows faster where the series moves one way. Source: Kaufman, Smarter Trading (1995)',
  (x, from, period, out) => (period === 1 ? out.set(x) : kama(x, from, period, out)),
  period => averageLookback(6, period),
)

export const T3 = indicator({
  name: 'T3',
  group,
  doc: 'weighted sum of an EMA taken three to six times. Source: Tillson, Technical Analysis of Stocks & Commodities 16:1 (1998)',
  inputs: ['real'],
  options: [timeperiod(5, 1, 'period of each average'), real('vfactor', 0.7, 'smooth (0) to quick (1)', 0, 1)],
  outputs: ['outReal'],
  lookback: ([period]) => 6 * (period - 1),
  compute: ([x], [period, factor], [out]) => t3(x, 0, period, out, factor),
})

export const MAMA = indicator({
  name: 'MAMA',
  group,
  doc: "mean whose weight follows the phase of the series' cycle, and a slower one that follows it. Source: Ehlers, Technical Analysis of Stocks & Commodities 19:9 (2001)",
  inputs: ['real'],
  options: [
    real('fastlimit', 0.5, 'largest weight of the newest value', 0.01, 0.99),
    real('slowlimit', 0.05, 'smallest weight of the newest value', 0.01, 0.99),
  ],
  outputs: ['outMAMA', 'outFAMA'],
  lookback: () => MAMA_LOOKBACK,
  compute: ([x], [fast, slow], [out, following]) => mama(x, 0, out, following, fast, slow),
})

export const MA = indicator({
  name: 'MA',
  group,
  doc: 'moving average of a type',
  inputs: ['real'],
  options: [timeperiod(30, 1, 'rows that an average spans; 1 copies'), maType('matype', 'the series')],
  outputs: ['outReal'],
  lookback: ([period, type]) => averageLookback(type, period),
  compute([x], [period, type], [out]) {
    average(type, x, 0, period, out)
  },
})

export const MAVP = indicator({
  name: 'MAVP',
  group,
  doc: 'moving average whose period is read from a series, row by row, and kept between two bounds',
  inputs: ['real', 'periods'],
  options: [
    rows('minperiod', 2, 1, 'shortest period'),
    rows('maxperiod', 30, 1, 'longest period'),
    maType('matype', 'the series'),
  ],
  outputs: ['outReal'],
  lookback: ([, longest, type]) => averageLookback(type, longest),
  compute([x, periods], [shortest, longest, type], [out]) {
    if (shortest > longest)
      throw new BasaltError('config', `MAVP: minperiod ${shortest} is above maxperiod ${longest}; swap them`)
    const start = averageLookback(type, longest)
    const wanted = new Int32Array(x.length)
    for (let i = start; i < x.length; i++) {
      const period = Math.trunc(periods[i])
      wanted[i] = period < shortest ? shortest : period > longest ? longest : period
    }
    const averaged = new Float64Array(x.length)
    for (const period of new Set(wanted.subarray(start))) {
      average(type, x, start - averageLookback(type, period), period, averaged)
      for (let i = start; i < x.length; i++) if (wanted[i] === period) out[i] = averaged[i]
    }
  },
})
