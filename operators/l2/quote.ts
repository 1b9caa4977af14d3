import {
  add,
  and,
  coalesce,
  div,
  type Expr,
  type ExprLike,
  gt,
  isNull,
  le,
  lit,
  mul,
  NULL,
  notNull,
  type Offer,
  or,
  sub,
  when,
} from '../../lib/core/index.js'

/** Sides of the book. */
export const SIDES = ['Bid', 'Ask'] as const
export type Side = (typeof SIDES)[number]

const BID = 'BidPrice1'
const ASK = 'AskPrice1'

/** Both sides have a price (semantics 1.3). */
export const twoSided = (): Expr => and(notNull(BID), notNull(ASK))

/** Two-sided, the bid above the ask. */
export const crossed = (): Expr => gt(BID, ASK)

/** Two-sided and not crossed; with `crossed: keep` all that is two-sided. */
export const valid = ({ config }: Offer): Expr => (config.crossed === 'keep' ? twoSided() : le(BID, ASK))

/** A price of one side and none of the other. */
export const oneSided = (): Expr => or(and(notNull(BID), isNull(ASK)), and(isNull(BID), notNull(ASK)))

/** Null unless the quote is valid. */
export const ofValid = (value: ExprLike, offer: Offer): Expr => when(valid(offer), value, NULL)

export const spreadAbs = (): Expr => sub(ASK, BID)

/** 20000(a-b)/(a+b): the spread in basis points of the mid. */
export const spreadBps = (): Expr => div(mul(20_000, sub(ASK, BID)), add(ASK, BID))

export const mid = (): Expr => mul(0.5, add(BID, ASK))

/** (b·Qa + a·Qb)/(Qa + Qb). */
export const weightedMid = (): Expr =>
  div(add(mul(BID, quantity('Ask', 1)), mul(ASK, quantity('Bid', 1))), add(quantity('Ask', 1), quantity('Bid', 1)))

/** Prices that quotes are followed by. */
export const SOURCES = ['Mid', 'Bid', 'Ask', 'WeightedMid'] as const
export type Source = (typeof SOURCES)[number]

/** Returns a price of the best quote, null where there is none: of a side where it is absent, of both unless valid. */
export function sourcePrice(source: Source, offer: Offer): Expr {
  if (source === 'Bid') return { op: 'col', name: BID }
  if (source === 'Ask') return { op: 'col', name: ASK }
  return ofValid(source === 'Mid' ? mid() : weightedMid(), offer)
}

/** Quantity of a level: 0 where there is none. */
export const quantity = (side: Side, level: number): Expr => coalesce(`${side}Quantity${level}`, lit(0))

/** Orders of a level: 0 where there is none. */
export const orders = (side: Side, level: number): Expr => coalesce(`${side}NumOrders${level}`, lit(0))

/** Price times quantity of a level: 0 where there is none. */
export const notional = (side: Side, level: number): Expr =>
  coalesce(mul(`${side}Price${level}`, `${side}Quantity${level}`), lit(0))

/** Adds a measure over levels 1 to `levels`. */
export function cumulative(measure: (side: Side, level: number) => Expr, side: Side, levels: number): Expr {
  let total = measure(side, 1)
  for (let level = 2; level <= levels; level++) total = add(total, measure(side, level))
  return total
}
