import type { Frame } from '../../lib/core/index.js'
import { type Groups, gather, groupRows } from '../statistics/groups.js'
import { isConstant, pearson } from '../statistics/pearson.js'
import { ascending, averageRanks } from '../statistics/ranks.js'

/**
 * Rows of several listings, one listing after another in time, and the functions over them of which alphas are made.
 * A series has a value a row, NaN for null. Functions of a window look at the last `w` rows of the same listing, this one
 * among them, and are null until there are as many without a null.
 */
export class Panel {
  readonly rows: number
  private readonly starts: Int32Array
  /** Rows of the panel by TimeBucket. */
  private readonly sections: { rows: Int32Array; starts: Int32Array }

  constructor(frame: Frame, listings: Groups) {
    this.rows = frame.rows
    this.starts = listings.starts
    const place = new Int32Array(frame.rows)
    for (let i = 0; i < frame.rows; i++) place[listings.rows[i]] = i
    const { rows, starts } = groupRows(frame, [{ name: 'TimeBucket', type: 'ts' }])
    this.sections = { rows: rows.map(row => place[row]), starts }
  }

  /** Computes each row from values of the same row. */
  map(value: (...values: number[]) => number, ...series: Float64Array[]): Float64Array {
    const out = new Float64Array(this.rows)
    const [a, b, c, d] = series
    for (let i = 0; i < out.length; i++) out[i] = value(a[i], b?.[i], c?.[i], d?.[i])
    return out
  }

  /** Returns values of `w` rows before. */
  delay(x: Float64Array, w: number): Float64Array {
    const out = new Float64Array(this.rows).fill(NaN)
    for (let g = 0; g + 1 < this.starts.length; g++) {
      for (let i = this.starts[g] + w; i < this.starts[g + 1]; i++) out[i] = x[i - w]
    }
    return out
  }

  /** Returns changes over `w` rows. */
  delta(x: Float64Array, w: number): Float64Array {
    return this.map((now, before) => now - before, x, this.delay(x, w))
  }

  sum(x: Float64Array, w: number): Float64Array {
    return this.rolling(w, total, x)
  }

  mean(x: Float64Array, w: number): Float64Array {
    return this.rolling(w, window => total(window) / w, x)
  }

  /** Returns standard deviations with ddof 1. */
  sd(x: Float64Array, w: number): Float64Array {
    return this.rolling(w, deviation, x)
  }

  min(x: Float64Array, w: number): Float64Array {
    return this.rolling(w, window => window.reduce((a, b) => Math.min(a, b)), x)
  }

  max(x: Float64Array, w: number): Float64Array {
    return this.rolling(w, window => window.reduce((a, b) => Math.max(a, b)), x)
  }

  /** Returns the place of the greatest value, the first on ties; 0 is the oldest row of the window. */
  argmax(x: Float64Array, w: number): Float64Array {
    return this.rolling(w, window => window.reduce((best, value, i) => (value > window[best] ? i : best), 0), x)
  }

  /** Returns the percentile rank of the row's own value in its window, in 0…1, equal values having their mean rank. */
  timeRank(x: Float64Array, w: number): Float64Array {
    return this.rolling(w, lastRank, x)
  }

  /** Returns Pearson's correlations; null without variance. */
  correlation(x: Float64Array, y: Float64Array, w: number): Float64Array {
    return this.rolling(w, (a, b) => pearson(a, b, w), x, y)
  }

  /** Returns percentile ranks among the listings that have a value in the TimeBucket, in 0…1, ties by their mean rank. */
  rank(x: Float64Array): Float64Array {
    const out = new Float64Array(this.rows).fill(NaN)
    const { rows, starts } = this.sections
    for (let s = 0; s + 1 < starts.length; s++) {
      const own = rows.subarray(starts[s], starts[s + 1])
      const values = gather(x, own)
      const ranks = new Float64Array(values.length).fill(NaN)
      const ranked = averageRanks(values, ascending(values), ranks)
      for (let i = 0; i < own.length; i++) out[own[i]] = ranks[i] / ranked
    }
    return out
  }

  /** Computes each row from the windows of one or two series that end there; the arrays it is given are used again. */
  private rolling(
    w: number,
    value: (a: Float64Array, b: Float64Array) => number,
    x: Float64Array,
    y: Float64Array = x,
  ): Float64Array {
    const out = new Float64Array(this.rows).fill(NaN)
    const [a, b] = [new Float64Array(w), new Float64Array(w)]
    for (let g = 0; g + 1 < this.starts.length; g++) {
      let present = 0
      for (let i = this.starts[g]; i < this.starts[g + 1]; i++) {
        present = Number.isNaN(x[i]) || Number.isNaN(y[i]) ? 0 : present + 1
        if (present < w) continue
        for (let k = 0, row = i + 1 - w; k < w; k++, row++) {
          a[k] = x[row]
          b[k] = y[row]
        }
        out[i] = value(a, b)
      }
    }
    return out
  }
}

function total(window: Float64Array): number {
  let sum = 0
  for (let i = 0; i < window.length; i++) sum += window[i]
  return sum
}

function deviation(window: Float64Array): number {
  if (window.length < 2) return NaN
  // The mean of equal values may miss them by a bit.
  if (isConstant(window, window.length)) return 0
  const mean = total(window) / window.length
  let squares = 0
  for (let i = 0; i < window.length; i++) squares += (window[i] - mean) ** 2
  return Math.sqrt(squares / (window.length - 1))
}

function lastRank(window: Float64Array): number {
  const own = window[window.length - 1]
  let below = 0
  let equal = 0
  for (let i = 0; i < window.length; i++) {
    if (window[i] < own) below++
    else if (window[i] === own) equal++
  }
  return (below + (equal + 1) / 2) / window.length
}
