import { rowNumbers } from '../../lib/core/index.js'

/** Returns the positions of all values that are not NaN, in ascending order of value. */
export function ascending(values: Float64Array): Int32Array {
  const index = rowNumbers(values.length).filter(i => !Number.isNaN(values[i]))
  return index.sort((a, b) => values[a] - values[b])
}

/**
 * Writes ranks from 1 to `out[position]` for the positions that `order` lists in ascending order of value, leaving out
 * those that `keep` does not mark; equal values get the mean of their ranks. Returns how many were ranked.
 */
export function averageRanks(
  values: Float64Array,
  order: Int32Array,
  out: Float64Array,
  keep: Uint8Array | null = null,
): number {
  let ranked = 0
  for (let k = 0; k < order.length; ) {
    const value = values[order[k]]
    let end = k
    let equal = 0
    for (; end < order.length && values[order[end]] === value; end++) if (!keep || keep[order[end]]) equal++
    // Ranks ranked+1 … ranked+equal, their mean.
    const rank = ranked + (equal + 1) / 2
    for (; k < end; k++) out[order[k]] = rank
    ranked += equal
  }
  return ranked
}
