import { type Cells, type Series, type SeriesKernel, seriesKernel } from '../../lib/core/index.js'

/** Makes a series kernel whose value of a bucket depends on the non-null values of one input alone. */
function ofValues(
  name: string,
  doc: string,
  read: (sorted: Float64Array, q: number) => number,
  { empty = Number.NaN, result = 'f64' }: { empty?: number; result?: 'f64' | 'i64' } = {},
): SeriesKernel {
  return seriesKernel({
    name,
    doc,
    result,
    inputs: ['value'],
    evaluate({ columns: [values] }: Series, cells: Cells, out, parameters) {
      const q = Number(parameters.q ?? 0.5)
      for (let cell = 0; cell < cells.count; cell++) {
        const sorted = values
          .slice(cells.from[cell], cells.to[cell])
          .filter(value => !Number.isNaN(value))
          .sort()
        out[cell] = sorted.length ? read(sorted, q) : empty
      }
    },
  })
}

/** Returns the value at quantile q of sorted values, linear between the two nearest (semantics 3.8). */
function atQuantile(sorted: Float64Array, q: number): number {
  const position = (sorted.length - 1) * q
  const below = Math.floor(position)
  if (below === position) return sorted[below]
  return sorted[below] + (sorted[below + 1] - sorted[below]) * (position - below)
}

function middle(sorted: Float64Array): number {
  const half = sorted.length >> 1
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
}

function countDistinct(sorted: Float64Array): number {
  let n = 1
  for (let i = 1; i < sorted.length; i++) if (sorted[i] !== sorted[i - 1]) n++
  return n
}

export const median = ofValues('median', 'exact median, the mean of the two middle values; null when empty', middle)
export const quantile = ofValues('quantile', 'quantile q in 0..1, linear interpolation; null when empty', atQuantile)
export const distinct = ofValues('distinct', 'number of distinct values; nulls skipped; 0 when empty', countDistinct, {
  empty: 0,
  result: 'i64',
})
