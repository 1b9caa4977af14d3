import type { Indicator } from '../indicator.js'
import * as hammer from './hammer.js'
import * as hikkake from './hikkake.js'
import * as long from './long.js'
import * as neck from './neck.js'
import * as pair from './pair.js'
import * as row from './row.js'
import * as single from './single.js'
import * as star from './star.js'
import * as triple from './triple.js'

/** Lists the candle patterns, with TA-Lib's default settings of what is long, short, near and far. */
export const PATTERNS: readonly Indicator[] = [single, hammer, pair, neck, star, triple, row, long, hikkake].flatMap(
  family => Object.values<Indicator>(family),
)
