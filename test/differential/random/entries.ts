import type { Random } from '../../../operators/simulation/random.js'
import { type Condition, drawFilter, drawStates, type Filter, some } from './filters.js'

/** An entry of a metric family, as configs have it. */
export interface Entry {
  sides?: string[]
  measures?: string[]
  references?: string[]
  aggregations?: string[]
  signed?: boolean
  flags?: string[]
  scopes?: string[]
  variant?: string[]
  horizon?: (string | null)[]
  reference_price_col?: string
  mid_source?: 'ebbo' | 'primary'
  unit?: 'price' | 'bps'
  weighting?: 'equal' | 'share' | 'notional'
  with_counts?: boolean
  grid_seconds?: number
  output_name_pattern?: string
  market_states?: Condition
  attribute_filters?: Filter
}

export const SIDES = ['Total', 'Bid', 'Ask', 'Unknown']
export const MEASURES = [
  ...['Volume', 'Count', 'Notional', 'NotionalEUR', 'NotionalUSD', 'RetailCount', 'BlockCount', 'AuctionNotional'],
  ...['OTCVolume', 'VWAP', 'OHLC', 'AvgPrice', 'MedianPrice', 'VolumeWeightedPricePlacement', 'Volatility'],
]
export const AGGREGATIONS = ['Mean', 'First', 'Last', 'Min', 'Max', 'Sum', 'Median', 'Std']
export const REFERENCES = [
  ...['MidAtPrimary', 'EBBO', 'PreTradeMid', 'PreTradeMidAtPrimary', 'MidPrice', 'BestBid', 'BestAsk'],
  ...['BestBidAtVenue', 'BestAskAtVenue', 'BestBidAtPrimary', 'BestAskAtPrimary'],
]
export const FLAGS = [
  ...['AuctionTrade', 'OTCTrade', 'DarkTrade', 'LitTrade', 'NegotiatedTrade', 'CrossTrade', 'AlgorithmicTrade'],
  ...['BlockTrade', 'OddLotTrade'],
]
export const FLAG_MEASURES = ['Volume', 'Count', 'AvgNotional']
export const CHANGES = ['PreTradeElapsedTimeChg', 'PostTradeElapsedTimeChg', 'PricePoint']
export const IMPACTS = ['EffectiveSpread', 'RealizedSpread', 'PriceImpact']
export const MICRO = [
  ...['TradeFlowImbalance', 'TradeAtBidShare', 'TradeAtMidShare', 'TradeAtAskShare', 'TradeInsideShare'],
  ...['TradeOutsideShare', 'EffectiveOverQuoted', 'PriceImprovement', 'PriceImprovementBps', 'LitShare', 'DarkShare'],
  ...['AuctionShare', 'SiShare', 'OffBookShare', 'RetailShare', 'BlockShare', 'OddLotShare', 'OpeningAuctionPrice'],
  ...['OpeningAuctionVolume', 'ClosingAuctionPrice', 'ClosingAuctionVolume'],
]
/** Order of rows matters to them. A day's trades may lie beyond its midnight, where a price stands for no time. */
export const SERIES = ['RollSpread', 'TradeTwap']

const POINTS = 'sparse_original'

/** Fields that tell the columns of an entry apart, so that a pattern of them never makes one name twice. */
const PATTERNS: Record<string, string> = {
  generic_metrics: '{side}{measure}',
  discrepancy_metrics: '{reference}{agg}{side}',
  flag_metrics: '{flag}{measure}{side}',
  change_metrics: '{measure}{scope}',
  impact_metrics: '{variant}{horizon}',
  microstructure_metrics: '{variant}',
}
export const FAMILIES = Object.keys(PATTERNS)

/** Draws the entries of a pass by family: those that rows of a timeline mode may have. */
export function drawEntries(random: Random, mode: string): Record<string, Entry[]> {
  const families: Record<string, Entry[]> = {}
  const chosen = [random.chance(0.7) ? 'generic_metrics' : random.pick(FAMILIES), ...some(random, FAMILIES, 2)]
  for (const [n, family] of chosen.entries()) {
    const entries = (families[family] ??= [])
    const entry = drawEntry(random, family, mode, entries.length > 0)
    if (entries.length > 0 || random.chance(0.15)) {
      if (!entry.horizon?.includes(null)) entry.output_name_pattern = `X${n}${PATTERNS[family]}`
    }
    if (random.chance(0.25)) entry.market_states = drawStates(random)
    if (random.chance(0.4)) entry.attribute_filters = drawFilter(random)
    entries.push(entry)
  }
  return families
}

function drawEntry(random: Random, family: string, mode: string, further: boolean): Entry {
  const sides = some(random, SIDES)
  const series = mode === POINTS ? [] : mode === 'daily_analytics' ? SERIES.slice(0, 1) : SERIES
  switch (family) {
    case 'generic_metrics':
      return { sides, measures: some(random, mode === POINTS ? MEASURES.slice(0, -1) : MEASURES, 5) }
    case 'discrepancy_metrics':
      return {
        references: some(random, REFERENCES, 4),
        sides,
        aggregations: some(random, AGGREGATIONS, 3),
        signed: random.chance(0.4),
      }
    case 'flag_metrics':
      return { flags: some(random, FLAGS, 4), measures: some(random, FLAG_MEASURES), sides }
    case 'change_metrics':
      return random.chance(0.5)
        ? { measures: ['PricePoint'], scopes: some(random, ['Local', 'Primary', 'Venue']) }
        : { measures: some(random, CHANGES), scopes: some(random, ['Local', 'Primary']) }
    case 'impact_metrics':
      return drawImpact(random, further)
    default:
      return { variant: some(random, [...MICRO, ...series, ...series], 8).filter(unique) }
  }
}

function drawImpact(random: Random, further: boolean): Entry {
  const effective = !further && random.chance(0.4)
  return {
    variant: effective ? ['EffectiveSpread'] : some(random, IMPACTS),
    horizon: effective ? [null] : some(random, ['100ms', '1s', '1m']),
    reference_price_col: random.pick(['PreTradeMid', 'PreTradeMid', 'PreTradeMidAtPrimary', 'BestAskPrice']),
    mid_source: random.pick(['ebbo', 'primary'] as const),
    unit: random.pick(['price', 'bps'] as const),
    weighting: random.pick(['equal', 'share', 'notional'] as const),
    with_counts: random.chance(0.5),
  }
}

const unique = <T>(item: T, index: number, items: readonly T[]) => items.indexOf(item) === index
