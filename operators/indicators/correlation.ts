import { type InputName, indicator } from './indicator.js'
import { timeperiod } from './option.js'
import { isZero, isZeroOrLess } from './zero.js'

const group = 'Statistic Functions'
const inputs: readonly InputName[] = ['real', 'real1']

/** Sums two series, their squares and their product over a window. */
class Sums {
  x = 0
  y = 0
  xx = 0
  yy = 0
  xy = 0

  add(x: number, y: number): void {
    this.x += x
    this.y += y
    this.xx += x * x
    this.yy += y * y
    this.xy += x * y
  }

  remove(x: number, y: number): void {
    this.x -= x
    this.y -= y
    this.xx -= x * x
    this.yy -= y * y
    this.xy -= x * y
  }
}

export const CORREL = indicator({
  name: 'CORREL',
  group,
  doc: "Pearson's correlation of two series over the last rows; 0 where one of them is constant",
  inputs,
  options: [timeperiod(30, 1)],
  outputs: ['outReal'],
  lookback: ([period]) => period - 1,
  compute([x, y], [period], [out]) {
    const sums = new Sums()
    for (let i = 0; i < out.length; i++) {
      if (i >= period) sums.remove(x[i - period], y[i - period])
      sums.add(x[i], y[i])
      const spread = (sums.xx - (sums.x * sums.x) / period) * (sums.yy - (sums.y * sums.y) / period)
      out[i] = isZeroOrLess(spread) ? 0 : (sums.xy - (sums.x * sums.y) / period) / Math.sqrt(spread)
    }
  },
})

/** Writes relative changes since the row before, from row 1; 0 where that is 0. */
function changes(x: Float64Array): Float64Array {
  const out = new Float64Array(x.length)
  for (let i = 1; i < x.length; i++) out[i] = isZero(x[i - 1]) ? 0 : (x[i] - x[i - 1]) / x[i - 1]
  return out
}

export const BETA = indicator({
  name: 'BETA',
  group,
  doc: 'slope of the relative changes of the second series on those of the first over the last rows; 0 where the first has no spread',
  inputs,
  options: [timeperiod(5, 1, 'changes that a value looks at')],
  outputs: ['outReal'],
  lookback: ([period]) => period,
  compute([first, second], [period], [out]) {
    const x = changes(first)
    const y = changes(second)
    const sums = new Sums()
    for (let i = 1; i < out.length; i++) {
      sums.add(x[i], y[i])
      if (i < period) continue
      const spread = period * sums.xx - sums.x * sums.x
      out[i] = isZero(spread) ? 0 : (period * sums.xy - sums.x * sums.y) / spread
      sums.remove(x[i - period + 1], y[i - period + 1])
    }
  },
})
