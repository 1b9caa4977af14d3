import { distinct, metric, quantile } from '../../lib/index.js'

/** The path of this file, for PACKS: metrics that need the rows of a bucket and that Basalt does not bring along. */
export const PRICE_SERIES = import.meta.filename

const OWN = { module: 'trade', family: 'generic_metrics', name: 'Trade{Side}{Measure}', filter: 'price' } as const

export const lowerQuartile = metric({
  ...OWN,
  pick: 'LowerQuartile',
  unit: 'local currency',
  doc: 'lower quartile of the price',
  formula: 'quantile 0.25 of p',
  merge: 'T',
  empty: 'null',
  uses: () => ({ price: quantile('LocalPrice', 0.25) }),
})

export const prices = metric({
  ...OWN,
  pick: 'Prices',
  unit: 'prices',
  doc: 'how many different prices there were',
  formula: 'distinct p',
  merge: 'T',
  empty: 'zero',
  uses: () => ({ prices: distinct('LocalPrice') }),
})
