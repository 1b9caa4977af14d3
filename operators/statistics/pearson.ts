/**
 * Computes Pearson's correlation of the first `n` values of two series, none of them NaN: Σ(x-x̄)(y-ȳ) over
 * √(Σ(x-x̄)²·Σ(y-ȳ)²), each sum left to right. NaN below two values and where a series is constant.
 */
export function pearson(x: Float64Array, y: Float64Array, n: number): number {
  // A constant's mean may miss it by a bit, and noise over noise is no correlation: constants are told by comparison.
  if (isConstant(x, n) || isConstant(y, n)) return NaN
  let sumX = 0
  let sumY = 0
  for (let i = 0; i < n; i++) {
    sumX += x[i]
    sumY += y[i]
  }
  const meanX = sumX / n
  const meanY = sumY / n
  let xx = 0
  let yy = 0
  let xy = 0
  for (let i = 0; i < n; i++) {
    const dx = x[i] - meanX
    const dy = y[i] - meanY
    xx += dx * dx
    yy += dy * dy
    xy += dx * dy
  }
  return unitRatio(xy, xx, yy)
}

/** Tells whether the first `n` values are all the same; fewer than two are. */
export function isConstant(values: Float64Array, n: number): boolean {
  for (let i = 1; i < n; i++) if (values[i] !== values[0]) return false
  return true
}

/** Returns xy/√(xx·yy), kept in -1…1 against rounding; NaN where a denominator is zero. */
export function unitRatio(xy: number, xx: number, yy: number): number {
  const product = xx * yy
  // √(a·a) is exactly a, which makes equal series correlate by exactly 1; a product out of range is taken apart.
  const inRange = product > 1e-290 && product < Infinity
  const ratio = xy / (inRange ? Math.sqrt(product) : Math.sqrt(xx) * Math.sqrt(yy))
  return ratio > 1 ? 1 : ratio < -1 ? -1 : ratio
}
