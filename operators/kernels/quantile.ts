import { type Cells, type Series, type SeriesKernel, seriesKernel } from '../../lib/core/index.js'

const FEW = 32 // values up to which inserting them one by one beats a call of the sort of typed arrays

/** Makes a series kernel whose value of a bucket depends on the non-null values of one input alone. */
function ofValues(
  name: string,
  doc: string,
  read: (sorted: Float64Array, count: number, q: number) => number,
  { empty = Number.NaN, result = 'f64' }: { empty?: number; result?: 'f64' | 'i64' } = {},
): SeriesKernel {
  return seriesKernel({
    name,
    doc,
    result,
    inputs: ['value'],
    scope: 'cell',
    unordered: true,
    evaluate({ columns: [values] }: Series, cells: Cells, out, parameters) {
      const q = Number(parameters.q ?? 0.5)
      const sorted = new Float64Array(mostRows(cells))
      for (let cell = 0; cell < cells.count; cell++) {
        const count = sortInto(sorted, values, cells.from[cell], cells.to[cell])
        out[cell] = count > 0 ? read(sorted, count, q) : empty
      }
    },
  })
}

function mostRows({ count, from, to }: Cells): number {
  let most = 0
  for (let cell = 0; cell < count; cell++) most = Math.max(most, to[cell] - from[cell])
  return most
}

/** Writes those of values[from..to) that are not null, ascending, -0 before 0; returns how many they are. */
function sortInto(sorted: Float64Array, values: Float64Array, from: number, to: number): number {
  const few = to - from <= FEW
  let count = 0
  let zeros = false
  for (let i = from; i < to; i++) {
    const value = values[i]
    if (Number.isNaN(value)) continue
    if (value === 0) zeros = true
    let at = count++
    if (few) for (; at > 0 && sorted[at - 1] > value; at--) sorted[at] = sorted[at - 1]
    sorted[at] = value
  }
  // Comparing leaves -0 and 0 as they come: the sort of typed arrays tells them apart.
  if (!few || zeros) sorted.subarray(0, count).sort()
  return count
}

/** Returns the value at quantile q of sorted values, linear between the two nearest (semantics 3.8). */
function atQuantile(sorted: Float64Array, count: number, q: number): number {
  const position = (count - 1) * q
  const below = Math.floor(position)
  if (below === position) return sorted[below]
  return sorted[below] + (sorted[below + 1] - sorted[below]) * (position - below)
}

/** Returns the median of the first `count` sorted values: the mean of the two middle ones. */
export function middle(sorted: ArrayLike<number>, count: number): number {
  const half = count >> 1
  return count % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
}

function countDistinct(sorted: Float64Array, count: number): number {
  let n = 1
  for (let i = 1; i < count; i++) if (sorted[i] !== sorted[i - 1]) n++
  return n
}

export const median = ofValues('median', 'exact median, the mean of the two middle values; null when empty', middle)
export const quantile = ofValues('quantile', 'quantile q in 0..1, linear interpolation; null when empty', atQuantile)
export const distinct = ofValues('distinct', 'number of distinct values; nulls skipped; 0 when empty', countDistinct, {
  empty: 0,
  result: 'i64',
})
