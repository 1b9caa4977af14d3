export type Indicator = 'sma' | 'ewma'

/**
 * Computes a moving average of a series, NaN for null. A null row gives null and does not advance the average.
 * sma: mean of the last `window` values, null before there are as many. ewma: Σ(1-α)^i x_{t-i} / Σ(1-α)^i over all
 * values so far, α = 2/(window + 1).
 */
export function movingAverage(values: Float64Array, indicator: Indicator, window: number): Float64Array {
  return indicator === 'sma' ? simple(values, window) : exponential(values, window)
}

function simple(values: Float64Array, window: number): Float64Array {
  const out = new Float64Array(values.length)
  // The last `window` values, as a ring.
  const ring = new Float64Array(window)
  let seen = 0
  for (let i = 0; i < values.length; i++) {
    out[i] = NaN
    if (Number.isNaN(values[i])) continue
    ring[seen++ % window] = values[i]
    if (seen >= window) out[i] = sum(ring) / window
  }
  return out
}

/** Adds places of the ring in one order, so that a plateau stays one: a running sum drifts, and would make extrema. */
function sum(ring: Float64Array): number {
  let total = 0
  for (let i = 0; i < ring.length; i++) total += ring[i]
  return total
}

function exponential(values: Float64Array, window: number): Float64Array {
  const out = new Float64Array(values.length)
  const decay = 1 - 2 / (window + 1)
  let weighted = 0
  let weight = 0
  for (let i = 0; i < values.length; i++) {
    out[i] = NaN
    if (Number.isNaN(values[i])) continue
    weighted = values[i] + decay * weighted
    weight = 1 + decay * weight
    out[i] = weighted / weight
  }
  return out
}
