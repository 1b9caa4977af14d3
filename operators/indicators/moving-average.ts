import { kama } from './adaptive.js'
import { dema, ema, t3, tema } from './exponential.js'
import { MAMA_LOOKBACK, mama } from './mama.js'
import { sma, trima, wma } from './simple.js'

interface Average {
  lookback(period: number): number
  /** Writes rows `from + lookback(period)` and later of a series that begins at row `from`. */
  write(x: Float64Array, from: number, period: number, out: Float64Array): void
}

/** The types of moving average that an option may choose, at TA-Lib's numbers. */
const AVERAGES: readonly Average[] = [
  { lookback: period => period - 1, write: sma },
  { lookback: period => period - 1, write: ema },
  { lookback: period => period - 1, write: wma },
  { lookback: period => 2 * (period - 1), write: dema },
  { lookback: period => 3 * (period - 1), write: tema },
  { lookback: period => period - 1, write: trima },
  { lookback: period => period, write: kama },
  { lookback: () => MAMA_LOOKBACK, write: (x, from, _, out) => mama(x, from, out) },
  { lookback: period => 6 * (period - 1), write: t3 },
]

/** Names the types of moving average, at the numbers that an option of type `ma` takes. */
export const MA_TYPES = ['SMA', 'EMA', 'WMA', 'DEMA', 'TEMA', 'TRIMA', 'KAMA', 'MAMA', 'T3'] as const

/** Returns how many rows an average of a type needs before its first value; of period 1 none, whatever the type. */
export const averageLookback = (type: number, period: number): number =>
  period === 1 ? 0 : AVERAGES[type].lookback(period)

/** Averages a series that begins at row `from`; returns the first row written. Period 1 copies. */
export function average(type: number, x: Float64Array, from: number, period: number, out: Float64Array): number {
  const first = from + averageLookback(type, period)
  if (period === 1) out.set(x.subarray(from), from)
  else AVERAGES[type].write(x, from, period, out)
  return first
}
