import { and, count, metric, module, series } from '../../lib/core/index.js'
import { baseFilter, eligibleTrades, ineligibleTrades, refusedRows, singleCurrency } from '../trade/module.js'
import { BOOK_METRICS } from './microstructure.js'
import { quantity } from './quote.js'

/** The part of module l2 that trades tell: it is added where an entry asks for it. */
export const tradesOfBook = module({
  name: 'l2_trades',
  doc: 'what quotes are set against: prices and numbers of trades; part of module l2, which adds it',
  table: 'trades',
  block: 'l2_analytics',
  settings: {},
  defaults: () => [],
  rows: offer => and(eligibleTrades('volume'), baseFilter(offer)),
  where: ({ filter }, _, offer) => and(eligibleTrades(filter ?? 'volume'), baseFilter(offer)),
  excluded: ineligibleTrades,
  refused: refusedRows,
  single: singleCurrency,
})

const RATIO = {
  family: BOOK_METRICS.name,
  pick: 'QuoteToTradeRatio',
  name: 'QuoteToTradeRatio',
  unit: 'ratio',
  doc: 'changes of the best prices and quantities a trade (LIT_CONTINUOUS where Classification is mapped); null without trades',
  formula: 'L2 rows in which BidPrice1, BidQuantity1, AskPrice1 or AskQuantity1 differ from the row before / trades',
  priority: 'B',
  merge: '–',
  empty: 'zero',
} as const

export const quoteToTradeRatio = metric({
  ...RATIO,
  module: 'l2',
  dividedBy: 'l2_trades.microstructure_metrics.QuoteToTradeRatio',
  uses: () => ({
    changes: series('quote_changes', ['BidPrice1', quantity('Bid', 1), 'AskPrice1', quantity('Ask', 1)]),
  }),
  value: ({ changes }) => changes,
})

export const tradesOfRatio = metric({
  ...RATIO,
  module: 'l2_trades',
  uses: () => ({ trades: count() }),
  value: ({ trades }) => trades,
})
