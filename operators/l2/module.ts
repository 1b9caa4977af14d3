import * as z from 'zod'
import { and, module, type Offer } from '../../lib/core/index.js'
import { DEPTH } from '../tables/book-columns.js'
import { defaultLevels } from './levels.js'
import { isOverTrades } from './microstructure.js'
import { SIDES } from './quote.js'
import { TRADE_SOURCE } from './volatility.js'

const settings = {
  levels: z.int().min(1).max(DEPTH).default(DEPTH).describe('levels that are shown where no entry says which'),
  crossed: z
    .literal('keep')
    .nullable()
    .default(null)
    .describe('keep: crossed quotes count as valid, with negative spreads'),
  max_quote_age_seconds: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .describe('time-weighted: a quote has no weight when it is older'),
}

const upTo = (levels: number): number[] => Array.from({ length: levels }, (_, i) => i + 1)

/** Returns the entries of both sides that the columns at hand allow. */
function liquidity(offer: Offer, levels: number[], measures: string[], aggregation: string) {
  const has = (measure: string) => offer.has(`Bid${measure}1`) || offer.has(`Ask${measure}1`)
  const needs: Record<string, string> = { CumQuantity: 'Quantity', CumOrders: 'NumOrders' }
  const present = measures.filter(measure => has(needs[measure] ?? measure))
  const sides = SIDES.filter(side => offer.has(`${side}Price1`))
  return {
    family: 'liquidity',
    entry: { sides, levels, measures: present, aggregations: [aggregation] },
  }
}

/** Tells whether an entry of the block needs trades. */
function asksTrades({ volatility = [], microstructure_metrics = [] }: Requests): boolean {
  const isTraded = ({ source }: { source?: string | string[] }) => [source].flat().includes(TRADE_SOURCE)
  return volatility.some(isTraded) || microstructure_metrics.some(({ variant }) => [variant].flat().some(isOverTrades))
}

interface Requests {
  volatility?: { source?: string | string[] }[]
  microstructure_metrics?: { variant?: string | string[] }[]
}

export const l2 = module({
  name: 'l2',
  doc: 'the last snapshot of the book in a bucket: levels, spreads, imbalances, and the course of quoted prices',
  table: 'l2',
  block: 'l2_analytics',
  settings,
  defaults: offer => {
    const levels = upTo(defaultLevels(offer))
    const orders = offer.has('BidNumOrders1') ? ['Orders'] : []
    return [
      liquidity(offer, levels, ['Price', 'Quantity', 'NumOrders', 'CumQuantity', 'CumOrders'], 'Last'),
      {
        family: 'imbalances',
        entry: { levels, measure: ['CumQuantity', ...orders], aggregations: ['Last'] },
      },
      { family: 'spreads', entry: { variant: ['BPS'], aggregations: ['Last'] } },
    ]
  },
  rows: () => and(),
  where: () => and(),
  excluded: () => [],
  adds: config => (asksTrades(config) ? ['l2_trades'] : []),
})

export const l2tw = module({
  name: 'l2tw',
  doc: 'the book weighted by the time for which each snapshot stands inside the bucket, the one before it carried in',
  table: 'l2',
  block: 'l2_analytics',
  settings,
  defaults: offer => [
    { family: 'spreads', entry: { variant: ['Abs', 'BPS', 'Rel'], aggregations: ['TWA'] } },
    { family: 'prices', entry: { source: ['Mid', 'Bid', 'Ask'] } },
    liquidity(offer, upTo(defaultLevels(offer)), ['Price', 'Quantity'], 'TWA'),
    { family: 'quality', entry: { quality: ['CoverageShare'] } },
  ],
  rows: () => and(),
  where: () => and(),
  excluded: () => [],
})
