import { type Indicator, indicator } from '../indicator.js'
import { Candles } from './candles.js'
import { BARS, group, OUTPUTS } from './pattern.js'
import { near, sizes } from './size.js'

/** How many rows after a pattern its confirmation may come. */
const CONFIRMS_WITHIN = 3

/** Tells whether a candle lies strictly inside the one before. */
const isInside = ({ high, low }: Candles, i: number): boolean => high[i] < high[i - 1] && low[i] > low[i - 1]

/** Returns 1 where a candle breaks out of the one before downwards, -1 upwards: the break is taken to fail. Else 0. */
function failingBreak({ high, low }: Candles, i: number): -1 | 0 | 1 {
  if (high[i] < high[i - 1] && low[i] < low[i - 1]) return 1
  return high[i] > high[i - 1] && low[i] > low[i - 1] ? -1 : 0
}

function hikkake(
  name: string,
  doc: string,
  start: number,
  prepare: (c: Candles) => (i: number) => -1 | 0 | 1,
): Indicator {
  return indicator({
    name,
    group,
    doc: `${doc}; 100 or -100 by the direction in which it is to fail, 200 or -200 when a close within three rows confirms it`,
    inputs: BARS,
    options: [],
    outputs: OUTPUTS,
    lookback: () => start,
    compute([open, high, low, close], _, [out]) {
      const candles = new Candles(open, high, low, close)
      const find = prepare(candles)
      let at = 0
      let sign = 0
      for (let i = start - CONFIRMS_WITHIN; i < out.length; i++) {
        const found = find(i)
        out[i] = 100 * found
        if (found !== 0) {
          sign = found
          at = i
        } else if (
          at > 0 &&
          i <= at + CONFIRMS_WITHIN &&
          ((sign > 0 && close[i] > high[at - 1]) || (sign < 0 && close[i] < low[at - 1]))
        ) {
          out[i] = 200 * sign
          at = 0
        }
      }
    },
  })
}

export const CDLHIKKAKE = hikkake(
  'CDLHIKKAKE',
  'candle inside the one before, then one that breaks out of it',
  5,
  c => i => (isInside(c, i - 1) ? failingBreak(c, i) : 0),
)

export const CDLHIKKAKEMOD = hikkake(
  'CDLHIKKAKEMOD',
  'two candles each inside the one before, the first closing near its extreme, then one that breaks out beyond that',
  10,
  c => {
    const close = sizes(c, near(2), 7)
    return i => {
      if (!isInside(c, i - 2) || !isInside(c, i - 1)) return 0
      const found = failingBreak(c, i)
      if (found === 1) return c.close[i - 2] <= c.low[i - 2] + close[i] ? 1 : 0
      return found === -1 && c.close[i - 2] >= c.high[i - 2] - close[i] ? -1 : 0
    }
  },
)
