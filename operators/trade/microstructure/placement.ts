import { and, type Expr, eq, gt, le, lt, mul, or, sub, sum } from '../../../lib/core/index.js'
import { ASK, BID, quoteSum, validQuote } from '../quote.js'
import { microstructure } from './family.js'

/** Makes the share of the quoted quantity that traded at one place of the quote at the trade. */
function placement(pick: string, doc: string, formula: string, where: () => Expr) {
  return microstructure({
    pick,
    unit: 'share',
    doc: `share of quantity traded ${doc}, among trades with a two-sided quote that is not crossed`,
    formula: `Σq over ${formula} / Σq`,
    merge: 'R',
    empty: 'null',
    filter: 'price',
    uses: () => ({ placed: sum('Size', and(validQuote(), where())), quoted: sum('Size', validQuote()) }),
    value: ({ placed, quoted }) => placed / quoted,
  })
}

/** Doubles cannot hold the mid of most decimal quotes: a price within this part of the ask is at the mid. */
const NEAR = 1e-9

/** Squares, because prices of spreads and futures may be negative. */
function atMid(): Expr {
  const gap = sub(mul(2, 'LocalPrice'), quoteSum())
  return le(mul(gap, gap), mul(NEAR * NEAR, mul(ASK, ASK)))
}

export const tradeAtBidShare = placement('TradeAtBidShare', 'at the best bid', 'p = b', () => eq('LocalPrice', BID))

export const tradeAtMidShare = placement(
  'TradeAtMidShare',
  'at the mid, to 10⁻⁹ of the ask',
  '2p = a + b, to 10⁻⁹·|a|',
  atMid,
)

export const tradeAtAskShare = placement('TradeAtAskShare', 'at the best ask', 'p = a', () => eq('LocalPrice', ASK))

export const tradeInsideShare = placement(
  'TradeInsideShare',
  'strictly inside the spread, mid included',
  'b < p < a',
  () => and(gt('LocalPrice', BID), lt('LocalPrice', ASK)),
)

export const tradeOutsideShare = placement('TradeOutsideShare', 'outside the spread', 'p < b or p > a', () =>
  or(lt('LocalPrice', BID), gt('LocalPrice', ASK)),
)
