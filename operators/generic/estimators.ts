import * as z from 'zod'
import { ROUNDING } from '../statistics/rounding.js'

/** A column that an estimator reads. */
export interface EstimatorInput {
  /** Its name in an entry's `columns`. */
  role: string
  /** The column that is read when the entry names none. */
  column: string
  /** number: as doubles. key: distinct values numbered from 0, as doubles. NaN is null in both. */
  kind: 'number' | 'key'
}

/** A statistic of a group's rows, which come in ascending order of TimeBucket. */
export interface Estimator {
  /** What an entry's `variant` asks for. */
  variant: string
  /** Output name; `{q}` stands for the parameter of that name. */
  name: string
  unit: string
  doc: string
  formula: string
  /** Where the formula comes from. */
  source: string
  nullRule: string
  inputs: readonly EstimatorInput[]
  /** Schemas of an entry's `parameters`. */
  parameters: Record<string, z.ZodType>
  /** Computes it from the inputs in their order, a value a row each; NaN is null. */
  value(inputs: readonly Float64Array[], parameters: Record<string, number>): number
}

const number = (role: string, column: string): EstimatorInput => ({ role, column, kind: 'number' })

/**
 * Computes Amihud's illiquidity: the mean of abs(r)/v·10⁶ over rows with a return and a positive value traded v,
 * r = close over the last earlier close, less 1. NaN without such a row.
 */
export function amihud(close: Float64Array, value: Float64Array): number {
  let before = NaN
  let sum = 0
  let n = 0
  for (let i = 0; i < close.length; i++) {
    if (Number.isNaN(close[i])) continue
    const move = before === 0 ? NaN : Math.abs(close[i] / before - 1)
    before = close[i]
    if (Number.isNaN(move) || !(value[i] > 0)) continue
    sum += (move / value[i]) * 1e6
    n++
  }
  return n === 0 ? NaN : sum / n
}

const CURVATURE = 3 - 2 * Math.SQRT2

/**
 * Computes Corwin and Schultz's spread: the mean over consecutive rows of 2(e^α-1)/(1+e^α), negative ones as 0,
 * α = (√2β-√β)/(3-2√2) - √(γ/(3-2√2)), β the sum of both rows' ln²(high/low), γ ln² of their common high over low. Where
 * the first close lies outside the second range, that range is moved to it, as the paper does for nights. Rows without
 * positive prices are passed over. NaN below two rows.
 */
export function corwinSchultz(high: Float64Array, low: Float64Array, close: Float64Array): number {
  let before = -1
  let sum = 0
  let n = 0
  for (let i = 0; i < high.length; i++) {
    if (!(high[i] > 0 && low[i] > 0 && close[i] > 0)) continue
    if (before >= 0) {
      const gap = Math.max(0, low[i] - close[before]) + Math.min(0, high[i] - close[before])
      const [top, bottom] = [high[i] - gap, low[i] - gap]
      const beta = Math.log(high[before] / low[before]) ** 2 + Math.log(top / bottom) ** 2
      const gamma = Math.log(Math.max(high[before], top) / Math.min(low[before], bottom)) ** 2
      const alpha = (Math.sqrt(2 * beta) - Math.sqrt(beta)) / CURVATURE - Math.sqrt(gamma / CURVATURE)
      // 2(e^α-1)/(1+e^α), without overflow.
      sum += Math.max(0, 2 * Math.tanh(alpha / 2))
      n++
    }
    before = i
  }
  return n === 0 ? NaN : sum / n
}

/**
 * Computes Abdi and Ranaldo's spread, corrected by pairs: the mean over consecutive rows of √(4(c-η)(c-η₊)), negative
 * products as 0; c the first row's log close, η and η₊ the means of both rows' log high and low. Rows without positive
 * prices are passed over. NaN below two rows.
 */
export function abdiRanaldo(high: Float64Array, low: Float64Array, close: Float64Array): number {
  let middle = NaN
  let last = NaN
  let sum = 0
  let n = 0
  for (let i = 0; i < high.length; i++) {
    if (!(high[i] > 0 && low[i] > 0 && close[i] > 0)) continue
    const next = (Math.log(high[i]) + Math.log(low[i])) / 2
    if (!Number.isNaN(middle)) {
      sum += Math.sqrt(Math.max(0, 4 * (last - middle) * (last - next)))
      n++
    }
    middle = next
    last = Math.log(close[i])
  }
  return n === 0 ? NaN : sum / n
}

/**
 * Computes Var(r_q)/(q·Var(r_1)) of log returns over one and over q rows, the latter overlapping, both with ddof 1.
 * Rows without a positive close are passed over. NaN below two returns over q rows and without variance.
 */
export function varianceRatio(close: Float64Array, q: number): number {
  const logs = close.filter(price => price > 0).map(Math.log)
  return variance(logs, q) / (q * positive(variance(logs, 1)))
}

/** Returns the variance, with ddof 1, of changes over `lag` values; NaN below two. */
function variance(x: Float64Array, lag: number): number {
  const n = x.length - lag
  if (n < 2) return NaN
  const changes = new Float64Array(n)
  let sum = 0
  let most = 0
  for (let i = 0; i < n; i++) {
    sum += changes[i] = x[i + lag] - x[i]
    most = Math.max(most, Math.abs(x[i]), Math.abs(x[i + lag]))
  }
  let squares = 0
  for (let i = 0; i < n; i++) squares += (changes[i] - sum / n) ** 2
  const found = squares / (n - 1)
  // A price that grows by the same share each row has no variance but that of rounding.
  return Math.sqrt(found) > most * ROUNDING ? found : 0
}

const positive = (x: number): number => (x > 0 ? x : NaN)

/**
 * Computes the Herfindahl-Hirschman index of volume over listings: Σ share², 1 when all of it is on one. `listing`
 * numbers them from 0. Rows without volume or listing are passed over; NaN when there is no volume.
 */
export function venueHhi(volume: Float64Array, listing: Float64Array): number {
  let most = -1
  for (let i = 0; i < listing.length; i++) if (listing[i] > most) most = listing[i]
  const byListing = new Float64Array(most + 1)
  let total = 0
  for (let i = 0; i < volume.length; i++) {
    if (Number.isNaN(volume[i]) || Number.isNaN(listing[i])) continue
    byListing[listing[i]] += volume[i]
    total += volume[i]
  }
  // In the order in which the group meets them: how listings are numbered depends on rows of other groups.
  const added = new Uint8Array(byListing.length)
  let squares = 0
  for (let i = 0; i < listing.length; i++) {
    if (Number.isNaN(listing[i]) || added[listing[i]]) continue
    added[listing[i]] = 1
    squares += (byListing[listing[i]] / total) ** 2
  }
  return total > 0 ? squares : NaN
}

const RANGE = [number('high', 'High'), number('low', 'Low'), number('close', 'Close')]

/** The estimators of module generic (semantics 5.11). */
export const ESTIMATORS: readonly Estimator[] = [
  {
    variant: 'Amihud',
    name: 'Amihud',
    unit: 'per million EUR',
    doc: 'illiquidity: size of a return by a million EUR traded, on average',
    formula: 'mean abs(r)/NotionalEUR · 10⁶, r = C/C₋₁ - 1',
    source: 'Amihud (2002), Illiquidity and stock returns, J. Financial Markets 5, 31-56',
    nullRule: 'null without a row that has a return and a positive value traded',
    inputs: [number('close', 'Close'), number('notional', 'TradeTotalNotionalEUR')],
    parameters: {},
    value: ([close, notional]) => amihud(close, notional),
  },
  {
    variant: 'CorwinSchultz',
    name: 'CorwinSchultz',
    unit: 'share of price',
    doc: 'spread that highs and lows of consecutive rows imply; negative ones count as 0',
    formula: 'mean 2(e^α-1)/(1+e^α), α = (√2β-√β)/(3-2√2) - √(γ/(3-2√2)), β = Σ ln²(H/L) of two rows, γ of their range',
    source: 'Corwin and Schultz (2012), A simple way to estimate bid-ask spreads, J. Finance 67, 719-760',
    nullRule: 'null below two rows with positive prices',
    inputs: RANGE,
    parameters: {},
    value: ([high, low, close]) => corwinSchultz(high, low, close),
  },
  {
    variant: 'AbdiRanaldo',
    name: 'AbdiRanaldo',
    unit: 'share of price',
    doc: 'spread that closes, highs and lows of consecutive rows imply; negative ones count as 0',
    formula: 'mean √max(0, 4(c-η)(c-η₊)), c = ln C, η = (ln H + ln L)/2, η₊ that of the next row',
    source: 'Abdi and Ranaldo (2017), A simple estimation of bid-ask spreads, Rev. Financial Studies 30, 4437-4480',
    nullRule: 'null below two rows with positive prices',
    inputs: RANGE,
    parameters: {},
    value: ([high, low, close]) => abdiRanaldo(high, low, close),
  },
  {
    variant: 'VarianceRatio',
    name: 'VarianceRatio{q}',
    unit: '1',
    doc: 'variance of returns over q rows by q times that over one: 1 for a random walk, less for a reversion',
    formula: 'Var(r_q)/(q·Var(r_1)), overlapping log returns, ddof 1',
    source: 'Lo and MacKinlay (1988), Stock market prices do not follow random walks, Rev. Financial Studies 1, 41-66',
    nullRule: 'null below two returns over q rows, and without variance',
    inputs: [number('close', 'Close')],
    parameters: { q: z.int().min(2).default(2).describe('rows of the longer return') },
    value: ([close], { q }) => varianceRatio(close, q),
  },
  {
    variant: 'VenueHhi',
    name: 'VenueHhi',
    unit: '0…1',
    doc: 'concentration of volume on listings: 1 when all of it is on one',
    formula: 'Σ (volume of a listing / volume of all)²',
    source: 'Herfindahl-Hirschman index; Rhoades (1993), Federal Reserve Bulletin 79, 188-189',
    nullRule: 'null without volume',
    inputs: [number('volume', 'TradeTotalVolume'), { role: 'listing', column: 'ListingId', kind: 'key' }],
    parameters: {},
    value: ([volume, listing]) => venueHhi(volume, listing),
  },
]
