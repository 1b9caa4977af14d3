/** Bars of one listing as columns of equal length. In columns of numbers, NaN stands for null. */
export interface Bars {
  /** Labels in ms since the Unix epoch, UTC, ascending; fractions are kept to the microsecond. */
  times: Float64Array
  /** The date each bar belongs to, in days since the epoch: closed hours lie between two of them. */
  days: Int32Array
  /** Null draws `close` as a line. */
  candles: { open: Float64Array; high: Float64Array; low: Float64Array } | null
  close: Float64Array
  volume: Float64Array | null
  lines: Line[]
}

/** An indicator. */
export interface Line {
  name: string
  values: Float64Array
}

/** Tells whether a bar has all that its mark needs. */
export function hasPrice({ candles, close }: Bars, i: number): boolean {
  const sum = candles ? candles.open[i] + candles.high[i] + candles.low[i] + close[i] : close[i]
  return !Number.isNaN(sum)
}

/** Returns the least and the greatest of some columns, or undefined when all of it is null. */
export function extentOf(...columns: Float64Array[]): { low: number; high: number } | undefined {
  let low = Infinity
  let high = -Infinity
  for (const values of columns) {
    for (let i = 0; i < values.length; i++) {
      if (values[i] < low) low = values[i]
      if (values[i] > high) high = values[i]
    }
  }
  return low <= high ? { low, high } : undefined
}

/**
 * Returns the width of the buckets in ms, as the least distance of two labels, and whether every distance is a multiple
 * of it, as it is on a grid. One bar is taken for a minute of trading.
 */
export function widthOf(times: Float64Array): { width: number; regular: boolean } {
  let width = Infinity
  for (let i = 1; i < times.length; i++) {
    const step = times[i] - times[i - 1]
    if (step > 0 && step < width) width = step
  }
  if (width === Infinity) return { width: 60_000, regular: false }
  width = Math.max(1e-3, Math.round(width * 1e3) / 1e3) // doubles of today's ms differ by a quarter of a microsecond
  let regular = true
  for (let i = 1; i < times.length && regular; i++) {
    const steps = (times[i] - times[i - 1]) / width
    regular = Math.abs(steps - Math.round(steps)) < 1e-6
  }
  return { width, regular }
}
