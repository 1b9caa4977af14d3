import { pearson } from '../statistics/pearson.js'
import { ascending, averageRanks } from '../statistics/ranks.js'

/** How well a series foretells another: its best lag, the correlation there and the pairs behind it. NaN r: none. */
export interface Lead {
  lag: number
  r: number
  pairs: number
}

export type Method = 'pearson' | 'spearman'

/** A series, NaN for null, and the positions of its values in ascending order, where ranks are asked for. */
export interface Series {
  values: Float64Array
  order: Int32Array | null
}

/** Makes a series; it is sorted once, whatever the number of lags and of others that it is compared with. */
export const seriesOf = (values: Float64Array, method: Method): Series => ({
  values,
  order: method === 'spearman' ? ascending(values) : null,
})

/**
 * Finds the lag l at which x_t and y_{t+l} correlate best, by their ranks when both have an order: greatest abs(r), the
 * smallest lag on ties. Lags are ascending; one with fewer than `minPeriods` pairs of values that are not NaN, or without
 * variance, is passed over.
 */
export function bestLead(x: Series, y: Series, lags: readonly number[], minPeriods: number): Lead {
  const best: Lead = { lag: 0, r: NaN, pairs: 0 }
  const rows = x.values.length
  const [a, b] = [new Float64Array(rows), new Float64Array(rows)]
  const [keepX, keepY] = [new Uint8Array(rows), new Uint8Array(rows)]
  for (const lag of lags) {
    let n = 0
    keepX.fill(0)
    keepY.fill(0)
    for (let i = 0; i + lag < rows; i++) {
      if (Number.isNaN(x.values[i]) || Number.isNaN(y.values[i + lag])) continue
      keepX[i] = keepY[i + lag] = 1
      n++
    }
    if (n < minPeriods) continue
    compact(x, keepX, a)
    compact(y, keepY, b)
    const r = pearson(a, b, n)
    if (Number.isNaN(r) || Math.abs(r) <= Math.abs(best.r)) continue
    Object.assign(best, { lag, r, pairs: n })
  }
  return best
}

/** Copies the marked values, or their ranks among themselves, to the front of `out`. */
function compact({ values, order }: Series, keep: Uint8Array, out: Float64Array): void {
  let from = values
  if (order) averageRanks(values, order, (from = new Float64Array(values.length)), keep)
  let n = 0
  for (let i = 0; i < keep.length; i++) if (keep[i]) out[n++] = from[i]
}

/** Returns t of a correlation: r·√((n-2)/(1-r²)); NaN where abs(r) is 1, and below three pairs. */
export function studentT({ r, pairs }: Lead): number {
  return Math.abs(r) < 1 && pairs > 2 ? r * Math.sqrt((pairs - 2) / ((1 - r) * (1 + r))) : NaN
}
