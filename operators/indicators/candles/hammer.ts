import { pattern, signal } from './pattern.js'
import { bodyShort, near, shadowLong, shadowVeryShort } from './size.js'

/** Patterns of a short body with one long shadow, told apart by the candle before. */

const shape = [bodyShort(0), shadowLong(0), shadowVeryShort(0)]

export const CDLHAMMER = pattern({
  name: 'CDLHAMMER',
  doc: 'short body above a long shadow, near the low before or below it',
  rows: 2,
  sizes: [...shape, near(1)],
  match: (c, i, [short, long, tiny, close]) =>
    signal(
      c.body(i) < short[i] && c.lower(i) > long[i] && c.upper(i) < tiny[i] && c.bottom(i) <= c.low[i - 1] + close[i],
      1,
    ),
})

export const CDLHANGINGMAN = pattern({
  name: 'CDLHANGINGMAN',
  doc: 'short body above a long shadow, near the high before or above it',
  rows: 2,
  sizes: [...shape, near(1)],
  match: (c, i, [short, long, tiny, close]) =>
    signal(
      c.body(i) < short[i] && c.lower(i) > long[i] && c.upper(i) < tiny[i] && c.bottom(i) >= c.high[i - 1] - close[i],
      -1,
    ),
})

export const CDLINVERTEDHAMMER = pattern({
  name: 'CDLINVERTEDHAMMER',
  doc: 'short body below a long shadow, under the body before',
  rows: 2,
  sizes: shape,
  match: (c, i, [short, long, tiny]) =>
    signal(c.body(i) < short[i] && c.upper(i) > long[i] && c.lower(i) < tiny[i] && c.bodyBelow(i, i - 1), 1),
})

export const CDLSHOOTINGSTAR = pattern({
  name: 'CDLSHOOTINGSTAR',
  doc: 'short body below a long shadow, over the body before',
  rows: 2,
  sizes: shape,
  match: (c, i, [short, long, tiny]) =>
    signal(c.body(i) < short[i] && c.upper(i) > long[i] && c.lower(i) < tiny[i] && c.bodyAbove(i, i - 1), -1),
})
