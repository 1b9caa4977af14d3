import { Candles } from './candles.js'
import { opposite, pattern, signal } from './pattern.js'
import { bodyLong, bodyShort, equal, near } from './size.js'

/** Patterns of three candles in which the direction turns or pauses. */

export const CDL2CROWS = pattern({
  name: 'CDL2CROWS',
  doc: 'long white candle, a black one above its body, then a black one from inside that into the first',
  rows: 3,
  sizes: [bodyLong(2)],
  match: (c, i, [long]) =>
    signal(
      c.isWhite(i - 2) &&
        c.body(i - 2) > long[i] &&
        c.isBlack(i - 1) &&
        c.bodyAbove(i - 1, i - 2) &&
        c.isBlack(i) &&
        c.open[i] < c.open[i - 1] &&
        c.open[i] > c.close[i - 1] &&
        c.close[i] > c.open[i - 2] &&
        c.close[i] < c.close[i - 2],
      -1,
    ),
})

export const CDLUPSIDEGAP2CROWS = pattern({
  name: 'CDLUPSIDEGAP2CROWS',
  doc: 'long white candle, a short black one above its body, then a black one around that, still above the first',
  rows: 3,
  sizes: [bodyLong(2), bodyShort(1)],
  match: (c, i, [long, short]) =>
    signal(
      c.isWhite(i - 2) &&
        c.body(i - 2) > long[i] &&
        c.isBlack(i - 1) &&
        c.body(i - 1) <= short[i] &&
        c.bodyAbove(i - 1, i - 2) &&
        c.isBlack(i) &&
        c.open[i] > c.open[i - 1] &&
        c.close[i] < c.close[i - 1] &&
        c.close[i] > c.close[i - 2],
      -1,
    ),
})

export const CDL3INSIDE = pattern({
  name: 'CDL3INSIDE',
  doc: 'short body inside the long one before, then a candle of the other color beyond the open of the first',
  rows: 3,
  sizes: [bodyLong(2), bodyShort(1)],
  match(c, i, [long, short]) {
    const within = c.top(i - 1) < c.top(i - 2) && c.bottom(i - 1) > c.bottom(i - 2)
    const turns = c.isWhite(i - 2)
      ? c.isBlack(i) && c.close[i] < c.open[i - 2]
      : c.isWhite(i) && c.close[i] > c.open[i - 2]
    const fits = c.body(i - 2) > long[i] && c.body(i - 1) <= short[i]
    return signal(fits && within && turns, opposite(c.color(i - 2)))
  },
})

export const CDL3OUTSIDE = pattern({
  name: 'CDL3OUTSIDE',
  doc: 'body that covers the body before, of the opposite color, then a close further on',
  rows: 4,
  match(c, i) {
    const rises =
      c.isWhite(i - 1) &&
      c.isBlack(i - 2) &&
      c.close[i - 1] > c.open[i - 2] &&
      c.open[i - 1] < c.close[i - 2] &&
      c.close[i] > c.close[i - 1]
    const falls =
      c.isBlack(i - 1) &&
      c.isWhite(i - 2) &&
      c.open[i - 1] > c.close[i - 2] &&
      c.close[i - 1] < c.open[i - 2] &&
      c.close[i] < c.close[i - 1]
    return signal(rises || falls, c.color(i - 1))
  },
})

export const CDLGAPSIDESIDEWHITE = pattern({
  name: 'CDLGAPSIDESIDEWHITE',
  doc: 'two white candles of the same size and open, both beyond the body before on one side',
  rows: 3,
  sizes: [near(1), equal(1)],
  match(c, i, [close, same]) {
    const up = c.bodyAbove(i - 1, i - 2) && c.bodyAbove(i, i - 2)
    const down = c.bodyBelow(i - 1, i - 2) && c.bodyBelow(i, i - 2)
    const alike =
      c.isWhite(i - 1) &&
      c.isWhite(i) &&
      Candles.near(c.body(i), c.body(i - 1), close[i]) &&
      Candles.near(c.open[i], c.open[i - 1], same[i])
    return signal((up || down) && alike, up ? 1 : -1)
  },
})

export const CDLSTICKSANDWICH = pattern({
  name: 'CDLSTICKSANDWICH',
  doc: 'two black candles with the same close, and between them a white one above it',
  rows: 3,
  sizes: [equal(2)],
  match: (c, i, [same]) =>
    signal(
      c.isBlack(i - 2) &&
        c.isWhite(i - 1) &&
        c.isBlack(i) &&
        c.low[i - 1] > c.close[i - 2] &&
        Candles.near(c.close[i], c.close[i - 2], same[i]),
      1,
    ),
})

export const CDLTASUKIGAP = pattern({
  name: 'CDLTASUKIGAP',
  doc: 'candle beyond the body before, then one of its size and the other color from inside it into the gap',
  rows: 3,
  sizes: [near(1)],
  match(c, i, [close]) {
    const alike = Math.abs(c.body(i - 1) - c.body(i)) < close[i]
    const up =
      c.bodyAbove(i - 1, i - 2) &&
      c.isWhite(i - 1) &&
      c.isBlack(i) &&
      c.open[i] < c.close[i - 1] &&
      c.open[i] > c.open[i - 1] &&
      c.close[i] < c.open[i - 1] &&
      c.close[i] > c.top(i - 2)
    const down =
      c.bodyBelow(i - 1, i - 2) &&
      c.isBlack(i - 1) &&
      c.isWhite(i) &&
      c.open[i] < c.open[i - 1] &&
      c.open[i] > c.close[i - 1] &&
      c.close[i] > c.open[i - 1] &&
      c.close[i] < c.bottom(i - 2)
    return signal(alike && (up || down), c.color(i - 1))
  },
})

export const CDLUNIQUE3RIVER = pattern({
  name: 'CDLUNIQUE3RIVER',
  doc: 'long black candle, a black one inside its body with a lower low, then a short white one above that low',
  rows: 3,
  sizes: [bodyLong(2), bodyShort(0)],
  match: (c, i, [long, short]) =>
    signal(
      c.body(i - 2) > long[i] &&
        c.isBlack(i - 2) &&
        c.isBlack(i - 1) &&
        c.close[i - 1] > c.close[i - 2] &&
        c.open[i - 1] <= c.open[i - 2] &&
        c.low[i - 1] < c.low[i - 2] &&
        c.body(i) < short[i] &&
        c.isWhite(i) &&
        c.open[i] > c.low[i - 1],
      1,
    ),
})

export const CDLXSIDEGAP3METHODS = pattern({
  name: 'CDLXSIDEGAP3METHODS',
  doc: 'two candles of one color with a gap between them, then one of the other color from the second into the first',
  rows: 3,
  match(c, i) {
    const colors = c.color(i - 2) === c.color(i - 1) && c.color(i - 1) !== c.color(i)
    const closes = c.open[i] < c.top(i - 1) && c.open[i] > c.bottom(i - 1)
    const fills = c.close[i] < c.top(i - 2) && c.close[i] > c.bottom(i - 2)
    const gap = c.isWhite(i - 2) ? c.bodyAbove(i - 1, i - 2) : c.bodyBelow(i - 1, i - 2)
    return signal(colors && closes && fills && gap, c.color(i - 2))
  },
})
