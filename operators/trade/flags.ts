import * as z from 'zod'
import {
  BasaltError,
  count,
  countOf,
  type EntryParameters,
  type Expr,
  family,
  gt,
  metric,
  not,
  type Offer,
  sum,
  TRUE,
} from '../../lib/core/index.js'
import { ICEBERG_TAG } from '../iceberg/tagging.js'
import { auctionClass, darkType, litType, oddLot, otcClass } from './classes.js'
import { SIDES, sideSuffix } from './sides.js'

/** Trades that module iceberg tags. */
const ofIcebergs = ({ config }: Offer): Expr => (config.use_tagged_trades ? gt(ICEBERG_TAG, 0) : not(TRUE))

/** Trades that carry each flag (semantics 1.6). A new flag is one line. */
export const FLAGS = {
  AuctionTrade: () => auctionClass(),
  OTCTrade: otcClass,
  DarkTrade: () => darkType(),
  LitTrade: () => litType(),
  NegotiatedTrade: ({ flag }) => flag('NegotiatedTrade'),
  CrossTrade: ({ flag }) => flag('CrossingTrade'),
  AlgorithmicTrade: ({ flag }) => flag('AlgorithmicTrade'),
  BlockTrade: ({ flag }) => flag('IsBlock'),
  OddLotTrade: () => oddLot(),
  IcebergExecution: ofIcebergs,
} satisfies Record<string, (offer: Offer) => Expr>

type Flag = keyof typeof FLAGS

const flags = Object.keys(FLAGS) as [Flag, ...Flag[]]

/** The measures name the metrics: a new measure is one exported value. The flags only exchange the rows. */
export const flagMetrics = family({
  module: 'trade',
  name: 'flag_metrics',
  doc: 'volume, number and size of the trades that carry a flag, whatever the base filter',
  axes: [
    { field: 'flags', parameter: 'flag' },
    { field: 'measures', parameter: 'measure' },
    { field: 'sides', parameter: 'side' },
  ],
  pick: 'measures',
  fields: measures => ({
    flags: z.array(z.enum(flags)).min(1).describe('flags, each by itself'),
    measures: z.array(z.enum(measures)).min(1).describe('what to compute'),
    sides: z.array(z.enum(SIDES)).min(1).default(['Total']).describe('sides of the aggressor; Total is every trade'),
  }),
  example: { flags: ['AuctionTrade'], measures: ['Volume', 'Count'] },
})

/** Refuses the flag that nothing sets. */
function checkFlag({ flag }: EntryParameters, { config }: Offer): void {
  if (flag !== 'IcebergExecution' || config.use_tagged_trades) return
  const problem = 'IcebergExecution is what module iceberg tags trades by; set use_tagged_trades: true'
  throw new BasaltError('config', problem)
}

const FLAGGED = {
  module: 'trade',
  family: 'flag_metrics',
  name: ({ flag, measure, side }: EntryParameters) => `${flag}${measure}${sideSuffix(side)}`,
  filter: 'volume',
  ownClass: ({ flag }: EntryParameters, offer: Offer) => FLAGS[flag as Flag](offer),
} as const

export const flaggedVolume = metric({
  ...FLAGGED,
  pick: 'Volume',
  unit: 'shares',
  doc: 'quantity of the trades that carry the flag',
  formula: 'Σq over rows with the flag',
  merge: 'S',
  empty: 'zero',
  uses(parameters, offer) {
    checkFlag(parameters, offer)
    return { volume: sum('Size') }
  },
})

export const flaggedCount = metric({
  ...FLAGGED,
  pick: 'Count',
  unit: 'trades',
  doc: 'number of trades that carry the flag',
  formula: 'number of rows with the flag',
  merge: 'S',
  empty: 'zero',
  uses(parameters, offer) {
    checkFlag(parameters, offer)
    return { count: count() }
  },
})

export const flaggedAvgNotional = metric({
  ...FLAGGED,
  pick: 'AvgNotional',
  unit: 'EUR',
  doc: 'value of the trades that carry the flag over their number',
  formula: 'Σ TradeNotionalEUR / number, over rows with the flag',
  merge: 'R',
  empty: 'null',
  uses(parameters, offer) {
    checkFlag(parameters, offer)
    return { notional: sum('TradeNotionalEUR'), valued: countOf('TradeNotionalEUR'), number: count() }
  },
  value: ({ notional, valued, number }) => (valued > 0 ? notional / number : Number.NaN),
})
