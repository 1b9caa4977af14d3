import * as z from 'zod'
import { and, family, gt, metric, module, mul, ne, not, type Offer, sum, TRUE } from '../../lib/core/index.js'
import { retail } from './classes.js'
import { excludedRows, readingOfTrades, refusedRows, tradeRows } from './module.js'

/** What a trade counts in the imbalance, and the column that holds it. */
const WEIGHTS = { NotionalEUR: 'TradeNotionalEUR', Notional: 'LocalNotional', Size: 'Size' } as const

type Weight = keyof typeof WEIGHTS

const enabled = ({ config }: Offer): boolean => config.retail_imbalance?.ENABLED !== false

const weights = Object.keys(WEIGHTS) as [Weight, ...Weight[]]

export const retailImbalance = module({
  name: 'retail_imbalance',
  doc: 'imbalance of retail trades between buyers and sellers',
  table: 'trades',
  block: 'trade_analytics',
  settings: {
    retail_imbalance: z
      .strictObject({
        ENABLED: z.boolean().default(true).describe('false takes the module out of the pass'),
        weight: z.enum(weights).default('NotionalEUR').describe('what a trade counts'),
      })
      .prefault({})
      .describe('module retail_imbalance'),
  },
  defaults: offer =>
    enabled(offer) ? [{ family: 'retail_metrics', entry: { measures: ['RetailTradeImbalance'] } }] : [],
  rows: offer => (enabled(offer) ? and(gt('Size', 0), retail()) : not(TRUE)),
  where: tradeRows,
  excluded: excludedRows,
  reading: readingOfTrades,
  refused: refusedRows,
})

export const retailMetrics = family({
  module: 'retail_imbalance',
  name: 'retail_metrics',
  doc: 'what module retail_imbalance computes; it needs no entry',
  axes: [{ field: 'measures', parameter: 'measure' }],
  pick: 'measures',
  fields: measures => ({
    measures: z.array(z.enum(measures)).min(1).default(['RetailTradeImbalance']).describe('what to compute'),
  }),
  example: { measures: ['RetailTradeImbalance'] },
})

export const retailTradeImbalance = metric({
  module: 'retail_imbalance',
  family: 'retail_metrics',
  pick: 'RetailTradeImbalance',
  name: 'RetailTradeImbalance',
  unit: '-1…1',
  doc: 'value bought less value sold by retail aggressors over both, whatever the base filter; unknown sides left out',
  formula: 'Σ D·w / Σ w over RETAIL rows with D ≠ 0, w = weight',
  merge: 'R',
  empty: 'null',
  ownClass: retail,
  uses(_, { config }) {
    const weight = WEIGHTS[(config.retail_imbalance?.weight ?? 'NotionalEUR') as Weight]
    const known = ne('Direction', 0)
    return { signed: sum(mul('Direction', weight), known), all: sum(weight, known) }
  },
  value: ({ signed, all }) => signed / all,
})
