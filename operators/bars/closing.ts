/** What bars accumulate until they close. */
export const BAR_TYPES = ['tick', 'volume', 'notional', 'imbalance'] as const
export type BarType = (typeof BAR_TYPES)[number]

/** Trades in total order. */
export interface Trades {
  prices: Float64Array
  sizes: Float64Array
  /** +1, -1 or 0; only bars of imbalance need it. */
  directions: Float64Array | null
}

/** Returns what each trade adds; a notional is one rounded product. */
export function addends(type: BarType, { prices, sizes, directions }: Trades): Float64Array {
  if (type === 'tick') return new Float64Array(sizes.length).fill(1)
  if (type === 'volume') return sizes
  const factors = (type === 'notional' ? prices : directions) as Float64Array
  const products = new Float64Array(sizes.length)
  for (let i = 0; i < products.length; i++) products[i] = factors[i] * sizes[i]
  return products
}

/**
 * Returns the last trade of each bar: the one with which the absolute sum of what was added since the last bar reaches
 * the threshold. The sums go from left to right, each from 0. Trades after the last bar that closed are an open bar.
 * Sizes that are integers close bars exactly: what is below a threshold of at most 2^53 - 1 is exact in doubles.
 */
export function closingTrades(added: Float64Array, threshold: number): Int32Array {
  const ends = new Int32Array(added.length)
  let bars = 0
  let total = 0
  for (let i = 0; i < added.length; i++) {
    total += added[i]
    if (Math.abs(total) < threshold) continue
    ends[bars++] = i
    total = 0
  }
  return ends.subarray(0, bars)
}
