import * as bands from './bands.js'
import * as dispersion from './dispersion.js'
import type { Indicator } from './indicator.js'
import * as macd from './macd.js'
import * as overlap from './overlap.js'
import * as rateOfChange from './rate-of-change.js'
import * as trueRange from './true-range.js'
import * as wilder from './wilder.js'

export type { Indicator, IndicatorOption, InputName } from './indicator.js'
export { MA_TYPES } from './moving-average.js'
export { indicatorColumns } from './names.js'

const FAMILIES = [bands, dispersion, macd, overlap, rateOfChange, trueRange, wilder]

const isIndicator = (value: unknown): value is Indicator =>
  typeof value === 'object' && value !== null && 'compute' in value

/** Lists every indicator by its TA-Lib name. Unstable period 0 and TA-Lib's own compatibility, its defaults. */
export const INDICATORS: ReadonlyMap<string, Indicator> = new Map(
  FAMILIES.flatMap(family => Object.values<unknown>(family).filter(isIndicator)).map(found => [found.name, found]),
)
