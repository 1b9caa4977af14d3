import { type Indicator, type IndicatorOption, indicator } from '../indicator.js'
import { real } from '../option.js'
import { Candles } from './candles.js'
import { type Size, sizes } from './size.js'

export const group = 'Pattern Recognition'
export const BARS = ['open', 'high', 'low', 'close'] as const
export const OUTPUTS = ['outInteger'] as const

/** Returns 0, or what a pattern that ends at row `i` says: 100 bullish, -100 bearish; 80 where it holds only just. */
type Match = (candles: Candles, i: number, sizes: readonly Float64Array[], penetration: number) => number

interface Pattern {
  name: string
  doc: string
  /** Candles that are looked at, besides those before them that give the sizes. */
  rows: number
  sizes?: readonly Size[]
  match: Match
  /** Default of the share of the first body into which the last candle has to come. */
  penetration?: number
}

const penetrationOption = (standard: number): IndicatorOption =>
  real('penetration', standard, 'share of the first body into which the last candle comes', 0)

/** Declares a candle pattern. */
export function pattern({ name, doc, rows, sizes: used = [], match, penetration }: Pattern): Indicator {
  const start = Math.max(0, ...used.map(size => size.rows)) + rows - 1
  return indicator({
    name,
    group,
    doc,
    inputs: BARS,
    options: penetration === undefined ? [] : [penetrationOption(penetration)],
    outputs: OUTPUTS,
    lookback: () => start,
    compute([open, high, low, close], [share = 0], [out]) {
      const candles = new Candles(open, high, low, close)
      const series = used.map(size => sizes(candles, size, start))
      for (let i = start; i < out.length; i++) out[i] = match(candles, i, series, share)
    },
  })
}

/** Turns what holds into a signal: +100 or -100 by its sign. */
export const signal = (holds: boolean, sign: 1 | -1): number => (holds ? 100 * sign : 0)

/** Returns the other color. */
export const opposite = (color: 1 | -1): 1 | -1 => (color === 1 ? -1 : 1)
