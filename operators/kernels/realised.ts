import { type SeriesKernel, seriesKernel } from '../../lib/core/index.js'
import { slotOf } from './slots.js'

/**
 * Makes a realised measure: a function of the log returns between the last prices of successive grid slots of a
 * bucket. Slots without a price are left out, so a return may span several. Fewer than `least` returns give null.
 */
function realised(name: string, formula: string, least: number, measure: (r: Float64Array) => number): SeriesKernel {
  return seriesKernel({
    name,
    span: true,
    scope: 'cell',
    doc: `${formula} over log returns of a grid of grid_ns, counted from the bucket's start; null below ${least} returns`,
    inputs: ['price'],
    evaluate({ time, columns: [price] }, cells, out, { grid_ns, closed }) {
      for (let cell = 0; cell < cells.count; cell++) {
        const [from, to, start] = [cells.from[cell], cells.to[cell], cells.start[cell]]
        const returns = gridReturns(time.subarray(from, to), price.subarray(from, to), start, Number(grid_ns), closed)
        out[cell] = returns.length < least ? Number.NaN : measure(returns)
      }
    },
  })
}

/** Returns log returns between the last positive prices of successive slots. */
function gridReturns(
  time: Float64Array,
  price: Float64Array,
  start: number,
  width: number,
  closed: unknown,
): Float64Array {
  const closes: number[] = []
  let slot = -1
  for (let i = 0; i < price.length; i++) {
    if (!(price[i] > 0)) continue
    const here = slotOf(time[i], start, width, closed)
    if (here === slot) closes[closes.length - 1] = price[i]
    else closes.push(price[i])
    slot = here
  }
  return Float64Array.from({ length: Math.max(0, closes.length - 1) }, (_, i) => Math.log(closes[i + 1] / closes[i]))
}

/** Adds `term(r_i, i)` for i in from..n, left to right. */
function total(r: Float64Array, term: (value: number, i: number) => number, from = 0): number {
  let sum = 0
  for (let i = from; i < r.length; i++) sum += term(r[i], i)
  return sum
}

const variance = (r: Float64Array) => total(r, x => x * x)
const bipower = (r: Float64Array) => (Math.PI / 2) * total(r, (x, i) => Math.abs(x) * Math.abs(r[i - 1]), 1)

export const realizedVariance = realised('realized_variance', 'Σr²', 1, variance)

/** Source: Barndorff-Nielsen, Shephard, Journal of Financial Econometrics 2 (2004), also for the jump part. */
export const bipowerVariation = realised('bipower_variation', '(π/2)·Σ|r_i·r_{i-1}|', 2, bipower)
export const jumpVariation = realised('jump_variation', 'Σr² - (π/2)·Σ|r_i·r_{i-1}|', 2, r => variance(r) - bipower(r))

/** Source: Barndorff-Nielsen, Kinnebrock, Shephard, in Volatility and Time Series Econometrics, Oxford (2010). */
export const semivarianceDown = realised('realized_semivariance_down', 'Σr² of falls', 1, r =>
  total(r, x => (x < 0 ? x * x : 0)),
)
export const semivarianceUp = realised('realized_semivariance_up', 'Σr² of rises', 1, r =>
  total(r, x => (x > 0 ? x * x : 0)),
)

/** Source: Amaya, Christoffersen, Jacobs, Vasquez, Journal of Financial Economics 118 (2015), also for the kurtosis. */
export const realizedSkew = realised(
  'realized_skew',
  '√n·Σr³/(Σr²)^1.5',
  1,
  r => (Math.sqrt(r.length) * total(r, x => x ** 3)) / variance(r) ** 1.5,
)
export const realizedKurt = realised(
  'realized_kurt',
  'n·Σr⁴/(Σr²)²',
  1,
  r => (r.length * total(r, x => x ** 4)) / variance(r) ** 2,
)

/** Source: Andersen, Dobrev, Schaumburg, Journal of Econometrics 169 (2012), also for minRv. */
export const medRv = realised('med_rv', 'π/(6-4√3+π)·n/(n-2)·Σmed(|r_{i-1}|, |r_i|, |r_{i+1}|)²', 3, r => {
  const scale = (Math.PI / (6 - 4 * Math.sqrt(3) + Math.PI)) * (r.length / (r.length - 2))
  return scale * total(r, (x, i) => middle(Math.abs(r[i - 2]), Math.abs(r[i - 1]), Math.abs(x)) ** 2, 2)
})
export const minRv = realised('min_rv', 'π/(π-2)·n/(n-1)·Σmin(|r_i|, |r_{i+1}|)²', 2, r => {
  const scale = (Math.PI / (Math.PI - 2)) * (r.length / (r.length - 1))
  return scale * total(r, (x, i) => Math.min(Math.abs(r[i - 1]), Math.abs(x)) ** 2, 1)
})

function middle(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))
}
