import {
  count,
  countOf,
  type Expr,
  eq,
  isIn,
  isNull,
  lt,
  mean,
  metric,
  not,
  notIn,
  or,
  sub,
  sum,
} from '../../lib/core/index.js'
import { itemsOf } from '../characteristics/items.js'
import { litType } from '../trade/classes.js'

const { family: tradeItems, item, has } = itemsOf('trade_characteristics', 'trade', 'TradeEventCount')

/** The items of semantics 5.14, Trades. A new one is one exported metric; the config's choices follow. */
export { tradeItems }

export const tradeEventCount = metric({
  ...item('TradeEventCount'),
  unit: 'trades',
  doc: 'number of rows, those without a positive size among them',
  formula: 'number of rows',
  merge: 'S',
  empty: 'zero',
  uses: () => ({ count: count() }),
})

export const tradeVolume = metric({
  ...item('TradeVolume'),
  unit: 'shares',
  doc: 'sum of all sizes; those of cancellations are negative',
  formula: 'Σq over all rows',
  merge: 'S',
  empty: 'zero',
  uses: () => ({ volume: sum('Size') }),
})

export const tradeHasZeroSize = has('TradeHasZeroSize', 'of size zero', 'Size = 0', () => eq('Size', 0))

export const tradeHasCancellations = has('TradeHasCancellations', 'that cancels another', 'Size < 0', () =>
  lt('Size', 0),
)

const knownSide = (): Expr => isIn('AggressorSide', [1, 2])

export const tradeHasUnknownAggressorSide = has(
  'TradeHasUnknownAggressorSide',
  'whose aggressor is unknown',
  'AggressorSide 0 or null',
  () => not(knownSide()),
)

export const tradeHasKnownAggressorSide = has(
  'TradeHasKnownAggressorSide',
  'whose aggressor is known',
  'AggressorSide 1 or 2',
  knownSide,
)

const unknownWord = (column: string): Expr => or(isNull(column), isIn(column, ['', 'UNKNOWN'], 'upper'))

export const tradeHasUnknownType = has(
  'TradeHasUnknownType',
  'of unknown type',
  'BMLLTradeType UNKNOWN, empty or null',
  () => unknownWord('BMLLTradeType'),
)

export const tradeHasUnknownMarketState = has(
  'TradeHasUnknownMarketState',
  'in an unknown market state',
  'MarketState UNKNOWN, empty or null',
  () => unknownWord('MarketState'),
)

export const tradeHasLitTrades = has('TradeHasLitTrades', 'on a lit book', 'BMLLTradeType LIT', litType)

/** ns from a trade to its publication; null without one. Both are stamps, whose difference is exact. */
const delay = (): Expr => sub('PublicationTimestamp', 'EventTime')

export const tradePubEqualsTradeTimestampRatio = metric({
  ...item('TradePubEqualsTradeTimestampRatio'),
  unit: 'share',
  doc: 'share of trades published at the very time at which they took place, among those with a publication time',
  formula: 'rows with PublicationTimestamp = t / rows with PublicationTimestamp',
  merge: 'R',
  empty: 'null',
  uses: () => ({ equal: count(eq(delay(), 0)), published: countOf(delay()) }),
  value: ({ equal, published }) => equal / published,
})

export const tradePubTradeTimestampAvgDiffS = metric({
  ...item('TradePubTradeTimestampAvgDiffS'),
  unit: 's',
  doc: 'mean time from a trade to its publication',
  formula: 'mean (PublicationTimestamp - t) / 10⁹',
  merge: 'R',
  empty: 'null',
  uses: () => ({ delay: mean(delay()) }),
  value: ({ delay }) => delay / 1e9,
})

export const tradeHasMultipleExecutionVenues = metric({
  ...item('TradeHasMultipleExecutionVenues'),
  unit: '0 or 1',
  doc: 'whether trades took place on more than one venue of execution',
  formula: '1 if two rows differ in ExecutionVenue, nulls aside, else 0',
  merge: 'N',
  empty: 'zero',
  uses: () => ({ several: { kernel: 'several', inputs: [{ op: 'col', name: 'ExecutionVenue' }] } }),
})

/** Whether there is a trade that carries a flag, under the flag encoding of the table (semantics 1.6). */
const hasFlag = (name: string, doc: string, column: string) =>
  has(name, doc, `${column} set`, ({ flag }) => flag(column))

export const tradeHasCrossingTrade = hasFlag('TradeHasCrossingTrade', 'that is a cross', 'CrossingTrade')
export const tradeHasNegotiatedTrade = hasFlag('TradeHasNegotiatedTrade', 'that was negotiated', 'NegotiatedTrade')
export const tradeHasAlgorithmicTrade = hasFlag('TradeHasAlgorithmicTrade', 'by an algorithm', 'AlgorithmicTrade')
export const tradeHasBlockTrade = hasFlag('TradeHasBlockTrade', 'that is a block', 'IsBlock')

export const tradeHasTradeId = has('TradeHasTradeId', 'with an identifier', 'TradeId, not empty', () =>
  notIn('TradeId', ['']),
)
