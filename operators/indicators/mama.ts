import { DEGREES, DominantCycle } from './hilbert.js'

export const MAMA_LOOKBACK = 32

/**
 * Averages with a weight that grows with the speed at which the phase of the dominant cycle moves, between two limits,
 * and follows that average with half its weight. Over a series that begins at row `from`; writes rows `from + 32` and
 * later. Source: Ehlers, Technical Analysis of Stocks & Commodities 19:9 (2001).
 */
export function mama(
  x: Float64Array,
  from: number,
  out: Float64Array,
  following?: Float64Array,
  fastLimit = 0.5,
  slowLimit = 0.05,
): void {
  const cycle = new DominantCycle(x, from, 9)
  let phaseBefore = 0
  let average = 0
  let follower = 0
  while (cycle.row < x.length - 1) {
    cycle.next()
    const { row, inPhase, quadrature } = cycle
    const phase = inPhase !== 0 ? Math.atan(quadrature / inPhase) * DEGREES : 0
    const move = phaseBefore - phase
    phaseBefore = phase
    const weight = move > 1 ? Math.max(fastLimit / move, slowLimit) : fastLimit
    average = weight * x[row] + (1 - weight) * average
    follower = 0.5 * weight * average + (1 - 0.5 * weight) * follower
    if (row < from + MAMA_LOOKBACK) continue
    out[row] = average
    if (following) following[row] = follower
  }
}
