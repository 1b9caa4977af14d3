import type { Order, Side } from './book.js'
import type { ListingDay } from './listing-day.js'

const FEW = 10 // orders a side below which new ones come first
const MANY = 45 // about as many as a side holds

/** Applies one passive event of continuous trading: an insert, a cancel or an update. */
export function quote(day: ListingDay): void {
  const { book, random } = day
  const fair = day.instrument.fair
  const bid = book.price(1)
  const ask = book.price(2)
  const draw = random.uniform()
  const side: Side = random.chance(0.5) ? 1 : 2
  const orders = book.orders(side)
  const fullness = orders.length / MANY
  // Quotes on the wrong side of the fair price leave before they are picked off.
  if (bid > 0 && bid > fair - 0.3 && draw < 0.85) book.cancel(book.best(1)!.last!)
  else if (ask > 0 && ask < fair + 0.3 && draw < 0.85) book.cancel(book.best(2)!.last!)
  else if (draw < 0.0004) withdraw(day, side)
  else if (orders.length < FEW || draw < 0.72 - 0.3 * fullness) insert(day, side)
  else if (draw < 0.82) update(day, random.pick(orders))
  else book.cancel(random.pick(orders))
}

/** Inserts a passive limit order, near the touch more often than far from it. */
export function insert(day: ListingDay, side: Side): void {
  const { book, random, listing } = day
  const away = listing.spread * 0.5 * (0.6 + random.uniform() * 0.8) + random.geometric(0.3)
  const size = orderSize(day)
  const iceberg = random.chance(0.05)
  const reserve = iceberg ? size * (2 + random.below(8)) : 0
  book.insert(side, passivePrice(day, side, away), size, reserve)
}

/** Returns the price `away` ticks behind the fair price, moved where needed so that it does not meet the other side anywhere. */
function passivePrice(day: ListingDay, side: Side, away: number): number {
  const { fair, touch } = day.instrument
  // A call collects without matching, so there is nothing to keep clear of.
  const open = day.state === 'CONTINUOUS_TRADING'
  if (side === 1) {
    const price = Math.floor(fair - away)
    return Math.max(1, open && touch.ask > 0 ? Math.min(price, touch.ask - 1) : price)
  }
  return Math.max(Math.ceil(fair + away), open ? touch.bid + 1 : 1)
}

/** Draws an order's size in shares: heavy-tailed, often a round number of lots. */
export function orderSize(day: ListingDay): number {
  const size = Math.ceil(day.listing.typicalSize * day.random.heavy())
  return size > 150 && day.random.chance(0.4) ? Math.round(size / 100) * 100 : size
}

function update(day: ListingDay, order: Order): void {
  const { book, random, listing } = day
  if (random.chance(0.5)) {
    book.update(order, order.price, Math.max(1, Math.floor(order.size * random.uniform())))
  } else {
    const price = passivePrice(day, order.side, listing.spread * 0.5 + random.geometric(0.4))
    book.update(order, price, random.chance(0.7) ? order.size : orderSize(day))
  }
}

/** Empties one side for a moment, as when its market makers all step back. */
function withdraw(day: ListingDay, side: Side): void {
  const orders = day.book.orders(side)
  while (orders.length > 0) day.book.cancel(orders[orders.length - 1])
}

/**
 * Sends one marketable order and prints its fills, at most `most`: they share a stamp. Returns the number of fills,
 * 0 when there is nothing to trade with.
 */
export function aggress(day: ListingDay, most: number): number {
  const { book, random, instrument, listing } = day
  const side = aggressor(day)
  const opposite: Side = side === 1 ? 2 : 1
  const first = book.best(opposite)
  if (!first) return 0
  const reach = random.chance(0.04) ? 1 + random.below(3) : 0 // ticks beyond the touch
  const limit = Math.max(1, side === 1 ? first.price + reach : first.price - reach)
  let size = aggressiveSize(day, first.first!.size, first.size, reach)
  const algorithmic = random.chance(0.6)
  const retail = random.chance(0.04)
  let fills = 0
  while (size > 0 && fills < most) {
    const level = book.best(opposite)
    if (!level || (side === 1 ? level.price > limit : level.price < limit)) break
    const order = level.first!
    const fill = Math.min(size, order.size)
    const price = level.price
    const trade = day.nextTrade()
    book.execute(order, fill, price, trade)
    day.print({ trade, kind: 'lit', units: price * listing.tickUnits, size: fill, side, algorithmic, retail })
    size -= fill
    fills++
  }
  const onlyLeftovers = fills < most && size > 0
  if (onlyLeftovers && random.chance(0.3)) book.insert(side, limit, size)
  // Scaled so that a day's impact adds up to less than its volatility, however many trades it has.
  const impact = Math.min(listing.spread * 0.06, (listing.volatility * 0.4) / Math.sqrt(day.quota))
  instrument.shift((side === 1 ? impact : -impact) * fills)
  return fills
}

/** Draws the side that takes: it leans to where the fair price is, and repeats itself, as split orders do. */
function aggressor(day: ListingDay): Side {
  const { book, random, instrument, listing } = day
  const bid = book.price(1)
  const ask = book.price(2)
  const mid = bid > 0 && ask > 0 ? (bid + ask) / 2 : instrument.fair
  const lean = Math.min(Math.max((instrument.fair - mid) / (2 * listing.spread), -1), 1)
  const persistence = day.lastAggressor === 1 ? 0.12 : -0.12
  const side: Side = random.chance(0.5 + 0.3 * lean + persistence) ? 1 : 2
  day.lastAggressor = side
  return side
}

function aggressiveSize(day: ListingDay, firstOrder: number, level: number, reach: number): number {
  const { random } = day
  if (reach > 0) return level + orderSize(day) * 2
  const draw = random.uniform()
  if (draw < 0.55) return Math.max(1, Math.ceil(firstOrder * random.uniform()))
  if (draw < 0.82) return firstOrder
  return draw < 0.9 ? level : Math.min(level, firstOrder + orderSize(day))
}

/** Adds an order during a call. Some are to trade at any price; those are gone once the auction is over. */
export function callOrder(day: ListingDay): void {
  const { book, random, instrument, listing } = day
  const side: Side = random.chance(0.5) ? 1 : 2
  if (random.chance(0.45)) {
    insert(day, side)
    return
  }
  const sign = side === 1 ? 1 : -1
  const atAnyPrice = random.chance(0.12)
  const through = atAnyPrice ? instrument.fair * 0.05 : random.bell() * listing.spread
  const price = Math.max(1, Math.round(instrument.fair + sign * through))
  book.insert(side, price, orderSize(day) * (atAnyPrice ? 1 : 3), 0, atAnyPrice)
}
