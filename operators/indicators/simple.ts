/**
 * Moving averages of windows, over series that begin at row `from`. Each writes rows `from + period - 1` and later,
 * adds the newest value before it takes off the oldest, and divides last: TA-Lib's order, and so its rounding.
 */

/** Sums the last `period` values. */
export function movingSum(x: Float64Array, from: number, period: number, out: Float64Array): void {
  let sum = 0
  const first = from + period - 1
  for (let i = from; i < first; i++) sum += x[i]
  for (let i = first; i < x.length; i++) {
    sum += x[i]
    out[i] = sum
    sum -= x[i - period + 1]
  }
}

/** Averages the last `period` values, equally weighted. */
export function sma(x: Float64Array, from: number, period: number, out: Float64Array): void {
  movingSum(x, from, period, out)
  for (let i = from + period - 1; i < x.length; i++) out[i] /= period
}

/** Averages the last `period` values with weights 1 (oldest) to `period` (newest). */
export function wma(x: Float64Array, from: number, period: number, out: Float64Array): void {
  const divider = (period * (period + 1)) / 2
  const first = from + period - 1
  let plain = 0
  let weighted = 0
  for (let i = from; i < first; i++) {
    plain += x[i]
    weighted += x[i] * (i - from + 1)
  }
  let leaving = 0
  for (let i = first; i < x.length; i++) {
    plain += x[i]
    plain -= leaving
    weighted += x[i] * period
    leaving = x[i - period + 1]
    out[i] = weighted / divider
    weighted -= plain
  }
}

/** Averages with weights that rise to the middle of the window and fall again: an average of averages. */
export function trima(x: Float64Array, from: number, period: number, out: Float64Array): void {
  const inner = Math.ceil(period / 2)
  const averages = new Float64Array(x.length)
  sma(x, from, inner, averages)
  sma(averages, from + inner - 1, period - inner + 1, out)
}
