import { seriesKernel } from '../../lib/core/index.js'

/**
 * Estimates the spread from how prices bounce: 2√(-c), c the covariance of successive price changes.
 * Source: Roll, "A Simple Implicit Measure of the Effective Bid-Ask Spread in an Efficient Market", Journal of Finance
 * 39 (1984).
 */
export const roll = seriesKernel({
  name: 'roll',
  scope: 'cell',
  doc: '2√(-c), c the population covariance of successive price changes; null below three prices or when c ≥ 0',
  inputs: ['price'],
  evaluate({ columns: [price] }, cells, out) {
    for (let cell = 0; cell < cells.count; cell++) {
      const covariance = lagOneCovariance(changesOf(price.subarray(cells.from[cell], cells.to[cell])))
      out[cell] = covariance < 0 ? 2 * Math.sqrt(-covariance) : Number.NaN
    }
  },
})

/** Lists the changes from each price to the next; nulls are skipped. */
function changesOf(price: Float64Array): Float64Array {
  const known = price.filter(value => !Number.isNaN(value))
  return Float64Array.from({ length: Math.max(0, known.length - 1) }, (_, i) => known[i + 1] - known[i])
}

/** Returns the population covariance of the pairs (x_i, x_{i+1}), each side about its own mean; NaN without a pair. */
function lagOneCovariance(x: Float64Array): number {
  const pairs = x.length - 1
  let lead = 0
  let lag = 0
  for (let i = 0; i < pairs; i++) {
    lead += x[i]
    lag += x[i + 1]
  }
  let total = 0
  for (let i = 0; i < pairs; i++) total += (x[i] - lead / pairs) * (x[i + 1] - lag / pairs)
  return pairs < 1 ? Number.NaN : total / pairs
}
