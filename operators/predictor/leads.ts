import { pearson } from '../statistics/pearson.js'
import { ascending, averageRanks } from '../statistics/ranks.js'

/** How well a series foretells another: its best lag, the correlation there and the pairs behind it. NaN r: none. */
export interface Lead {
  lag: number
  r: number
  pairs: number
}

/**
 * Finds the lag l at which x_t and y_{t+l} correlate best: greatest abs(r), the smallest lag on ties. Lags are ascending;
 * one with fewer than `minPeriods` pairs of values that are not NaN, or without variance, is passed over.
 */
export function bestLead(
  x: Float64Array,
  y: Float64Array,
  lags: readonly number[],
  minPeriods: number,
  method: 'pearson' | 'spearman',
): Lead {
  const best: Lead = { lag: 0, r: NaN, pairs: 0 }
  const [a, b] = [new Float64Array(x.length), new Float64Array(x.length)]
  for (const lag of lags) {
    let n = 0
    for (let i = 0; i + lag < x.length; i++) {
      if (Number.isNaN(x[i]) || Number.isNaN(y[i + lag])) continue
      a[n] = x[i]
      b[n++] = y[i + lag]
    }
    if (n < minPeriods) continue
    const r = method === 'pearson' ? pearson(a, b, n) : pearson(ranked(a, n), ranked(b, n), n)
    if (Number.isNaN(r) || Math.abs(r) <= Math.abs(best.r)) continue
    Object.assign(best, { lag, r, pairs: n })
  }
  return best
}

function ranked(values: Float64Array, n: number): Float64Array {
  const own = values.subarray(0, n)
  const ranks = new Float64Array(n)
  averageRanks(own, ascending(own), ranks)
  return ranks
}

/** Returns t of a correlation: r·√((n-2)/(1-r²)); NaN where abs(r) is 1, and below three pairs. */
export function studentT({ r, pairs }: Lead): number {
  return Math.abs(r) < 1 && pairs > 2 ? r * Math.sqrt((pairs - 2) / ((1 - r) * (1 + r))) : NaN
}
