import { pattern, signal } from './pattern.js'
import { bodyLong, bodyShort, near, shadowVeryShort } from './size.js'

/** Patterns of four and five candles. */

export const CDL3LINESTRIKE = pattern({
  name: 'CDL3LINESTRIKE',
  doc: 'three candles of one color that go on, each from near the body before, then one of the other color over all three',
  rows: 4,
  sizes: [near(3), near(2)],
  match(c, i, [first, second]) {
    const color = c.color(i - 1)
    if (c.color(i - 3) !== color || c.color(i - 2) !== color || c.color(i) === color) return 0
    const steps =
      c.open[i - 2] >= c.bottom(i - 3) - first[i] &&
      c.open[i - 2] <= c.top(i - 3) + first[i] &&
      c.open[i - 1] >= c.bottom(i - 2) - second[i] &&
      c.open[i - 1] <= c.top(i - 2) + second[i]
    const further = (k: number) => color * (c.close[k] - c.close[k - 1]) > 0
    const strikes = color * (c.open[i] - c.close[i - 1]) > 0 && color * (c.close[i] - c.open[i - 3]) < 0
    return signal(steps && further(i - 1) && further(i - 2) && strikes, color)
  },
})

export const CDLCONCEALBABYSWALL = pattern({
  name: 'CDLCONCEALBABYSWALL',
  doc: 'two black candles with hardly any shadow, a black one below them with a shadow into them, then a black one around that',
  rows: 4,
  sizes: [shadowVeryShort(3), shadowVeryShort(2), shadowVeryShort(1)],
  match: (c, i, [first, second, third]) =>
    signal(
      c.isBlack(i - 3) &&
        c.isBlack(i - 2) &&
        c.isBlack(i - 1) &&
        c.isBlack(i) &&
        c.lower(i - 3) < first[i] &&
        c.upper(i - 3) < first[i] &&
        c.lower(i - 2) < second[i] &&
        c.upper(i - 2) < second[i] &&
        c.bodyBelow(i - 1, i - 2) &&
        c.upper(i - 1) > third[i] &&
        c.high[i - 1] > c.close[i - 2] &&
        c.high[i] > c.high[i - 1] &&
        c.low[i] < c.low[i - 1],
      1,
    ),
})

export const CDLBREAKAWAY = pattern({
  name: 'CDLBREAKAWAY',
  doc: 'long candle, a gap in its direction and two candles further on, then one of the other color back into the gap',
  rows: 5,
  sizes: [bodyLong(4)],
  match(c, i, [long]) {
    const color = c.color(i - 4)
    if (c.color(i - 3) !== color || c.color(i - 1) !== color || c.color(i) === color) return 0
    const further = (k: number) => color * (c.high[k] - c.high[k - 1]) > 0 && color * (c.low[k] - c.low[k - 1]) > 0
    const gap = color === 1 ? c.bodyAbove(i - 3, i - 4) : c.bodyBelow(i - 3, i - 4)
    const back = color * (c.close[i] - c.open[i - 3]) < 0 && color * (c.close[i] - c.close[i - 4]) > 0
    return signal(c.body(i - 4) > long[i] && gap && further(i - 2) && further(i - 1) && back, c.color(i))
  },
})

export const CDLLADDERBOTTOM = pattern({
  name: 'CDLLADDERBOTTOM',
  doc: 'three black candles that open and close ever lower, a black one with an upper shadow, then a white one above its high',
  rows: 5,
  sizes: [shadowVeryShort(1)],
  match: (c, i, [tiny]) =>
    signal(
      c.isBlack(i - 4) &&
        c.isBlack(i - 3) &&
        c.isBlack(i - 2) &&
        c.open[i - 4] > c.open[i - 3] &&
        c.open[i - 3] > c.open[i - 2] &&
        c.close[i - 4] > c.close[i - 3] &&
        c.close[i - 3] > c.close[i - 2] &&
        c.isBlack(i - 1) &&
        c.upper(i - 1) > tiny[i] &&
        c.isWhite(i) &&
        c.open[i] > c.open[i - 1] &&
        c.close[i] > c.high[i - 1],
      1,
    ),
})

const restSizes = [bodyLong(4), bodyShort(3), bodyShort(2), bodyShort(1)]

export const CDLMATHOLD = pattern({
  name: 'CDLMATHOLD',
  doc: 'long white candle, a short black body above it and two that fall not deep into it, then a white candle above them all',
  rows: 5,
  sizes: restSizes,
  penetration: 0.5,
  match(c, i, [long, third, second, first], share) {
    const bodies =
      c.body(i - 4) > long[i] && c.body(i - 3) < third[i] && c.body(i - 2) < second[i] && c.body(i - 1) < first[i]
    const colors = c.isWhite(i - 4) && c.isBlack(i - 3) && c.isWhite(i)
    if (!bodies || !colors || !c.bodyAbove(i - 3, i - 4)) return 0
    const floor = c.close[i - 4] - c.body(i - 4) * share
    const rests = (k: number) => c.bottom(k) < c.close[i - 4] && c.bottom(k) > floor
    const falls = c.top(i - 2) < c.open[i - 3] && c.top(i - 1) < c.top(i - 2)
    const highest = Math.max(c.high[i - 3], c.high[i - 2], c.high[i - 1])
    return signal(rests(i - 2) && rests(i - 1) && falls && c.open[i] > c.close[i - 1] && c.close[i] > highest, 1)
  },
})

export const CDLRISEFALL3METHODS = pattern({
  name: 'CDLRISEFALL3METHODS',
  doc: 'long candle, three short ones of the other color that go back within its range, then a long one of its color beyond it',
  rows: 5,
  sizes: [...restSizes, bodyLong(0)],
  match(c, i, [long, third, second, first, last]) {
    const color = c.color(i - 4)
    const bodies =
      c.body(i - 4) > long[i] &&
      c.body(i - 3) < third[i] &&
      c.body(i - 2) < second[i] &&
      c.body(i - 1) < first[i] &&
      c.body(i) > last[i]
    const colors =
      c.color(i - 3) !== color && c.color(i - 2) !== color && c.color(i - 1) !== color && c.color(i) === color
    const rests = (k: number) => c.bottom(k) < c.high[i - 4] && c.top(k) > c.low[i - 4]
    const back = (k: number) => color * (c.close[k] - c.close[k - 1]) < 0
    const goesOn = color * (c.open[i] - c.close[i - 1]) > 0 && color * (c.close[i] - c.close[i - 4]) > 0
    const rest = rests(i - 3) && rests(i - 2) && rests(i - 1) && back(i - 2) && back(i - 1)
    return signal(bodies && colors && rest && goesOn, color)
  },
})
