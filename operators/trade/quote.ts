import { add, and, type Expr, ge, mul, NULL, notNull, when } from '../../lib/core/index.js'

/** The quote at the trade, as the trade itself carries it. */
export const BID = 'BestBidPrice'
export const ASK = 'BestAskPrice'

/** The trade carries a two-sided quote that is not crossed; a locked one is valid (semantics 1.3). */
export const validQuote = (): Expr => and(notNull(BID), notNull(ASK), ge(ASK, BID))

/** Twice the mid: what a price is compared with where halving would gain nothing. */
export const quoteSum = (): Expr => add(BID, ASK)

/** Mid of a valid quote, else null. */
export const quoteMid = (): Expr => when(validQuote(), mul(0.5, quoteSum()), NULL)
