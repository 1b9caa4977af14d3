import { count, ge, max, metric, std, sum } from '../lib/index.js'

/** The path of this file, for PACKS: a pack as any user may write one, with metrics that Basalt does not bring along. */
export const OWN_METRICS = import.meta.filename

const OWN = { module: 'trade', family: 'generic_metrics', name: 'Trade{Side}{Measure}' } as const
const LARGE = 10_000 // shares

export const stdPrice = metric({
  ...OWN,
  pick: 'StdPrice',
  unit: 'local currency',
  doc: 'standard deviation of the price, every trade alike',
  formula: 'sd(p), n - 1',
  merge: 'V',
  empty: 'null',
  filter: 'price',
  uses: () => ({ price: std('LocalPrice') }),
})

export const largestTrade = metric({
  ...OWN,
  pick: 'LargestTrade',
  unit: 'shares',
  doc: 'quantity of the largest trade',
  formula: 'max q',
  merge: 'N',
  empty: 'null',
  filter: 'volume',
  uses: () => ({ size: max('Size') }),
})

export const largeVolume = metric({
  ...OWN,
  pick: 'LargeVolume',
  unit: 'shares',
  doc: 'quantity of trades of 10,000 shares and more',
  formula: 'Σq over q ≥ 10,000',
  merge: 'S',
  empty: 'zero',
  filter: 'volume',
  uses: () => ({ volume: sum('Size', ge('Size', LARGE)) }),
})

export const largeCount = metric({
  ...OWN,
  pick: 'LargeCount',
  unit: 'trades',
  doc: 'number of trades of 10,000 shares and more',
  formula: 'number of rows with q ≥ 10,000',
  merge: 'S',
  empty: 'zero',
  filter: 'volume',
  uses: () => ({ count: count(ge('Size', LARGE)) }),
})
