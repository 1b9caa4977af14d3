import type { IndicatorOption } from './indicator.js'

// The widest ranges that TA-Lib accepts.
const MOST_ROWS = 100_000
const LARGEST = 3e37

/** Declares a number of rows. */
export const rows = (name: string, standard: number, min: number, doc: string): IndicatorOption => ({
  name,
  type: 'integer',
  default: standard,
  min,
  max: MOST_ROWS,
  doc,
})

/** Declares the number of rows that each value looks at. */
export const timeperiod = (standard: number, min: number, doc = 'rows that a value looks at'): IndicatorOption =>
  rows('timeperiod', standard, min, doc)

/** Declares a number that need not be whole. */
export const real = (
  name: string,
  standard: number,
  doc: string,
  min = -LARGEST,
  max: number = LARGEST,
): IndicatorOption => ({ name, type: 'real', default: standard, min, max, doc })

/** Declares the type of a moving average, by its number in `MA_TYPES`. */
export const maType = (name: string, of: string): IndicatorOption => ({
  name,
  type: 'ma',
  default: 0,
  min: 0,
  max: 8,
  doc: `type of moving average of ${of}: 0 SMA, 1 EMA, 2 WMA, 3 DEMA, 4 TEMA, 5 TRIMA, 6 KAMA, 7 MAMA, 8 T3`,
})
