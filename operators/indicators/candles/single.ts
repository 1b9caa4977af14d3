import { pattern, signal } from './pattern.js'
import {
  bodyDoji,
  bodyLong,
  bodyShort,
  near,
  shadowLong,
  shadowShort,
  shadowVeryLong,
  shadowVeryShort,
} from './size.js'

/** Patterns of one candle. */

export const CDLBELTHOLD = pattern({
  name: 'CDLBELTHOLD',
  doc: 'long candle that opens at its extreme',
  rows: 1,
  sizes: [bodyLong(0), shadowVeryShort(0)],
  match: (c, i, [long, tiny]) =>
    signal(c.body(i) > long[i] && (c.isWhite(i) ? c.lower(i) : c.upper(i)) < tiny[i], c.color(i)),
})

export const CDLCLOSINGMARUBOZU = pattern({
  name: 'CDLCLOSINGMARUBOZU',
  doc: 'long candle that closes at its extreme',
  rows: 1,
  sizes: [bodyLong(0), shadowVeryShort(0)],
  match: (c, i, [long, tiny]) =>
    signal(c.body(i) > long[i] && (c.isWhite(i) ? c.upper(i) : c.lower(i)) < tiny[i], c.color(i)),
})

export const CDLMARUBOZU = pattern({
  name: 'CDLMARUBOZU',
  doc: 'long candle with hardly any shadow',
  rows: 1,
  sizes: [bodyLong(0), shadowVeryShort(0)],
  match: (c, i, [long, tiny]) =>
    signal(c.body(i) > long[i] && c.upper(i) < tiny[i] && c.lower(i) < tiny[i], c.color(i)),
})

export const CDLLONGLINE = pattern({
  name: 'CDLLONGLINE',
  doc: 'long candle with short shadows',
  rows: 1,
  sizes: [bodyLong(0), shadowShort(0)],
  match: (c, i, [long, brief]) =>
    signal(c.body(i) > long[i] && c.upper(i) < brief[i] && c.lower(i) < brief[i], c.color(i)),
})

export const CDLSHORTLINE = pattern({
  name: 'CDLSHORTLINE',
  doc: 'short candle with short shadows',
  rows: 1,
  sizes: [bodyShort(0), shadowShort(0)],
  match: (c, i, [short, brief]) =>
    signal(c.body(i) < short[i] && c.upper(i) < brief[i] && c.lower(i) < brief[i], c.color(i)),
})

export const CDLSPINNINGTOP = pattern({
  name: 'CDLSPINNINGTOP',
  doc: 'short body between longer shadows',
  rows: 1,
  sizes: [bodyShort(0)],
  match: (c, i, [short]) =>
    signal(c.body(i) < short[i] && c.upper(i) > c.body(i) && c.lower(i) > c.body(i), c.color(i)),
})

export const CDLHIGHWAVE = pattern({
  name: 'CDLHIGHWAVE',
  doc: 'short body between very long shadows',
  rows: 1,
  sizes: [bodyShort(0), shadowVeryLong(0)],
  match: (c, i, [short, long]) =>
    signal(c.body(i) < short[i] && c.upper(i) > long[i] && c.lower(i) > long[i], c.color(i)),
})

export const CDLDOJI = pattern({
  name: 'CDLDOJI',
  doc: 'open and close nearly the same',
  rows: 1,
  sizes: [bodyDoji(0)],
  match: (c, i, [doji]) => signal(c.body(i) <= doji[i], 1),
})

export const CDLDRAGONFLYDOJI = pattern({
  name: 'CDLDRAGONFLYDOJI',
  doc: 'doji at the top of its range',
  rows: 1,
  sizes: [bodyDoji(0), shadowVeryShort(0)],
  match: (c, i, [doji, tiny]) => signal(c.body(i) <= doji[i] && c.upper(i) < tiny[i] && c.lower(i) > tiny[i], 1),
})

export const CDLGRAVESTONEDOJI = pattern({
  name: 'CDLGRAVESTONEDOJI',
  doc: 'doji at the bottom of its range',
  rows: 1,
  sizes: [bodyDoji(0), shadowVeryShort(0)],
  match: (c, i, [doji, tiny]) => signal(c.body(i) <= doji[i] && c.lower(i) < tiny[i] && c.upper(i) > tiny[i], 1),
})

export const CDLTAKURI = pattern({
  name: 'CDLTAKURI',
  doc: 'doji at the top of its range with a very long lower shadow',
  rows: 1,
  sizes: [bodyDoji(0), shadowVeryShort(0), shadowVeryLong(0)],
  match: (c, i, [doji, tiny, long]) => signal(c.body(i) <= doji[i] && c.upper(i) < tiny[i] && c.lower(i) > long[i], 1),
})

export const CDLLONGLEGGEDDOJI = pattern({
  name: 'CDLLONGLEGGEDDOJI',
  doc: 'doji with a long shadow',
  rows: 1,
  sizes: [bodyDoji(0), shadowLong(0)],
  match: (c, i, [doji, long]) => signal(c.body(i) <= doji[i] && (c.lower(i) > long[i] || c.upper(i) > long[i]), 1),
})

export const CDLRICKSHAWMAN = pattern({
  name: 'CDLRICKSHAWMAN',
  doc: 'doji with two long shadows, near the middle of its range',
  rows: 1,
  sizes: [bodyDoji(0), shadowLong(0), near(0)],
  match(c, i, [doji, long, close]) {
    const middle = c.low[i] + (c.high[i] - c.low[i]) / 2
    const central = c.bottom(i) <= middle + close[i] && c.top(i) >= middle - close[i]
    return signal(c.body(i) <= doji[i] && c.lower(i) > long[i] && c.upper(i) > long[i] && central, 1)
  },
})
