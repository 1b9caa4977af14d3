import { Candles } from './candles.js'
import { opposite, pattern, signal } from './pattern.js'
import { bodyDoji, bodyLong, bodyShort, equal, shadowVeryShort } from './size.js'

/** Patterns of two candles. */

export const CDLCOUNTERATTACK = pattern({
  name: 'CDLCOUNTERATTACK',
  doc: 'two long candles of opposite colors with the same close',
  rows: 2,
  sizes: [bodyLong(1), bodyLong(0), equal(1)],
  match: (c, i, [first, second, same]) =>
    signal(
      c.color(i - 1) !== c.color(i) &&
        c.body(i - 1) > first[i] &&
        c.body(i) > second[i] &&
        Candles.near(c.close[i], c.close[i - 1], same[i]),
      c.color(i),
    ),
})

export const CDLDARKCLOUDCOVER = pattern({
  name: 'CDLDARKCLOUDCOVER',
  doc: 'long white candle, then a black one from above its high deep into its body',
  rows: 2,
  sizes: [bodyLong(1)],
  penetration: 0.5,
  match: (c, i, [long], share) =>
    signal(
      c.isWhite(i - 1) &&
        c.body(i - 1) > long[i] &&
        c.isBlack(i) &&
        c.open[i] > c.high[i - 1] &&
        c.close[i] > c.open[i - 1] &&
        c.close[i] < c.close[i - 1] - c.body(i - 1) * share,
      -1,
    ),
})

export const CDLDOJISTAR = pattern({
  name: 'CDLDOJISTAR',
  doc: 'long candle, then a doji beyond its body in its direction',
  rows: 2,
  sizes: [bodyLong(1), bodyDoji(0)],
  match: (c, i, [long, doji]) =>
    signal(
      c.body(i - 1) > long[i] &&
        c.body(i) <= doji[i] &&
        (c.isWhite(i - 1) ? c.bodyAbove(i, i - 1) : c.bodyBelow(i, i - 1)),
      opposite(c.color(i - 1)),
    ),
})

export const CDLENGULFING = pattern({
  name: 'CDLENGULFING',
  doc: 'body that covers the body before, of the opposite color; 80 where they share an end',
  rows: 3,
  match(c, i) {
    if (c.color(i) === c.color(i - 1)) return 0
    const over = c.top(i) - c.top(i - 1)
    const under = c.bottom(i - 1) - c.bottom(i)
    if (over < 0 || under < 0 || (over === 0 && under === 0)) return 0
    return c.color(i) * (over > 0 && under > 0 ? 100 : 80)
  },
})

/** Compares a small body with the long one before: 100 inside it, 80 where they share an end. */
function inside(c: Candles, i: number, fits: boolean): number {
  if (!fits || c.top(i) > c.top(i - 1) || c.bottom(i) < c.bottom(i - 1)) return 0
  const strict = c.top(i) < c.top(i - 1) && c.bottom(i) > c.bottom(i - 1)
  return -c.color(i - 1) * (strict ? 100 : 80)
}

export const CDLHARAMI = pattern({
  name: 'CDLHARAMI',
  doc: 'short body inside the long one before; 80 where they share an end',
  rows: 2,
  sizes: [bodyLong(1), bodyShort(0)],
  match: (c, i, [long, short]) => inside(c, i, c.body(i - 1) > long[i] && c.body(i) <= short[i]),
})

export const CDLHARAMICROSS = pattern({
  name: 'CDLHARAMICROSS',
  doc: 'doji inside the long body before; 80 where they share an end',
  rows: 2,
  sizes: [bodyLong(1), bodyDoji(0)],
  match: (c, i, [long, doji]) => inside(c, i, c.body(i - 1) > long[i] && c.body(i) <= doji[i]),
})

export const CDLHOMINGPIGEON = pattern({
  name: 'CDLHOMINGPIGEON',
  doc: 'short black body inside the long black one before',
  rows: 2,
  sizes: [bodyLong(1), bodyShort(0)],
  match: (c, i, [long, short]) =>
    signal(
      c.isBlack(i - 1) &&
        c.isBlack(i) &&
        c.body(i - 1) > long[i] &&
        c.body(i) <= short[i] &&
        c.open[i] < c.open[i - 1] &&
        c.close[i] > c.close[i - 1],
      1,
    ),
})

export const CDLMATCHINGLOW = pattern({
  name: 'CDLMATCHINGLOW',
  doc: 'two black candles with the same close',
  rows: 2,
  sizes: [equal(1)],
  match: (c, i, [same]) =>
    signal(c.isBlack(i - 1) && c.isBlack(i) && Candles.near(c.close[i], c.close[i - 1], same[i]), 1),
})

export const CDLPIERCING = pattern({
  name: 'CDLPIERCING',
  doc: 'long black candle, then a long white one from below its low into the upper half of its body',
  rows: 2,
  sizes: [bodyLong(1), bodyLong(0)],
  match: (c, i, [first, second]) =>
    signal(
      c.isBlack(i - 1) &&
        c.body(i - 1) > first[i] &&
        c.isWhite(i) &&
        c.body(i) > second[i] &&
        c.open[i] < c.low[i - 1] &&
        c.close[i] < c.open[i - 1] &&
        c.close[i] > c.close[i - 1] + c.body(i - 1) * 0.5,
      1,
    ),
})

export const CDLSEPARATINGLINES = pattern({
  name: 'CDLSEPARATINGLINES',
  doc: 'long candle that opens at its extreme and where the one before, of the opposite color, opened',
  rows: 2,
  sizes: [equal(1), bodyLong(0), shadowVeryShort(0)],
  match: (c, i, [same, long, tiny]) =>
    signal(
      c.color(i - 1) !== c.color(i) &&
        Candles.near(c.open[i], c.open[i - 1], same[i]) &&
        c.body(i) > long[i] &&
        (c.isWhite(i) ? c.lower(i) : c.upper(i)) < tiny[i],
      c.color(i),
    ),
})
