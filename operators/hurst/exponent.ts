import { ROUNDING } from '../statistics/rounding.js'

/**
 * Estimates the Hurst exponent of the first `n` values of a series, all finite: H = 2·slope of ln τ on ln l over the lags
 * l = 2 … min(maxLag, n-1), τ(l) = √(population sd of x_{i+l} - x_i), by least squares (semantics 5.13). About ½ for a
 * random walk, more for a trend, less for a reversion. Lags without dispersion are left out. NaN below four values and
 * below two lags.
 */
export function hurstExponent(x: Float64Array, n: number, maxLag: number): number {
  if (n < 4) return NaN
  let most = 0
  for (let i = 0; i < n; i++) most = Math.max(most, Math.abs(x[i]))
  const last = Math.min(maxLag, n - 1)
  const logLag = new Float64Array(last)
  const logTau = new Float64Array(last)
  let lags = 0
  for (let lag = 2; lag <= last; lag++) {
    const sd = deviation(x, n, lag)
    if (!(sd > most * ROUNDING) || sd === Infinity) continue
    logLag[lags] = Math.log(lag)
    logTau[lags++] = Math.log(Math.sqrt(sd))
  }
  return lags < 2 ? NaN : 2 * slope(logLag, logTau, lags)
}

/** Returns the population standard deviation of the differences of a lag. */
function deviation(x: Float64Array, n: number, lag: number): number {
  const pairs = n - lag
  let sum = 0
  for (let i = 0; i < pairs; i++) sum += x[i + lag] - x[i]
  const mean = sum / pairs
  let squares = 0
  for (let i = 0; i < pairs; i++) {
    const off = x[i + lag] - x[i] - mean
    squares += off * off
  }
  return Math.sqrt(squares / pairs)
}

/** Returns the slope of the least-squares line through `n` points. */
function slope(x: Float64Array, y: Float64Array, n: number): number {
  let sumX = 0
  let sumY = 0
  for (let i = 0; i < n; i++) {
    sumX += x[i]
    sumY += y[i]
  }
  let xx = 0
  let xy = 0
  for (let i = 0; i < n; i++) {
    xx += (x[i] - sumX / n) ** 2
    xy += (x[i] - sumX / n) * (y[i] - sumY / n)
  }
  return xy / xx
}
