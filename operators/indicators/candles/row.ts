import { Candles } from './candles.js'
import { pattern, signal } from './pattern.js'
import { bodyLong, bodyShort, equal, far, near, shadowLong, shadowShort, shadowVeryShort } from './size.js'

/** Patterns of three candles of one color in a row. */

const areBlack = (c: Candles, i: number) => c.isBlack(i - 2) && c.isBlack(i - 1) && c.isBlack(i)
const areWhite = (c: Candles, i: number) => c.isWhite(i - 2) && c.isWhite(i - 1) && c.isWhite(i)
const fall = (c: Candles, i: number) => c.close[i - 2] > c.close[i - 1] && c.close[i - 1] > c.close[i]
const rise = (c: Candles, i: number) => c.close[i] > c.close[i - 1] && c.close[i - 1] > c.close[i - 2]

/** Tells whether a candle opens inside or near the body of the white one before, above its open. */
const opensWithin = (c: Candles, i: number, close: number) =>
  c.open[i] > c.open[i - 1] && c.open[i] <= c.close[i - 1] + close

export const CDL3BLACKCROWS = pattern({
  name: 'CDL3BLACKCROWS',
  doc: 'three black candles that close ever lower and at their lows, each from inside the one before, after a white one',
  rows: 4,
  sizes: [shadowVeryShort(2), shadowVeryShort(1), shadowVeryShort(0)],
  match: (c, i, [first, second, third]) =>
    signal(
      c.isWhite(i - 3) &&
        areBlack(c, i) &&
        c.lower(i - 2) < first[i] &&
        c.lower(i - 1) < second[i] &&
        c.lower(i) < third[i] &&
        c.open[i - 1] < c.open[i - 2] &&
        c.open[i - 1] > c.close[i - 2] &&
        c.open[i] < c.open[i - 1] &&
        c.open[i] > c.close[i - 1] &&
        c.high[i - 3] > c.close[i - 2] &&
        fall(c, i),
      -1,
    ),
})

export const CDLIDENTICAL3CROWS = pattern({
  name: 'CDLIDENTICAL3CROWS',
  doc: 'three black candles that close ever lower and at their lows, each from the close before',
  rows: 3,
  sizes: [shadowVeryShort(2), shadowVeryShort(1), shadowVeryShort(0), equal(2), equal(1)],
  match: (c, i, [first, second, third, sameFirst, same]) =>
    signal(
      areBlack(c, i) &&
        c.lower(i - 2) < first[i] &&
        c.lower(i - 1) < second[i] &&
        c.lower(i) < third[i] &&
        fall(c, i) &&
        Candles.near(c.open[i - 1], c.close[i - 2], sameFirst[i]) &&
        Candles.near(c.open[i], c.close[i - 1], same[i]),
      -1,
    ),
})

export const CDL3STARSINSOUTH = pattern({
  name: 'CDL3STARSINSOUTH',
  doc: 'long black candle with a long lower shadow, a smaller one with a higher low, then a short one inside that',
  rows: 3,
  sizes: [bodyLong(2), shadowLong(2), shadowVeryShort(1), bodyShort(0), shadowVeryShort(0)],
  match: (c, i, [long, shadow, tinyBefore, short, tiny]) =>
    signal(
      areBlack(c, i) &&
        c.body(i - 2) > long[i] &&
        c.lower(i - 2) > shadow[i] &&
        c.body(i - 1) < c.body(i - 2) &&
        c.open[i - 1] > c.close[i - 2] &&
        c.open[i - 1] <= c.high[i - 2] &&
        c.low[i - 1] < c.close[i - 2] &&
        c.low[i - 1] >= c.low[i - 2] &&
        c.lower(i - 1) > tinyBefore[i] &&
        c.body(i) < short[i] &&
        c.lower(i) < tiny[i] &&
        c.upper(i) < tiny[i] &&
        c.low[i] > c.low[i - 1] &&
        c.high[i] < c.high[i - 1],
      1,
    ),
})

export const CDL3WHITESOLDIERS = pattern({
  name: 'CDL3WHITESOLDIERS',
  doc: 'three white candles that close ever higher and at their highs, each from inside the one before and not much smaller',
  rows: 3,
  sizes: [shadowVeryShort(2), shadowVeryShort(1), shadowVeryShort(0), near(2), near(1), far(2), far(1), bodyShort(0)],
  match: (c, i, [first, second, third, nearFirst, close, farFirst, distant, short]) =>
    signal(
      areWhite(c, i) &&
        c.upper(i - 2) < first[i] &&
        c.upper(i - 1) < second[i] &&
        c.upper(i) < third[i] &&
        rise(c, i) &&
        opensWithin(c, i - 1, nearFirst[i]) &&
        opensWithin(c, i, close[i]) &&
        c.body(i - 1) > c.body(i - 2) - farFirst[i] &&
        c.body(i) > c.body(i - 1) - distant[i] &&
        c.body(i) > short[i],
      1,
    ),
})

export const CDLADVANCEBLOCK = pattern({
  name: 'CDLADVANCEBLOCK',
  doc: 'three white candles that close ever higher, each from inside the one before, with ever smaller bodies or longer upper shadows',
  rows: 3,
  sizes: [near(2), near(1), bodyLong(2), shadowShort(2), shadowShort(1), shadowShort(0), far(2), far(1), shadowLong(0)],
  match(c, i, [nearFirst, close, long, briefFirst, briefBefore, brief, farFirst, distant, shadow]) {
    const advances =
      areWhite(c, i) &&
      rise(c, i) &&
      opensWithin(c, i - 1, nearFirst[i]) &&
      opensWithin(c, i, close[i]) &&
      c.body(i - 2) > long[i] &&
      c.upper(i - 2) < briefFirst[i]
    const shrinks = c.body(i) < c.body(i - 1)
    const weakens =
      (c.body(i - 1) < c.body(i - 2) - farFirst[i] && c.body(i) < c.body(i - 1) + close[i]) ||
      c.body(i) < c.body(i - 1) - distant[i] ||
      (shrinks && c.body(i - 1) < c.body(i - 2) && (c.upper(i) > brief[i] || c.upper(i - 1) > briefBefore[i])) ||
      (shrinks && c.upper(i) > shadow[i])
    return signal(advances && weakens, -1)
  },
})

export const CDLSTALLEDPATTERN = pattern({
  name: 'CDLSTALLEDPATTERN',
  doc: 'two long white candles, then a short white one at or above the close before',
  rows: 3,
  sizes: [bodyLong(2), bodyLong(1), bodyShort(0), shadowVeryShort(1), near(2), near(1)],
  match: (c, i, [first, second, short, tiny, nearFirst, close]) =>
    signal(
      areWhite(c, i) &&
        rise(c, i) &&
        c.body(i - 2) > first[i] &&
        c.body(i - 1) > second[i] &&
        c.upper(i - 1) < tiny[i] &&
        opensWithin(c, i - 1, nearFirst[i]) &&
        c.body(i) < short[i] &&
        c.open[i] >= c.close[i - 1] - c.body(i) - close[i],
      -1,
    ),
})
