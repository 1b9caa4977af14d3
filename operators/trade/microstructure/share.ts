import { type Expr, type Offer, startsWith, sum, TRUE } from '../../../lib/core/index.js'
import { auctionClass, darkType, litType, oddLot, retail, siClass } from '../classes.js'
import { microstructure } from './family.js'

/** Values of one currency compare over classes: EUR where it is mapped, else the listing's own unit. */
const notional = ({ has }: Offer) => (has('TradeNotionalEUR') ? 'TradeNotionalEUR' : 'LocalNotional')

/** Makes the share of all traded value that belongs to a class. Its own class is every trade: all are in the total. */
function share(pick: string, doc: string, formula: string, where: (offer: Offer) => Expr) {
  return microstructure({
    pick,
    unit: 'share',
    doc: `share of traded value ${doc}, among all trades whatever the base filter`,
    formula: `Σw over ${formula} / Σw, w TradeNotionalEUR, or LocalNotional where that is not mapped`,
    merge: 'R',
    empty: 'null',
    filter: 'volume',
    ownClass: () => TRUE,
    uses: (_, offer) => ({ ofClass: sum(notional(offer), where(offer)), all: sum(notional(offer)) }),
    value: ({ ofClass, all }) => ofClass / all,
  })
}

export const litShare = share('LitShare', 'in lit trading', 'BMLLTradeType LIT', litType)
export const darkShare = share('DarkShare', 'in the dark', 'BMLLTradeType DARK', darkType)
export const auctionShare = share('AuctionShare', 'in auctions', 'Classification containing AUCTION', auctionClass)
export const siShare = share('SiShare', 'with systematic internalisers', 'Classification starting with SI_', siClass)
export const offBookShare = share('OffBookShare', 'off book', 'Classification starting with OFF_BOOK', () =>
  startsWith('Classification', 'OFF_BOOK'),
)
export const retailShare = share('RetailShare', 'by retail participants', 'BMLLParticipantType RETAIL', retail)
export const blockShare = share('BlockShare', 'in blocks', 'IsBlock set', offer => offer.flag('IsBlock'))
export const oddLotShare = share('OddLotShare', 'in odd lots', 'LotType ODD or ODDLOT', oddLot)
