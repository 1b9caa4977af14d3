import * as z from 'zod'
import {
  and,
  countOf,
  div,
  type EntryParameters,
  type Expr,
  type FoldRequest,
  family,
  first,
  last,
  max,
  mean,
  median,
  metric,
  min,
  mul,
  ne,
  std,
  sub,
  sum,
} from '../../lib/core/index.js'
import { SIDES, sideSuffix } from './sides.js'

/** Prices that a trade is compared with, and the column that holds each. A new reference is one line. */
export const REFERENCES = {
  MidAtPrimary: 'PostTradeMidAtPrimary',
  EBBO: 'PostTradeMid',
  PreTradeMid: 'PreTradeMid',
  PreTradeMidAtPrimary: 'PreTradeMidAtPrimary',
  MidPrice: 'MidPrice',
  WeightedMid: 'WeightedMidPrice',
  BestBid: 'BestBidPrice',
  BestAsk: 'BestAskPrice',
  BestBidAtVenue: 'BestBidPriceAtVenue',
  BestAskAtVenue: 'BestAskPriceAtVenue',
  BestBidAtPrimary: 'BestBidPriceAtPrimary',
  BestAskAtPrimary: 'BestAskPriceAtPrimary',
} as const

type Reference = keyof typeof REFERENCES

const references = Object.keys(REFERENCES) as [Reference, ...Reference[]]

/**
 * The aggregations name the metrics, because unit rule, merge code and fold change with them: a new aggregation is one
 * exported value. The references only exchange a column.
 */
export const discrepancyMetrics = family({
  module: 'trade',
  name: 'discrepancy_metrics',
  doc: 'distance of trade prices from a reference price, in bps',
  axes: [
    { field: 'references', parameter: 'reference' },
    { field: 'sides', parameter: 'side' },
    { field: 'aggregations', parameter: 'agg' },
  ],
  pick: 'aggregations',
  fields: aggregations => ({
    references: z.array(z.enum(references)).min(1).describe('prices to compare with'),
    sides: z.array(z.enum(SIDES)).min(1).default(['Total']).describe('sides of the aggressor; Total is every trade'),
    aggregations: z
      .array(z.enum(aggregations))
      .min(1)
      .default(['Mean'])
      .describe('how the trades of a bucket are put together'),
    signed: z
      .boolean()
      .default(false)
      .describe('count the distance in the direction of the trade; unknown sides are left out'),
  }),
  example: { references: ['MidPrice'] },
})

const DISCREPANCY = {
  module: 'trade',
  family: 'discrepancy_metrics',
  unit: 'bps',
  empty: 'null',
  filter: 'price',
} as const

const distance = '10⁴·(p - ref)/ref, times D when signed; trades without ref, or with ref 0, left out'

const nameWith = (suffix: string) => (parameters: EntryParameters) =>
  `${parameters.signed ? 'Signed' : ''}DiscrepancyTo${parameters.reference}${sideSuffix(parameters.side)}${suffix}`

/** Null where the reference is null or 0, which every fold skips. */
function discrepancyOf({ reference, signed }: EntryParameters): { value: Expr; where: Expr } {
  const ref = REFERENCES[reference as Reference]
  const value = div(mul(10_000, sub('LocalPrice', ref)), ref)
  return signed ? { value: mul('Direction', value), where: ne('Direction', 0) } : { value, where: and() }
}

const usesOnly = (fold: (value: Expr, where: Expr) => FoldRequest) => (parameters: EntryParameters) => {
  const { value, where } = discrepancyOf(parameters)
  return { discrepancy: fold(value, where) }
}

export const discrepancyMean = metric({
  ...DISCREPANCY,
  pick: 'Mean',
  name: nameWith(''),
  doc: 'mean distance of trade prices from the reference',
  formula: `mean of ${distance}`,
  merge: 'R',
  uses: usesOnly(mean),
})

export const discrepancyFirst = metric({
  ...DISCREPANCY,
  pick: 'First',
  name: nameWith('First'),
  doc: 'distance of the first trade that has a reference',
  formula: `first ${distance}`,
  merge: 'O',
  uses: usesOnly(first),
})

export const discrepancyLast = metric({
  ...DISCREPANCY,
  pick: 'Last',
  name: nameWith('Last'),
  doc: 'distance of the last trade that has a reference',
  formula: `last ${distance}`,
  merge: 'O',
  uses: usesOnly(last),
})

export const discrepancyMin = metric({
  ...DISCREPANCY,
  pick: 'Min',
  name: nameWith('Min'),
  doc: 'least distance of a trade price from the reference',
  formula: `min of ${distance}`,
  merge: 'N',
  uses: usesOnly(min),
})

export const discrepancyMax = metric({
  ...DISCREPANCY,
  pick: 'Max',
  name: nameWith('Max'),
  doc: 'greatest distance of a trade price from the reference',
  formula: `max of ${distance}`,
  merge: 'N',
  uses: usesOnly(max),
})

export const discrepancySum = metric({
  ...DISCREPANCY,
  pick: 'Sum',
  name: nameWith('Sum'),
  doc: 'sum of the distances; null, not 0, where no trade has a reference: it is no count, volume or notional',
  formula: `Σ ${distance}`,
  merge: 'S',
  uses(parameters) {
    const { value, where } = discrepancyOf(parameters)
    return { total: sum(value, where), n: countOf(value, where) }
  },
  value: ({ total, n }) => (n > 0 ? total : Number.NaN),
})

export const discrepancyMedian = metric({
  ...DISCREPANCY,
  pick: 'Median',
  name: nameWith('Median'),
  doc: 'median distance of trade prices from the reference',
  formula: `median of ${distance}`,
  merge: '–',
  uses: usesOnly(median),
})

export const discrepancyStd = metric({
  ...DISCREPANCY,
  pick: 'Std',
  name: nameWith('Std'),
  doc: 'sample deviation of the distances; null below two',
  formula: `sd (n - 1) of ${distance}`,
  merge: 'M',
  uses: usesOnly(std),
})
