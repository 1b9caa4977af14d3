import type { Cells, Parameters, Series, SeriesKernel } from '../../../lib/core/index.js'

/** One bucket: its span and the rows in it, as [time, ...inputs]. */
export interface Bucket {
  span: [start: number, end: number]
  rows: number[][]
}

/** Evaluates a series kernel over the buckets of one listing and day. */
export function evaluate(kernel: SeriesKernel, buckets: Bucket[], parameters: Parameters = {}): number[] {
  const rows = buckets.flatMap(bucket => bucket.rows)
  const series: Series = {
    length: rows.length,
    time: Float64Array.from(rows, row => row[0]),
    columns: kernel.inputs.map((_, c) => Float64Array.from(rows, row => row[c + 1])),
  }
  const sizes = buckets.map(bucket => bucket.rows.length)
  const to = Int32Array.from(sizes, (_, c) => sizes.slice(0, c + 1).reduce((a, b) => a + b, 0))
  const cells: Cells = {
    count: buckets.length,
    from: Int32Array.from(to, (end, c) => end - sizes[c]),
    to,
    start: Float64Array.from(buckets, ({ span }) => span[0]),
    end: Float64Array.from(buckets, ({ span }) => span[1]),
  }
  const out = new Float64Array(buckets.length)
  kernel.evaluate(series, cells, out, parameters)
  return [...out]
}

/** Lays prices out one a step, the first one step after `start`. */
export function steps(prices: number[], step = 1, start = 0): Bucket {
  const rows = prices.map((price, i) => [start + (i + 1) * step, price])
  return { span: [start, start + prices.length * step], rows }
}

/** Tells whether two doubles agree to a relative 1e-12, or are both null. */
export function close(a: number, b: number, tolerance = 1e-12): boolean {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b)
  return Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b))
}
