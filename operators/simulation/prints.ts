import type { Side } from './book.js'
import { orderSize } from './flow.js'
import type { ListingDay } from './listing-day.js'

/** How each kind of print is reported. `venue` null means the listing's own market. */
export const KINDS = {
  lit: { classification: 'LIT_CONTINUOUS', tradeType: 'LIT', venue: null, onBook: true },
  hidden: { classification: 'LIT_CONTINUOUS', tradeType: 'LIT', venue: null, onBook: true },
  auction: { classification: 'LIT_AUCTION', tradeType: 'LIT', venue: null, onBook: true },
  dark: { classification: 'DARK_MIDPOINT', tradeType: 'DARK', venue: 'TRQM', onBook: false },
  smallSi: { classification: 'SI_ADDRESSABLE_BELOW_LIS', tradeType: 'UNKNOWN', venue: 'SINT', onBook: false },
  largeSi: { classification: 'SI_ADDRESSABLE_ABOVE_LIS', tradeType: 'UNKNOWN', venue: 'SINT', onBook: false },
  otc: { classification: 'OTC_NON_ADDRESSABLE', tradeType: 'OTC', venue: 'XOFF', onBook: false },
  offBook: { classification: 'OFF_BOOK_ON_EXCHANGE', tradeType: 'UNKNOWN', venue: null, onBook: false },
} as const

export type Kind = keyof typeof KINDS

/** A trade as its market sees it. */
export interface Print {
  trade: number // number inside the listing's day
  kind: Kind
  units: number // price × 10 000, in the listing's currency unit; halves occur at mids
  size: number // shares
  side: Side | 0 // aggressor as in AggressorSide: 1 buyer, 2 seller, 0 unknown
  algorithmic?: boolean
  retail?: boolean
  block?: boolean
  negotiated?: boolean
  crossing?: boolean
  /** Reported in the major currency although the listing trades in the minor one. */
  major?: boolean
}

/** Prints one trade that the visible book takes no part in. */
export function printOffBook(day: ListingDay): void {
  const { random } = day
  // Once the market has closed, only reports of deals made elsewhere still come.
  const draw = day.state === 'POST_TRADE' ? 0.75 + random.uniform() / 4 : random.uniform()
  if (draw < 0.25) printHidden(day)
  else if (draw < 0.5) off(day, 'dark', 0.5, orderSize(day))
  else if (draw < 0.68)
    off(day, 'smallSi', random.pick([0.05, 0.5, 0.95, 0.1, 0.9]), orderSize(day), random.chance(0.35))
  else if (draw < 0.72) off(day, 'largeSi', random.uniform(), orderSize(day) * 8)
  else if (draw < 0.88) off(day, 'otc', random.uniform() * 1.6 - 0.3, orderSize(day) * (1 + random.below(6)))
  else off(day, 'offBook', random.uniform() * 2 - 0.5, orderSize(day) * (1 + random.below(3)), random.chance(0.3))
}

/** Prints a fill against an order hidden inside the spread; at the mid, off the book, when there is no room. */
function printHidden(day: ListingDay): void {
  const { book, random, listing } = day
  const bid = book.price(1)
  const room = book.price(2) - bid
  if (bid === 0 || room < 2) {
    off(day, 'dark', 0.5, orderSize(day))
    return
  }
  const side: Side = random.chance(0.5) ? 1 : 2
  const units = (bid + 1 + random.below(room - 1)) * listing.tickUnits
  const algorithmic = random.chance(0.7)
  day.print({ trade: day.nextTrade(), kind: 'hidden', units, size: orderSize(day), side, algorithmic })
}

/** Prints off the book at `place` between bid (0) and ask (1), on a ten-thousandth of the currency unit. */
function off(day: ListingDay, kind: Kind, place: number, shares: number, retail = false): void {
  const { random, listing } = day
  const { touch } = day.instrument
  const block = !retail && kind !== 'dark' && random.chance(kind === 'largeSi' ? 0.5 : 0.06)
  const size = block ? shares * (10 + random.below(40)) : shares
  const quoted = touch.bid > 0 && touch.ask >= touch.bid
  const raw = quoted ? touch.bid + (touch.ask - touch.bid) * place : day.instrument.fair
  // A mid between two units stays exactly there; anything else is rounded as reports are.
  const units = quoted && place === 0.5 ? raw * listing.tickUnits : Math.round(raw * listing.tickUnits)
  day.print({
    trade: day.nextTrade(),
    kind,
    units,
    size,
    side: 0,
    retail,
    block,
    negotiated: block || (kind === 'offBook' && random.chance(0.3)),
    crossing: kind === 'offBook' && random.chance(0.25),
    algorithmic: kind === 'dark' && random.chance(0.5),
    major: listing.currency === 'GBX' && !retail && kind === 'otc' && random.chance(0.08),
  })
}
