import { pattern, signal } from './pattern.js'
import { bodyDoji, bodyLong, bodyShort, type Size } from './size.js'

/** Patterns of three candles whose middle one stands apart. */

function star(name: string, doc: string, sign: 1 | -1, middle: Size) {
  return pattern({
    name,
    doc,
    rows: 3,
    sizes: [bodyLong(2), middle, bodyShort(0)],
    penetration: 0.3,
    match(c, i, [long, small, short], share) {
      const apart = sign === 1 ? c.bodyBelow(i - 1, i - 2) : c.bodyAbove(i - 1, i - 2)
      const reach = c.body(i - 2) * share
      const deep = sign === 1 ? c.close[i] > c.close[i - 2] + reach : c.close[i] < c.close[i - 2] - reach
      const turns = c.color(i - 2) !== sign && c.color(i) === sign
      const fits = c.body(i - 2) > long[i] && c.body(i - 1) <= small[i] && c.body(i) > short[i]
      return signal(turns && fits && apart && deep, sign)
    },
  })
}

export const CDLMORNINGSTAR = star(
  'CDLMORNINGSTAR',
  'long black candle, a short body below it, then a white one deep into the first',
  1,
  bodyShort(1),
)
export const CDLMORNINGDOJISTAR = star(
  'CDLMORNINGDOJISTAR',
  'long black candle, a doji below its body, then a white one deep into the first',
  1,
  bodyDoji(1),
)
export const CDLEVENINGSTAR = star(
  'CDLEVENINGSTAR',
  'long white candle, a short body above it, then a black one deep into the first',
  -1,
  bodyShort(1),
)
export const CDLEVENINGDOJISTAR = star(
  'CDLEVENINGDOJISTAR',
  'long white candle, a doji above its body, then a black one deep into the first',
  -1,
  bodyDoji(1),
)

export const CDLABANDONEDBABY = pattern({
  name: 'CDLABANDONEDBABY',
  doc: 'long candle, a doji with a gap on both sides, then one of the opposite color deep into the first',
  rows: 3,
  sizes: [bodyLong(2), bodyDoji(1), bodyShort(0)],
  penetration: 0.3,
  match(c, i, [long, doji, short], share) {
    const fits = c.body(i - 2) > long[i] && c.body(i - 1) <= doji[i] && c.body(i) > short[i]
    if (!fits || c.color(i - 2) === c.color(i)) return 0
    const reach = c.body(i - 2) * share
    const holds = c.isBlack(i)
      ? c.close[i] < c.close[i - 2] - reach && c.above(i - 1, i - 2) && c.below(i, i - 1)
      : c.close[i] > c.close[i - 2] + reach && c.below(i - 1, i - 2) && c.above(i, i - 1)
    return signal(holds, c.color(i))
  },
})

export const CDLTRISTAR = pattern({
  name: 'CDLTRISTAR',
  doc: 'three dojis, the middle one apart from the first',
  rows: 3,
  sizes: [bodyDoji(2)],
  match(c, i, [doji]) {
    if (c.body(i - 2) > doji[i] || c.body(i - 1) > doji[i] || c.body(i) > doji[i]) return 0
    if (c.bodyAbove(i - 1, i - 2) && c.top(i) < c.top(i - 1)) return -100
    return c.bodyBelow(i - 1, i - 2) && c.bottom(i) > c.bottom(i - 1) ? 100 : 0
  },
})
