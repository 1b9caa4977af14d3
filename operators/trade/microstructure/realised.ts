import {
  BasaltError,
  type ExprLike,
  type Metric,
  type Offer,
  series,
  widthFromSeconds,
} from '../../../lib/core/index.js'
import { durationTag } from '../duration.js'
import { quoteMid } from '../quote.js'
import { microstructure } from './family.js'

/** The grid that the literature settles on: short enough for many returns, long enough to mute the bounce. */
const USUAL_GRID_SECONDS = 300

const widthOf = (gridSeconds: number | null | undefined) => widthFromSeconds(gridSeconds ?? USUAL_GRID_SECONDS)

function gridOf(pick: string, gridSeconds: number | null, { bucketSeconds }: Offer): number {
  const width = widthOf(gridSeconds)
  if (bucketSeconds * 1e9 <= width) {
    throw new BasaltError(
      'config',
      `a grid of ${durationTag(width)} leaves ${pick} no return in buckets of ${bucketSeconds} s; set grid_seconds below`,
    )
  }
  return width
}

interface Source {
  prefix: string
  price: ExprLike
  words: string
}

const TRADE: Source = { prefix: 'Trade', price: 'LocalPrice', words: 'trade prices' }
const MID: Source = { prefix: 'Mid', price: quoteMid(), words: 'the mid of valid quotes at trades' }

/** Makes a realised measure of trade prices and of mids. `kernel` sees log returns of the grid. */
function realised(measure: string, kernel: string, formula: string, doc: string): [Metric, Metric] {
  const of = ({ prefix, price, words }: Source) =>
    microstructure({
      pick: prefix + measure,
      takes: ['grid_seconds'],
      name: ({ grid_seconds }) => `${prefix}${measure}${durationTag(widthOf(grid_seconds))}`,
      unit: '1',
      doc: `${doc}, of ${words} on a grid of grid_seconds from T0: the last of each slot, empty slots left out`,
      formula: `${formula}, r log returns of the grid inside the bucket`,
      merge: '–',
      empty: 'null',
      filter: 'price',
      uses: ({ grid_seconds }, offer) => ({
        measure: series(kernel, [price], {
          grid_ns: gridOf(prefix + measure, grid_seconds, offer),
          closed: offer.closed,
        }),
      }),
    })
  return [of(TRADE), of(MID)]
}

export const [tradeRealizedVariance, midRealizedVariance] = realised(
  'RealizedVariance',
  'realized_variance',
  'Σr²',
  'realised variance',
)

export const [tradeBipowerVariation, midBipowerVariation] = realised(
  'BipowerVariation',
  'bipower_variation',
  '(π/2)·Σ|r_i·r_{i-1}|',
  'variance without jumps (Barndorff-Nielsen, Shephard 2004)',
)

export const [tradeJumpVariation, midJumpVariation] = realised(
  'JumpVariation',
  'jump_variation',
  'Σr² - (π/2)·Σ|r_i·r_{i-1}|',
  'part of the variance that comes from jumps (Barndorff-Nielsen, Shephard 2004); noise may push it below 0',
)

export const [tradeSemivarianceDown, midSemivarianceDown] = realised(
  'RealizedSemivarianceDown',
  'realized_semivariance_down',
  'Σr² over r < 0',
  'variance of falls (Barndorff-Nielsen, Kinnebrock, Shephard 2010)',
)

export const [tradeSemivarianceUp, midSemivarianceUp] = realised(
  'RealizedSemivarianceUp',
  'realized_semivariance_up',
  'Σr² over r > 0',
  'variance of rises (Barndorff-Nielsen, Kinnebrock, Shephard 2010)',
)

export const [tradeRealizedSkew, midRealizedSkew] = realised(
  'RealizedSkew',
  'realized_skew',
  '√n·Σr³/(Σr²)^1.5',
  'realised skewness (Amaya, Christoffersen, Jacobs, Vasquez 2015)',
)

export const [tradeRealizedKurt, midRealizedKurt] = realised(
  'RealizedKurt',
  'realized_kurt',
  'n·Σr⁴/(Σr²)²',
  'realised kurtosis (Amaya, Christoffersen, Jacobs, Vasquez 2015)',
)

export const [tradeMedRv, midMedRv] = realised(
  'MedRV',
  'med_rv',
  'π/(6-4√3+π)·n/(n-2)·Σ med(|r_{i-1}|, |r_i|, |r_{i+1}|)²',
  'jump-robust variance by medians of three (Andersen, Dobrev, Schaumburg 2012)',
)

export const [tradeMinRv, midMinRv] = realised(
  'MinRV',
  'min_rv',
  'π/(π-2)·n/(n-1)·Σ min(|r_i|, |r_{i+1}|)²',
  'jump-robust variance by minima of two (Andersen, Dobrev, Schaumburg 2012)',
)
