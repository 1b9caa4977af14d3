import { indicator } from './indicator.js'
import { average, averageLookback } from './moving-average.js'
import { maType, rows } from './option.js'
import { isZero } from './zero.js'

const options = [
  rows('fastperiod', 12, 2, 'period of the fast average'),
  rows('slowperiod', 26, 2, 'period of the slow average'),
  maType('matype', 'both'),
]

const wait = ([a, b, type]: readonly number[]) => Math.max(averageLookback(type, a), averageLookback(type, b))

type Compare = (fast: number, slow: number) => number

function oscillator(name: string, doc: string, compare: Compare) {
  return indicator({
    name,
    group: 'Momentum Indicators',
    doc,
    inputs: ['real'],
    options,
    outputs: ['outReal'],
    lookback: wait,
    compute([x], values, [out]) {
      const [a, b, type] = values
      const fast = Math.min(a, b)
      const slow = Math.max(a, b)
      const slowAverage = new Float64Array(x.length)
      // Both begin at the first row, unlike those of MACD.
      average(type, x, 0, fast, out)
      average(type, x, 0, slow, slowAverage)
      for (let i = wait(values); i < x.length; i++) out[i] = compare(out[i], slowAverage[i])
    },
  })
}

export const APO = oscillator('APO', 'a fast moving average less a slow one', (fast, slow) => fast - slow)
export const PPO = oscillator(
  'PPO',
  'a fast moving average less a slow one, in percent of the slow one; 0 where that is 0',
  (fast, slow) => (isZero(slow) ? 0 : ((fast - slow) / slow) * 100),
)
