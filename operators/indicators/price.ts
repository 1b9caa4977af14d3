import { type InputName, indicator } from './indicator.js'

type Price = (a: number, b: number, c: number, d: number) => number

function price(name: string, doc: string, inputs: readonly InputName[], of: Price) {
  return indicator({
    name,
    group: 'Price Transform',
    doc,
    inputs,
    options: [],
    outputs: ['outReal'],
    lookback: () => 0,
    compute([a, b, c = b, d = b], _, [out]) {
      for (let i = 0; i < out.length; i++) out[i] = of(a[i], b[i], c[i], d[i])
    },
  })
}

export const AVGPRICE = price(
  'AVGPRICE',
  'mean of open, high, low and close',
  ['open', 'high', 'low', 'close'],
  (open, high, low, close) => (high + low + close + open) / 4,
)
export const MEDPRICE = price('MEDPRICE', 'mean of high and low', ['high', 'low'], (high, low) => (high + low) / 2)
export const TYPPRICE = price(
  'TYPPRICE',
  'mean of high, low and close',
  ['high', 'low', 'close'],
  (high, low, close) => (high + low + close) / 3,
)
export const WCLPRICE = price(
  'WCLPRICE',
  'mean of high, low and twice the close',
  ['high', 'low', 'close'],
  (high, low, close) => (high + low + close * 2) / 4,
)
