import type { ColumnSpec } from '../../lib/core/index.js'

/** Horizons of the mids before and after a trade, ms, ascending. */
export const HORIZONS_MS = [1, 2, 5, 10, 25, 50, 100, 200, 500, 1000, 5000, 15000, 30000, 60000, 300000] as const

const QUOTE_COLUMNS = ['PricePoint', 'BestBidPrice', 'BestBidSize', 'BestAskPrice', 'BestAskSize']

/** Columns of one scope of mids: at the trade, then by horizon, before and after it; then the elapsed times. */
const midColumns = (scope: string): ColumnSpec[] => [
  ...['Pre', 'Post'].flatMap(when => [
    f64(`${when}TradeMid${scope}`),
    ...HORIZONS_MS.map(ms => f64(`${when}TradeMid${ms}ms${scope}`)),
  ]),
  { name: `PreTradeElapsedTimeChg${scope}`, type: 'i64' },
  { name: `PostTradeElapsedTimeChg${scope}`, type: 'i64' },
]

const f64 = (name: string): ColumnSpec => ({ name, type: 'f64' })
const text = (name: string): ColumnSpec => ({ name, type: 'str', nullable: false })

/**
 * Columns of the trades table. Prices are in the listing's currency unit, except Price (in CurrencyCode); sizes in
 * shares; elapsed times in ns. Null: quotes of a side that is empty or outside continuous trading, PricePoint without
 * a quote of positive spread, mids without a valid quote (past the session included), elapsed times without a change
 * of the quote within 300 s after the trade, or none before it.
 */
export const TRADE_COLUMNS: readonly ColumnSpec[] = [
  { name: 'TradeTimestampNanoseconds', type: 'ts', nullable: false },
  { name: 'TradeTimestamp', type: 'ts', nullable: false }, // the same, cut to µs
  { name: 'PublicationTimestamp', type: 'ts', nullable: false },
  { name: 'ExchangeSequenceNo', type: 'i64', nullable: false },
  text('MIC'),
  text('Ticker'),
  { name: 'ListingId', type: 'i64', nullable: false },
  { name: 'InstrumentId', type: 'i64', nullable: false },
  text('TradeId'),
  text('ExecutionVenue'),
  { name: 'Price', type: 'f64', nullable: false },
  { name: 'InstrumentCurrencyPrice', type: 'f64', nullable: false },
  text('CurrencyCode'),
  text('InstrumentCurrencyCode'),
  { name: 'MinorCurrencyFactor', type: 'f64', nullable: false },
  { name: 'Size', type: 'f64', nullable: false },
  { name: 'TradeNotional', type: 'f64', nullable: false },
  { name: 'TradeNotionalEUR', type: 'f64', nullable: false },
  { name: 'TradeNotionalUSD', type: 'f64', nullable: false },
  { name: 'AggressorSide', type: 'i32', nullable: false },
  text('Classification'),
  text('BMLLTradeType'),
  text('MarketState'),
  text('MarketStateAtPrimary'),
  text('BMLLParticipantType'),
  text('NegotiatedTrade'),
  text('CrossingTrade'),
  text('AlgorithmicTrade'),
  text('IsBlock'),
  text('LotType'),
  ...['', 'AtVenue', 'AtPrimary'].flatMap(scope => QUOTE_COLUMNS.map(name => f64(name + scope))),
  ...midColumns(''),
  ...midColumns('AtPrimary'),
]

/** Positions of the columns by name. */
export const TRADE_AT = Object.fromEntries(TRADE_COLUMNS.map((spec, i) => [spec.name, i])) as Record<string, number>
