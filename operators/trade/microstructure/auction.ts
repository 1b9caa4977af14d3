import { and, type Expr, isIn, series, sum, TRUE, when } from '../../../lib/core/index.js'
import { auctionClass } from '../classes.js'
import { quoteMid } from '../quote.js'
import { microstructure } from './family.js'

const LEAD_NS = 60_000_000_000

const trading = (state: string) => (): Expr => and(auctionClass(), isIn('MarketState', [state]))

/** Makes the price and the volume of the auction that one market state holds. */
function auction(name: 'Opening' | 'Closing', state: string) {
  const where = `auction class in MarketState ${state}`
  const price = microstructure({
    pick: `${name}AuctionPrice`,
    unit: 'local currency',
    doc: `volume-weighted price of the ${name.toLowerCase()} auction, whatever the base filter`,
    formula: `Σpq / Σq over the ${where}`,
    merge: 'R',
    empty: 'null',
    filter: 'price',
    ownClass: trading(state),
    uses: () => ({ notional: sum('LocalNotional'), volume: sum('Size') }),
    value: ({ notional, volume }) => notional / volume,
  })
  const volume = microstructure({
    pick: `${name}AuctionVolume`,
    unit: 'shares',
    doc: `quantity traded in the ${name.toLowerCase()} auction, whatever the base filter`,
    formula: `Σq over the ${where}`,
    merge: 'S',
    empty: 'zero',
    filter: 'volume',
    ownClass: trading(state),
    uses: () => ({ volume: sum('Size') }),
  })
  return [price, volume] as const
}

export const [openingAuctionPrice, openingAuctionVolume] = auction('Opening', 'OPENING_AUCTION')
export const [closingAuctionPrice, closingAuctionVolume] = auction('Closing', 'CLOSING_AUCTION')

/** Its own class is every trade: the mid before the auction is that of any earlier trade of the day. */
export const auctionDislocation = microstructure({
  pick: 'AuctionDislocation',
  unit: 'bps',
  doc:
    "distance of the price of a bucket's last auction trade from the mid a minute before it, which is that of the " +
    'valid quote of the last trade at least 60 s earlier; whatever the base filter',
  formula: '10⁴·|m_{t-60s} - p|/m_{t-60s}, p last price of the auction class',
  merge: '–',
  empty: 'null',
  filter: 'price',
  ownClass: () => TRUE,
  uses: () => ({
    dislocation: series('dislocation', ['LocalPrice', when(auctionClass(), 1, 0), quoteMid()], { lead_ns: LEAD_NS }),
  }),
})
