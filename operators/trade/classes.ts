import { contains, type Expr, isIn, type Offer, or, startsWith } from '../../lib/core/index.js'

/** Trade classes of semantics 1.6, as conditions on the columns that a table offers. */
export const auctionClass = (): Expr => contains('Classification', 'AUCTION')

export const siClass = (): Expr => startsWith('Classification', 'SI_')

/** OTC: by class or by trade type, whichever the table has. */
export function otcClass(offer: Offer): Expr {
  const byType = isIn('BMLLTradeType', ['OTC'])
  const byClass = contains('Classification', 'OTC')
  if (!offer.has('BMLLTradeType')) return byClass
  return offer.has('Classification') ? or(byClass, byType) : byType
}

export const litType = (): Expr => isIn('BMLLTradeType', ['LIT'])
export const darkType = (): Expr => isIn('BMLLTradeType', ['DARK'])
export const retail = (): Expr => isIn('BMLLParticipantType', ['RETAIL'])
export const oddLot = (): Expr => isIn('LotType', ['ODD', 'ODDLOT'], 'letters')
