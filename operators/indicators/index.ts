import * as aroon from './aroon.js'
import * as bands from './bands.js'
import * as body from './body.js'
import { PATTERNS } from './candles/index.js'
import * as channelIndex from './channel-index.js'
import * as correlation from './correlation.js'
import * as cycle from './cycle.js'
import * as directionalMovement from './directional-movement.js'
import * as dispersion from './dispersion.js'
import * as extreme from './extreme.js'
import type { Indicator } from './indicator.js'
import * as macd from './macd.js'
import * as mathematics from './math.js'
import * as overlap from './overlap.js'
import * as parabolic from './parabolic.js'
import * as price from './price.js'
import * as priceOscillator from './price-oscillator.js'
import * as rateOfChange from './rate-of-change.js'
import * as regression from './regression.js'
import * as stochastic from './stochastic.js'
import * as trueRange from './true-range.js'
import * as ultimate from './ultimate.js'
import * as volume from './volume.js'
import * as wilder from './wilder.js'

export type { Indicator, IndicatorOption, InputName } from './indicator.js'
export { MA_TYPES } from './moving-average.js'
export { indicatorColumns } from './names.js'

const FAMILIES = [
  aroon,
  bands,
  body,
  channelIndex,
  correlation,
  cycle,
  directionalMovement,
  dispersion,
  extreme,
  macd,
  mathematics,
  overlap,
  parabolic,
  priceOscillator,
  price,
  rateOfChange,
  regression,
  stochastic,
  trueRange,
  ultimate,
  volume,
  wilder,
]

const isIndicator = (value: unknown): value is Indicator =>
  typeof value === 'object' && value !== null && 'compute' in value

const functions = FAMILIES.flatMap(family => Object.values<unknown>(family).filter(isIndicator))

/** Lists every indicator by its TA-Lib name. Unstable period 0 and TA-Lib's own compatibility, its defaults. */
export const INDICATORS: ReadonlyMap<string, Indicator> = new Map(
  [...functions, ...PATTERNS].map(found => [found.name, found]),
)
