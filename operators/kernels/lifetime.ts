/** Survival that rounding alone keeps above one half counts as one half. */
const HALF = 0.5 + 1e-12

/**
 * Returns the Kaplan-Meier median of lifetimes, both lists ascending: the least time at which no more than half are
 * estimated to live on; NaN when there is none. At a time at which some end and others are censored, the latter are
 * still at risk.
 * Source: Kaplan, Meier, Journal of the American Statistical Association 53 (1958).
 */
export function medianLifetime(ended: Float64Array, censored: Float64Array): number {
  let survival = 1
  let censoredBefore = 0
  for (let i = 0; i < ended.length; ) {
    const time = ended[i]
    while (censoredBefore < censored.length && censored[censoredBefore] < time) censoredBefore++
    const atRisk = ended.length - i + censored.length - censoredBefore
    const first = i
    while (i < ended.length && ended[i] === time) i++
    survival *= (atRisk - (i - first)) / atRisk
    if (survival <= HALF) return time
  }
  return Number.NaN
}
