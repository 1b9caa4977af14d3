import { Candles } from './candles.js'
import { pattern, signal } from './pattern.js'
import { bodyLong, equal, shadowVeryShort } from './size.js'

/** Patterns of a long black candle and a white one from below its low, told apart by how far that comes; and kickings. */

/** Tells whether a white candle opens below the low of a long black one before. */
const fromBelow = (c: Candles, i: number, long: Float64Array): boolean =>
  c.isBlack(i - 1) && c.body(i - 1) > long[i] && c.isWhite(i) && c.open[i] < c.low[i - 1]

export const CDLONNECK = pattern({
  name: 'CDLONNECK',
  doc: 'long black candle, then a white one from below its low up to it',
  rows: 2,
  sizes: [bodyLong(1), equal(1)],
  match: (c, i, [long, same]) => signal(fromBelow(c, i, long) && Candles.near(c.close[i], c.low[i - 1], same[i]), -1),
})

export const CDLINNECK = pattern({
  name: 'CDLINNECK',
  doc: 'long black candle, then a white one from below its low up to its close',
  rows: 2,
  sizes: [bodyLong(1), equal(1)],
  match: (c, i, [long, same]) =>
    signal(fromBelow(c, i, long) && c.close[i] <= c.close[i - 1] + same[i] && c.close[i] >= c.close[i - 1], -1),
})

export const CDLTHRUSTING = pattern({
  name: 'CDLTHRUSTING',
  doc: 'long black candle, then a white one from below its low into the lower half of its body',
  rows: 2,
  sizes: [bodyLong(1), equal(1)],
  match: (c, i, [long, same]) =>
    signal(
      fromBelow(c, i, long) &&
        c.close[i] > c.close[i - 1] + same[i] &&
        c.close[i] <= c.close[i - 1] + c.body(i - 1) * 0.5,
      -1,
    ),
})

const kick = [bodyLong(1), shadowVeryShort(1), bodyLong(0), shadowVeryShort(0)]

/** Tells whether a candle without shadows gaps away from one of the opposite color. */
function kicks(c: Candles, i: number, [long, tiny, secondLong, secondTiny]: readonly Float64Array[]): boolean {
  return (
    c.color(i - 1) !== c.color(i) &&
    c.body(i - 1) > long[i] &&
    c.upper(i - 1) < tiny[i] &&
    c.lower(i - 1) < tiny[i] &&
    c.body(i) > secondLong[i] &&
    c.upper(i) < secondTiny[i] &&
    c.lower(i) < secondTiny[i] &&
    (c.isWhite(i) ? c.above(i, i - 1) : c.below(i, i - 1))
  )
}

export const CDLKICKING = pattern({
  name: 'CDLKICKING',
  doc: 'two long candles of opposite colors with hardly any shadow and a gap in the direction of the second',
  rows: 2,
  sizes: kick,
  match: (c, i, sizes) => signal(kicks(c, i, sizes), c.color(i)),
})

export const CDLKICKINGBYLENGTH = pattern({
  name: 'CDLKICKINGBYLENGTH',
  doc: 'kicking that says what the longer of its candles says',
  rows: 2,
  sizes: kick,
  match: (c, i, sizes) => signal(kicks(c, i, sizes), c.color(c.body(i) > c.body(i - 1) ? i : i - 1)),
})
