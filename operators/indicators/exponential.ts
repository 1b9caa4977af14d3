/**
 * Exponential moving averages and what is made of chains of them, over series that begin at row `from`. An average
 * starts as the mean of the first `period` values.
 */

/** Averages with weight 2 / (period + 1) for the newest value. Writes rows `from + period - 1` and later. */
export function ema(
  x: Float64Array,
  from: number,
  period: number,
  out: Float64Array,
  weight: number = 2 / (period + 1),
): void {
  const first = from + period - 1
  let sum = 0
  for (let i = from; i <= first; i++) sum += x[i]
  let average = sum / period
  out[first] = average
  for (let i = first + 1; i < x.length; i++) {
    average = (x[i] - average) * weight + average
    out[i] = average
  }
}

/** Takes the average of the average `depth` times and returns them all, the first first. */
export function emaChain(x: Float64Array, from: number, period: number, depth: number): Float64Array[] {
  const chain: Float64Array[] = []
  for (let k = 0; k < depth; k++) {
    const out = new Float64Array(x.length)
    ema(chain[k - 1] ?? x, from + k * (period - 1), period, out)
    chain.push(out)
  }
  return chain
}

/**
 * Averages with less lag: twice the average less its average. Writes rows `from + 2 (period - 1)` and later.
 * Source: Mulloy, Technical Analysis of Stocks & Commodities 12:1 (1994).
 */
export function dema(x: Float64Array, from: number, period: number, out: Float64Array): void {
  const [first, second] = emaChain(x, from, period, 2)
  for (let i = from + 2 * (period - 1); i < x.length; i++) out[i] = 2 * first[i] - second[i]
}

/** Averages with less lag still, by three averages. Writes rows `from + 3 (period - 1)` and later. Source: as `dema`. */
export function tema(x: Float64Array, from: number, period: number, out: Float64Array): void {
  const [first, second, third] = emaChain(x, from, period, 3)
  for (let i = from + 3 * (period - 1); i < x.length; i++) out[i] = third[i] + (3 * first[i] - 3 * second[i])
}

/**
 * Averages six times and weighs the last four, so that `factor` trades smoothness for lag. Writes rows
 * `from + 6 (period - 1)` and later. Source: Tillson, Technical Analysis of Stocks & Commodities 16:1 (1998).
 */
export function t3(x: Float64Array, from: number, period: number, out: Float64Array, factor = 0.7): void {
  const [, , third, fourth, fifth, sixth] = emaChain(x, from, period, 6)
  const square = factor * factor
  const cube = square * factor
  const c1 = -cube
  const c2 = 3 * (square + cube)
  const c3 = -6 * square - 3 * (factor + cube)
  const c4 = 1 + 3 * factor + cube + 3 * square
  for (let i = from + 6 * (period - 1); i < x.length; i++) {
    out[i] = c1 * sixth[i] + c2 * fifth[i] + c3 * fourth[i] + c4 * third[i]
  }
}
