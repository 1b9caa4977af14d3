import { isConstant, unitRatio } from '../statistics/pearson.js'

/** How module correlation smooths: see `softCorrelation`. */
export interface SoftOptions {
  alpha: number
  signOnly: boolean
  recenter: boolean
  normalisation: 'l2' | 'mean' | 'max' | 'none'
  fullNormAlphaScale: boolean
}

/**
 * Computes the soft correlation of the first `n` values of two series, which it overwrites: each is made signs, centred
 * and divided by its norm as the options say; c(x,y) = mean sign(xy)·abs(xy)^α, then sign(c)·abs(c)^(1/α), over
 * √(c(x,x)·c(y,y)). α = 1 is the cosine of the two, and Pearson's correlation once centred. NaN below two values, and
 * where a series has no variance or is all zero (semantics 5.13).
 */
export function softCorrelation(x: Float64Array, y: Float64Array, n: number, options: SoftOptions): number {
  if (isConstant(x, n) || isConstant(y, n)) return NaN
  prepare(x, n, options)
  prepare(y, n, options)
  return unitRatio(smoothed(x, y, n, options), smoothed(x, x, n, options), smoothed(y, y, n, options))
}

function prepare(x: Float64Array, n: number, { signOnly, recenter, normalisation }: SoftOptions): void {
  if (signOnly) for (let i = 0; i < n; i++) x[i] = Math.sign(x[i])
  if (recenter) {
    // Signs may have become constant: their mean is then exact, and what is left is zero.
    let sum = 0
    for (let i = 0; i < n; i++) sum += x[i]
    const mean = sum / n
    for (let i = 0; i < n; i++) x[i] -= mean
  }
  const norm = normOf(x, n, normalisation)
  if (norm > 0) for (let i = 0; i < n; i++) x[i] /= norm
}

/** Returns a series' norm: root of the sum of squares, mean or maximum of the absolute values, or 1. */
function normOf(x: Float64Array, n: number, normalisation: SoftOptions['normalisation']): number {
  if (normalisation === 'none') return 1
  let squares = 0
  let sizes = 0
  let most = 0
  for (let i = 0; i < n; i++) {
    const size = Math.abs(x[i])
    squares += size * size
    sizes += size
    if (size > most) most = size
  }
  if (normalisation === 'l2') return Math.sqrt(squares)
  return normalisation === 'mean' ? sizes / n : most
}

function smoothed(x: Float64Array, y: Float64Array, n: number, { alpha, fullNormAlphaScale }: SoftOptions): number {
  let sum = 0
  if (alpha === 1) for (let i = 0; i < n; i++) sum += x[i] * y[i]
  else for (let i = 0; i < n; i++) sum += signedPower(x[i] * y[i], alpha)
  const mean = sum / n
  return alpha === 1 || !fullNormAlphaScale ? mean : signedPower(mean, 1 / alpha)
}

const signedPower = (x: number, exponent: number): number => Math.sign(x) * Math.abs(x) ** exponent
