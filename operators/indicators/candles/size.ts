import type { Candles } from './candles.js'

type Measure = (candles: Candles, i: number) => number

const body: Measure = (candles, i) => candles.body(i)
const range: Measure = ({ high, low }, i) => high[i] - low[i]
const shadows: Measure = (candles, i) => candles.upper(i) + candles.lower(i)

/** A size to compare with: a share of the mean measure of the `rows` candles before one, or of its own with no rows. */
export interface Size {
  measure: Measure
  rows: number
  factor: number
  /** How many rows back the candle is that is compared. */
  back: number
}

// TA-Lib's default settings. Both shadows count, so their mean is halved.
const size = (measure: Measure, rows: number, factor: number) => (back: number) => ({ measure, rows, factor, back })
export const bodyLong = size(body, 10, 1)
export const bodyShort = size(body, 10, 1)
export const bodyDoji = size(range, 10, 0.1)
export const shadowLong = size(body, 0, 1)
export const shadowVeryLong = size(body, 0, 2)
export const shadowShort = size(shadows, 10, 1)
export const shadowVeryShort = size(range, 10, 0.1)
export const near = size(range, 5, 0.2)
export const far = size(range, 5, 0.6)
export const equal = size(range, 5, 0.05)

/**
 * Writes the size for each row from `start`: of the candle `back` rows before that row. The sum moves on by the
 * difference of what comes and what goes, as TA-Lib's does: candles often are exactly as large as the mean.
 */
export function sizes(candles: Candles, { measure, rows, factor, back }: Size, start: number): Float64Array {
  const out = new Float64Array(candles.open.length)
  const divisor = measure === shadows ? 2 : 1
  let sum = 0
  for (let i = start - back - rows; i < start - back; i++) sum += measure(candles, i)
  for (let i = start; i < out.length; i++) {
    const at = i - back
    out[i] = (factor * (rows === 0 ? measure(candles, at) : sum / rows)) / divisor
    if (rows > 0) sum += measure(candles, at) - measure(candles, at - rows)
  }
  return out
}
