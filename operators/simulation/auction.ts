import type { Book, Level } from './book.js'

/**
 * Finds the uncrossing price of a call auction, in ticks: the limit price at which most shares trade, then with the
 * least surplus, then nearest to `reference`, then the lowest. Returns 0 when nothing would trade. Orders for the
 * auction alone trade at any price and so name none.
 */
export function auctionPrice(book: Book, reference: number): number {
  const prices = [...book.levels(1), ...book.levels(2)].filter(namesPrice).map(level => level.price)
  let best = { price: 0, volume: 0, surplus: 0, distance: 0 }
  for (const price of prices.sort((a, b) => a - b)) {
    const demand = sharesAt(book, 1, price)
    const supply = sharesAt(book, 2, price)
    const volume = Math.min(demand, supply)
    const surplus = Math.abs(demand - supply)
    const distance = Math.abs(price - reference)
    const order = best.volume - volume || surplus - best.surplus || distance - best.distance
    if (volume > 0 && order < 0) best = { price, volume, surplus, distance }
  }
  return best.price
}

function namesPrice(level: Level): boolean {
  for (let order = level.first; order; order = order.behind) if (!order.auctionOnly) return true
  return false
}

/** Counts the shares that a side would trade at `price` ticks, undisplayed ones included. */
export function sharesAt(book: Book, side: 1 | 2, price: number): number {
  let shares = 0
  for (const level of book.levels(side)) {
    const willing = side === 1 ? level.price >= price : level.price <= price
    if (!willing) continue
    shares += level.size
    for (let order = level.first; order; order = order.behind) shares += order.reserve
  }
  return shares
}

/**
 * Trades everything executable at `price` in priority order and calls `print` for each trade, at most `prints` times:
 * a market that reports fewer trades than fills reports the rest as one. Returns the number of trades printed.
 */
export function uncross(
  book: Book,
  price: number,
  prints: number,
  nextTrade: () => number,
  print: (trade: number, size: number) => void,
): number {
  let printed = 0
  let size = 0
  let trade = 0
  for (;;) {
    const bid = book.best(1)?.first
    const ask = book.best(2)?.first
    if (!bid || !ask || bid.price < price || ask.price > price) break
    const fill = Math.min(bid.size, ask.size)
    if (size > 0 && printed < prints - 1) {
      print(trade, size)
      printed++
      size = 0
    }
    if (size === 0) trade = nextTrade()
    size += fill
    book.execute(bid, fill, price, trade)
    book.execute(ask, fill, price, trade)
  }
  if (size > 0) {
    print(trade, size)
    printed++
  }
  return printed
}

/** Removes what was meant for the auction alone, as a market-on-open order with nothing left to trade against. */
export function dropAuctionOrders(book: Book): void {
  for (const side of [1, 2] as const) {
    for (const order of book.orders(side).filter(candidate => candidate.auctionOnly)) book.cancel(order)
  }
}
