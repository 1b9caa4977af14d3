import type { Panel } from './panel.js'

/** Columns that alphas are made of. */
export type Role = 'open' | 'high' | 'low' | 'close' | 'volume' | 'vwap'

/** Gives a window its length: a documented one times the multiplier. */
export type Scale = (rows: number) => number

/** One formula of Kakushadze (2016), 101 Formulaic Alphas, arXiv:1601.00991, as semantics 5.15 has it. */
export interface Alpha {
  id: number
  inputs: readonly Role[]
  unit: string
  formula(w: Scale): string
  compute(panel: Panel, series: Record<Role, Float64Array>, w: Scale): Float64Array
}

/** A quotient by zero is null. */
const over = (a: number, b: number): number => (b === 0 ? NaN : a / b)

/** -0 would be written as such. */
const minus = (x: number): number => 0 - x

const returns = (panel: Panel, close: Float64Array): Float64Array =>
  panel.map((now, before) => over(now, before) - 1, close, panel.delay(close, 1))

/** The last change, turned round unless all changes of the window have one sign. */
function turned(panel: Panel, close: Float64Array, lag: number, w: number): Float64Array {
  const change = panel.delta(close, lag)
  const [least, most] = [panel.min(change, w), panel.max(change, w)]
  return panel.map(
    (now, low, high) => (Number.isNaN(low) ? NaN : low > 0 || high < 0 ? now : minus(now)),
    change,
    least,
    most,
  )
}

export const ALPHAS: readonly Alpha[] = [
  {
    id: 1,
    inputs: ['close'],
    unit: '-0.5…0.5',
    formula: w => `rank(tsargmax${w(5)}(signedpower(ret < 0 ? sd${w(20)}(ret) : C, 2))) - 0.5`,
    compute(panel, { close }, w) {
      const ret = returns(panel, close)
      const base = panel.map((r, sd, c) => (Number.isNaN(r) ? NaN : r < 0 ? sd : c), ret, panel.sd(ret, w(20)), close)
      const power = panel.map(x => Math.sign(x) * x * x, base)
      return panel.map(rank => rank - 0.5, panel.rank(panel.argmax(power, w(5))))
    },
  },
  {
    id: 2,
    inputs: ['open', 'close', 'volume'],
    unit: '-1…1',
    formula: w => `-corr${w(6)}(rank(Δ${w(2)} ln V), rank((C - O)/O))`,
    compute(panel, { open, close, volume }, w) {
      const logVolume = panel.map(v => (v > 0 ? Math.log(v) : NaN), volume)
      const move = panel.map((c, o) => over(c - o, o), close, open)
      return panel.map(minus, panel.correlation(panel.rank(panel.delta(logVolume, w(2))), panel.rank(move), w(6)))
    },
  },
  {
    id: 3,
    inputs: ['open', 'volume'],
    unit: '-1…1',
    formula: w => `-corr${w(10)}(rank(O), rank(V))`,
    compute: (panel, { open, volume }, w) =>
      panel.map(minus, panel.correlation(panel.rank(open), panel.rank(volume), w(10))),
  },
  {
    id: 4,
    inputs: ['low'],
    unit: '-1…0',
    formula: w => `-tsrank${w(9)}(rank(L))`,
    compute: (panel, { low }, w) => panel.map(minus, panel.timeRank(panel.rank(low), w(9))),
  },
  {
    id: 5,
    inputs: ['open', 'close', 'vwap'],
    unit: '-1…0',
    formula: w => `rank(O - mean${w(10)}(VWAP))·(-abs(rank(C - VWAP)))`,
    compute(panel, { open, close, vwap }, w) {
      const opening = panel.rank(panel.map((o, mean) => o - mean, open, panel.mean(vwap, w(10))))
      const closing = panel.rank(panel.map((c, v) => c - v, close, vwap))
      return panel.map((a, b) => a * -Math.abs(b), opening, closing)
    },
  },
  {
    id: 6,
    inputs: ['open', 'volume'],
    unit: '-1…1',
    formula: w => `-corr${w(10)}(O, V)`,
    compute: (panel, { open, volume }, w) => panel.map(minus, panel.correlation(open, volume, w(10))),
  },
  {
    id: 7,
    inputs: ['close', 'volume'],
    unit: '-1…1',
    formula: w => `mean${w(20)}(V) < V ? -tsrank${w(60)}(abs Δ${w(7)}C)·sign Δ${w(7)}C : -1`,
    compute(panel, { close, volume }, w) {
      const change = panel.delta(close, w(7))
      const rank = panel.timeRank(panel.map(Math.abs, change), w(60))
      return panel.map(
        (mean, v, r, d) => (Number.isNaN(mean) ? NaN : mean < v ? minus(r * Math.sign(d)) : -1),
        panel.mean(volume, w(20)),
        volume,
        rank,
        change,
      )
    },
  },
  {
    id: 8,
    inputs: ['open', 'close'],
    unit: '-1…0',
    formula: w => `-rank(x - x of ${w(10)} rows before), x = Σ${w(5)}O·Σ${w(5)}ret`,
    compute(panel, { open, close }, w) {
      const sums = panel.map((a, b) => a * b, panel.sum(open, w(5)), panel.sum(returns(panel, close), w(5)))
      return panel.map(minus, panel.rank(panel.delta(sums, w(10))))
    },
  },
  {
    id: 9,
    inputs: ['close'],
    unit: 'local currency',
    formula: w => `min${w(5)}(Δ${w(1)}C) > 0 or max${w(5)}(Δ${w(1)}C) < 0 ? Δ${w(1)}C : -Δ${w(1)}C`,
    compute: (panel, { close }, w) => turned(panel, close, w(1), w(5)),
  },
  {
    id: 10,
    inputs: ['close'],
    unit: '0…1',
    formula: w => `rank(min${w(4)}(Δ${w(1)}C) > 0 or max${w(4)}(Δ${w(1)}C) < 0 ? Δ${w(1)}C : -Δ${w(1)}C)`,
    compute: (panel, { close }, w) => panel.rank(turned(panel, close, w(1), w(4))),
  },
  {
    id: 101,
    inputs: ['open', 'high', 'low', 'close'],
    unit: '1',
    formula: () => '(C - O)/(H - L + 0.001)',
    compute: (panel, { open, high, low, close }) =>
      panel.map((o, h, l, c) => over(c - o, h - l + 0.001), open, high, low, close),
  },
]

/** Returns the output column of an alpha. */
export const nameOf = ({ id }: Alpha): string => `Alpha${String(id).padStart(3, '0')}`
