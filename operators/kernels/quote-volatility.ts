import { type Cells, type Series, seriesKernel } from '../../lib/core/index.js'
import { middle } from './quantile.js'

const NS_PER_SECOND = 1e9

/** How the values of several windows become one. */
export const WINDOW_AGGREGATIONS = ['Min', 'Max', 'Mean', 'Median', 'Std', 'Last', 'TWMean', 'TWStd'] as const
type WindowAggregation = (typeof WINDOW_AGGREGATIONS)[number]

/**
 * Annualises the dispersion of log returns of a quoted price: of its last value at each instant, or of the last one of
 * each slot of `subsample` seconds from the start of the bucket on (semantics 5.3). With `window`, one value for each
 * window of the bucket, then `aggregate` over those.
 */
export const quoteVolatility = seriesKernel({
  name: 'quote_volatility',
  doc: 'annualised standard deviation of log returns of a price that is quoted; null with fewer than two returns',
  inputs: ['price'],
  span: true,
  scope: 'cell',
  evaluate(series, cells, out, { annualisation_seconds: year, subsample, window, aggregate, left }) {
    const slot = typeof subsample === 'number' ? subsample * NS_PER_SECOND : 0
    const wide = typeof window === 'number' ? window * NS_PER_SECOND : 0
    for (let cell = 0; cell < cells.count; cell++) {
      const end = cells.end[cell]
      if (wide === 0) {
        const points = pointsOf(series, cells, cell, cells.start[cell], slot, left === true)
        out[cell] = annualised(points.prices, 0, points.prices.length, Number(year), slot, end - cells.start[cell])
        continue
      }
      out[cell] = overWindows(
        series,
        cells,
        cell,
        wide,
        slot,
        Number(year),
        left === true,
        aggregate as WindowAggregation,
      )
    }
  },
})

interface Points {
  times: number[]
  prices: number[]
}

/** Lists the last price of each instant, or of each slot that has one. */
function pointsOf(
  { time, columns: [price] }: Series,
  { from, to }: Cells,
  cell: number,
  start: number,
  slot: number,
  left: boolean,
): Points {
  const points: Points = { times: [], prices: [] }
  let last = Number.NaN
  for (let row = from[cell]; row < to[cell]; row++) {
    if (Number.isNaN(price[row])) continue
    const place = slot > 0 ? slotOf(time[row] - start, slot, left) : time[row]
    if (place === last) points.prices[points.prices.length - 1] = price[row]
    else {
      points.times.push(time[row])
      points.prices.push(price[row])
    }
    last = place
  }
  return points
}

/** Numbers the slot of an instant, `offset` ns after the first slot begins; edges belong to a slot as to a bucket. */
const slotOf = (offset: number, slot: number, left: boolean): number =>
  left ? Math.floor(offset / slot) : Math.ceil(offset / slot) - 1

/** sd·√(K·n/B), or sd·√(K/s) where returns are s ns apart; n returns in B ns. */
function annualised(prices: number[], from: number, to: number, year: number, slot: number, width: number): number {
  const returns: number[] = []
  for (let i = from + 1; i < to; i++) {
    const value = Math.log(prices[i] / prices[i - 1])
    if (Number.isFinite(value)) returns.push(value)
  }
  const n = returns.length
  if (n < 2) return Number.NaN
  const perYear = slot > 0 ? (year * NS_PER_SECOND) / slot : (year * NS_PER_SECOND * n) / width
  return deviation(returns) * Math.sqrt(perYear)
}

/** Returns the sample standard deviation, by Welford's recurrence (semantics 3.8). */
function deviation(values: readonly number[]): number {
  let mean = 0
  let m2 = 0
  for (const [i, value] of values.entries()) {
    const delta = value - mean
    mean += delta / (i + 1)
    m2 += delta * (value - mean)
  }
  return Math.sqrt(m2 / (values.length - 1))
}

function overWindows(
  series: Series,
  cells: Cells,
  cell: number,
  wide: number,
  slot: number,
  year: number,
  left: boolean,
  aggregate: WindowAggregation,
): number {
  const start = cells.start[cell]
  const { times, prices } = pointsOf(series, cells, cell, start, slot, left)
  const values: number[] = []
  const weights: number[] = []
  for (let from = 0; from < times.length; ) {
    const window = slotOf(times[from] - start, wide, left)
    let to = from + 1
    while (to < times.length && slotOf(times[to] - start, wide, left) === window) to++
    const value = annualised(prices, from, to, year, slot, wide)
    if (Number.isFinite(value)) {
      values.push(value)
      weights.push(to - from - 1)
    }
    from = to
  }
  return combined(values, weights, aggregate)
}

function combined(values: readonly number[], weights: readonly number[], aggregate: WindowAggregation): number {
  if (values.length === 0) return Number.NaN
  switch (aggregate) {
    case 'Min':
      return Math.min(...values)
    case 'Max':
      return Math.max(...values)
    case 'Mean':
      return values.reduce((sum, value) => sum + value, 0) / values.length
    case 'Median':
      return middle(
        [...values].sort((a, b) => a - b),
        values.length,
      )
    case 'Std':
      return values.length < 2 ? Number.NaN : deviation(values)
    case 'Last':
      return values[values.length - 1]
    case 'TWMean':
      return weighted(values, weights)
    case 'TWStd': {
      const mean = weighted(values, weights)
      return Math.sqrt(
        weighted(
          values.map(value => (value - mean) ** 2),
          weights,
        ),
      )
    }
  }
}

function weighted(values: readonly number[], weights: readonly number[]): number {
  let sum = 0
  let total = 0
  for (const [i, value] of values.entries()) {
    sum += value * weights[i]
    total += weights[i]
  }
  return sum / total
}
