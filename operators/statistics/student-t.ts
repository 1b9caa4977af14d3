/** The square of t up to which the middle of the distribution is summed, rather than its tails. */
const MIDDLE = 3

/**
 * Returns the probability that Student's t with `df` degrees of freedom is farther from 0 than `t`:
 * I_x(df/2, 1/2) with x = df/(df + t²), I the regularised incomplete beta function (Abramowitz and Stegun 26.5.27,
 * 26.7.1). About 13 digits; NaN for NaN and without degrees of freedom.
 */
export function twoSidedProbability(t: number, df: number): number {
  if (Number.isNaN(t) || !(df > 0)) return NaN
  const ratio = (t * t) / df
  if (ratio === 0) return 1
  if (ratio === Infinity) return 0
  const a = df / 2
  const x = 1 / (1 + ratio)
  const y = ratio / (1 + ratio)
  // x^a·√y / B(a, 1/2), with 1/B = Γ(a + 1/2) / (Γ(a)·√π).
  const factor = (Math.exp(-a * Math.log1p(ratio)) * Math.sqrt(y) * halfStep(a)) / Math.sqrt(Math.PI)
  return t * t <= MIDDLE ? 1 - 2 * factor * series(a, y) : factor / fraction(a, x, y)
}

/** Shares of the series of Γ(a + 1/2) / (Γ(a)·√a) in 1/a, from 1/a on. */
const HALF_STEP = [-1 / 8, 1 / 128, 5 / 1024, -21 / 32768, -399 / 262144, 869 / 4194304]

/** Returns Γ(a + 1/2) / Γ(a): as a quotient, since the difference of two logarithms loses digits as a grows. */
function halfStep(a: number): number {
  let quotient = 1
  let at = a
  // The series is good to the last bit from 64 on; below, Γ(a + 1) = a·Γ(a) leads there.
  for (; at < 64; at++) quotient *= at / (at + 0.5)
  let series = 0
  for (let k = HALF_STEP.length - 1; k >= 0; k--) series = (series + HALF_STEP[k]) / at
  return quotient * Math.sqrt(at) * (1 + series)
}

/** Returns Σ_k (a + 1/2)_k / (3/2)_k · y^k, of which no term is negative (Abramowitz and Stegun 26.5.4, 15.3.3). */
function series(a: number, y: number): number {
  let sum = 1
  for (let k = 0, term = 1; term > sum * 1e-17; k++) {
    term *= (y * (a + 0.5 + k)) / (1.5 + k)
    sum += term
  }
  return sum
}

/** Terms of a fraction after which it counts as settled in any case; a dozen are usual. */
const MOST_TERMS = 10_000

/**
 * Evaluates the denominator of the continued fraction of I_x(a, 1/2), by Lentz's method from its head (DiDonato and
 * Morris 1992, equation 9). y = 1 - x is given, since the difference would lose what a small y is.
 */
function fraction(a: number, x: number, y: number): number {
  const b = 0.5
  const denominator = (m: number): number =>
    m + (m * (b - m) * x) / (a + 2 * m - 1) + ((a + m) * (a * y - b * x + 1 + m * (1 + y))) / (a + 2 * m + 1)
  // denominator(0), of which the second term is 0/0 where a is 1.
  let value = (a * (a * y - b * x + 1)) / (a + 1)
  let c = value
  let d = 0
  for (let m = 1; m <= MOST_TERMS; m++) {
    const numerator = ((a + m - 1) * (a + b + m - 1) * m * (b - m) * x * x) / (a + 2 * m - 1) ** 2
    d = 1 / (denominator(m) + numerator * d)
    c = denominator(m) + numerator / c
    value *= c * d
    if (Math.abs(c * d - 1) < 1e-15) break
  }
  return value
}
