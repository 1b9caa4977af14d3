import * as z from 'zod'
import {
  clip,
  count,
  type EntryParameters,
  family,
  first,
  last,
  max,
  mean,
  median,
  metric,
  min,
  mul,
  notNull,
  series,
  sub,
  sum,
} from '../../lib/core/index.js'
import { auctionClass, otcClass, retail } from './classes.js'
import { SIDES } from './sides.js'

export const genericMetrics = family({
  module: 'trade',
  name: 'generic_metrics',
  doc: 'volumes, counts, notionals, prices and dispersion by side',
  axes: [
    { field: 'sides', parameter: 'side' },
    { field: 'measures', parameter: 'measure' },
  ],
  pick: 'measures',
  fields: measures => ({
    sides: z.array(z.enum(SIDES)).min(1).default(['Total']).describe('sides of the aggressor; Total is every trade'),
    measures: z.array(z.enum(measures)).min(1).describe('what to compute'),
  }),
  example: { measures: ['OHLC', 'Volume'] },
})

const GENERIC = { module: 'trade', family: 'generic_metrics' } as const
const named = 'Trade{Side}{Measure}'

/** Total prices keep their bare names (Open), sided ones carry the side (TradeBidOpen). */
const priceName = (part: string) => (parameters: EntryParameters) =>
  parameters.side === 'Total' && parameters.measure === 'OHLC' ? part : `Trade${parameters.side}${part}`

export const volume = metric({
  ...GENERIC,
  pick: 'Volume',
  name: named,
  unit: 'shares',
  doc: 'traded quantity',
  formula: 'Σq',
  merge: 'S',
  empty: 'zero',
  filter: 'volume',
  uses: () => ({ volume: sum('Size') }),
})

export const tradeCount = metric({
  ...GENERIC,
  pick: 'Count',
  name: named,
  unit: 'trades',
  doc: 'number of trades',
  formula: 'number of eligible rows',
  merge: 'S',
  empty: 'zero',
  filter: 'volume',
  uses: () => ({ count: count() }),
})

export const notional = metric({
  ...GENERIC,
  pick: 'Notional',
  name: named,
  unit: 'local currency',
  doc: "traded value in the listing's own unit (pence stay pence)",
  formula: 'Σ p·q',
  merge: 'S',
  empty: 'zero',
  filter: 'volume',
  uses: () => ({ notional: sum('LocalNotional') }),
})

export const notionalEUR = metric({
  ...GENERIC,
  pick: 'NotionalEUR',
  name: named,
  unit: 'EUR',
  doc: 'traded value in EUR',
  formula: 'Σ TradeNotionalEUR',
  merge: 'S',
  empty: 'zero',
  filter: 'volume',
  uses: () => ({ notional: sum('TradeNotionalEUR') }),
})

export const notionalUSD = metric({
  ...GENERIC,
  pick: 'NotionalUSD',
  name: named,
  unit: 'USD',
  doc: 'traded value in USD',
  formula: 'Σ TradeNotionalUSD',
  merge: 'S',
  empty: 'zero',
  filter: 'volume',
  uses: () => ({ notional: sum('TradeNotionalUSD') }),
})

export const retailCount = metric({
  ...GENERIC,
  pick: 'RetailCount',
  name: named,
  unit: 'trades',
  doc: 'number of retail trades, whatever the base filter',
  formula: 'number of rows with BMLLParticipantType = RETAIL',
  merge: 'S',
  empty: 'zero',
  ownClass: retail,
  uses: () => ({ count: count() }),
})

export const blockCount = metric({
  ...GENERIC,
  pick: 'BlockCount',
  name: named,
  unit: 'trades',
  doc: 'number of block trades, whatever the base filter',
  formula: 'number of rows with IsBlock set',
  merge: 'S',
  empty: 'zero',
  ownClass: (_, offer) => offer.flag('IsBlock'),
  uses: () => ({ count: count() }),
})

export const auctionNotional = metric({
  ...GENERIC,
  pick: 'AuctionNotional',
  name: named,
  unit: 'EUR',
  doc: 'value traded in auctions, whatever the base filter',
  formula: 'Σ TradeNotionalEUR over the auction class',
  merge: 'S',
  empty: 'zero',
  ownClass: auctionClass,
  uses: () => ({ notional: sum('TradeNotionalEUR') }),
})

export const otcVolume = metric({
  ...GENERIC,
  pick: 'OTCVolume',
  name: named,
  unit: 'shares',
  doc: 'quantity traded over the counter, whatever the base filter',
  formula: 'Σq over the OTC class',
  merge: 'S',
  empty: 'zero',
  ownClass: (_, offer) => otcClass(offer),
  uses: () => ({ volume: sum('Size') }),
})

export const vwap = metric({
  ...GENERIC,
  pick: 'VWAP',
  name: named,
  unit: 'local currency',
  doc: 'volume-weighted average price',
  formula: 'Σpq / Σq',
  merge: 'R',
  empty: 'null',
  filter: 'price',
  uses: () => ({ notional: sum('LocalNotional'), volume: sum('Size') }),
  value: ({ notional, volume }) => notional / volume,
})

export const open = metric({
  ...GENERIC,
  pick: 'OHLC',
  part: 'Open',
  name: priceName('Open'),
  unit: 'local currency',
  doc: 'price of the first trade by total order',
  formula: 'first p',
  merge: 'O',
  empty: 'null',
  filter: 'price',
  uses: () => ({ price: first('LocalPrice') }),
})

export const high = metric({
  ...GENERIC,
  pick: 'OHLC',
  part: 'High',
  name: priceName('High'),
  unit: 'local currency',
  doc: 'highest price',
  formula: 'max p',
  merge: 'N',
  empty: 'null',
  filter: 'price',
  uses: () => ({ price: max('LocalPrice') }),
})

export const low = metric({
  ...GENERIC,
  pick: 'OHLC',
  part: 'Low',
  name: priceName('Low'),
  unit: 'local currency',
  doc: 'lowest price',
  formula: 'min p',
  merge: 'N',
  empty: 'null',
  filter: 'price',
  uses: () => ({ price: min('LocalPrice') }),
})

export const close = metric({
  ...GENERIC,
  pick: 'OHLC',
  part: 'Close',
  name: priceName('Close'),
  unit: 'local currency',
  doc: 'price of the last trade by total order',
  formula: 'last p',
  merge: 'O',
  empty: 'null',
  filter: 'price',
  uses: () => ({ price: last('LocalPrice') }),
})

export const avgPrice = metric({
  ...GENERIC,
  pick: 'AvgPrice',
  name: named,
  unit: 'local currency',
  doc: 'mean price, every trade alike',
  formula: 'mean p',
  merge: 'R',
  empty: 'null',
  filter: 'price',
  uses: () => ({ price: mean('LocalPrice') }),
})

export const medianPrice = metric({
  ...GENERIC,
  pick: 'MedianPrice',
  name: named,
  unit: 'local currency',
  doc: 'median price',
  formula: 'median p',
  merge: '–',
  empty: 'null',
  filter: 'price',
  uses: () => ({ price: median('LocalPrice') }),
})

export const volatility = metric({
  ...GENERIC,
  pick: 'Volatility',
  name: named,
  unit: '1/√year',
  doc: 'annualised deviation of the log returns between consecutive trades of the bucket',
  formula: 'sd(r)·√(K·n/B), r = ln(p_i/p_{i-1}), n returns, B bucket seconds, K annualisation_seconds',
  merge: 'V',
  empty: 'null',
  filter: 'price',
  uses: (_, { config }) => ({
    volatility: series('trade_volatility', ['LocalPrice'], {
      annualisation_seconds: config.annualisation_seconds,
    }),
  }),
})

export const pricePlacement = metric({
  ...GENERIC,
  pick: 'VolumeWeightedPricePlacement',
  name: named,
  unit: '-1…1',
  doc: 'where in the spread trades took place, weighted by quantity: -1 at the bid, 1 at the ask',
  formula: 'Σ(2·clip(PricePoint, 0, 1) - 1)·q / Σq over rows with PricePoint',
  merge: 'R',
  empty: 'null',
  filter: 'price',
  uses: () => ({
    placement: sum(mul(sub(mul(2, clip('PricePoint', 0, 1)), 1), 'Size'), notNull('PricePoint')),
    volume: sum('Size', notNull('PricePoint')),
  }),
  value: ({ placement, volume }) => placement / volume,
})
