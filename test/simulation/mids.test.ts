import t from 'tap'
import type { Book } from '../../operators/simulation/book.js'
import { HORIZONS_MS } from '../../operators/simulation/trade-columns.js'
import { collect, DAY, type Row, small } from './collect.js'

interface Moment {
  time: number
  bid: number
  ask: number
}

const MIDNIGHT = BigInt(DAY) * 86_400_000_000_000n
const after = (stamp: Row[string]) => Number((stamp as bigint) - MIDNIGHT)

/** Returns the last entry at or before `time`. */
function last<T extends { time: number }>(path: readonly T[], time: number): T | undefined {
  let low = -1
  for (let high = path.length; high - low > 1; ) {
    const middle = (low + high) >> 1
    if (path[middle].time <= time) low = middle
    else high = middle
  }
  return path[low]
}

t.test('every mid and quote is what an observer of the books saw', async t => {
  const books = new Map<number, Moment[]>()
  const settled = (book: Book) => {
    const path = books.get(book.listing) ?? []
    books.set(book.listing, path)
    path.push({ time: book.now, bid: book.price(1), ask: book.price(2) })
  }
  const { trades, reference, marketstate } = collect({ ...small, observer: { settled } })
  const order = new Map(
    [...reference].sort((a, b) => Number(a.ListingId) - Number(b.ListingId)).map((r, i) => [r.ListingId, i]),
  )
  const states = new Map<Row[string], { time: number; state: Row[string] }[]>()
  for (const { ListingId, TimestampNanoseconds, MarketState } of marketstate) {
    if (!states.has(ListingId)) states.set(ListingId, [])
    states.get(ListingId)!.push({ time: after(TimestampNanoseconds), state: MarketState })
  }

  /** The best bid and offer over some listings at a time, from scratch. */
  const quote = (listings: readonly Row[], time: number) => {
    let bid = 0
    let ask = 0
    for (const { ListingId, TickSize } of listings) {
      if (last(states.get(ListingId)!, time)?.state !== 'CONTINUOUS_TRADING') continue
      const moment = last(books.get(order.get(ListingId)!) ?? [], time)
      const units = Math.round((TickSize as number) * 10_000)
      if (moment?.bid) bid = Math.max(bid, (moment.bid * units) / 10_000)
      if (moment?.ask) ask = Math.min(ask || Infinity, (moment.ask * units) / 10_000)
    }
    return { bid, ask, mid: bid > 0 && ask >= bid ? (bid + ask) / 2 : null }
  }

  const same = (a: { bid: number; ask: number }, b: { bid: number; ask: number }) => a.bid === b.bid && a.ask === b.ask
  let wrong = 0
  let nulls = 0
  let scopesDiffer = 0
  const expect = (trade: Row, column: string, wanted: number | null) => {
    if (wanted === null) nulls++
    if (trade[column] === wanted) return
    if (wrong++ < 5) t.fail(`${column} of ${trade.TradeId} is ${trade[column]}, the books say ${wanted}`)
  }
  for (const trade of trades) {
    const time = after(trade.TradeTimestampNanoseconds)
    const all = reference.filter(row => row.InstrumentId === trade.InstrumentId)
    const primary = all.filter(row => row.IsPrimary)
    for (const [scope, listings] of [['', all] as const, ['AtPrimary', primary] as const]) {
      const before = quote(listings, time - 1)
      expect(trade, `BestBidPrice${scope}`, before.bid || null)
      expect(trade, `BestAskPrice${scope}`, before.ask || null)
      expect(trade, `PreTradeMid${scope}`, before.mid)
      expect(trade, `PostTradeMid${scope}`, quote(listings, time).mid)
      for (const ms of HORIZONS_MS) {
        expect(trade, `PreTradeMid${ms}ms${scope}`, quote(listings, time - ms * 1e6).mid)
        expect(trade, `PostTradeMid${ms}ms${scope}`, quote(listings, time + ms * 1e6).mid)
      }
    }
    const elapsed = trade.PreTradeElapsedTimeChg as bigint | null
    if (elapsed !== null) {
      const changed = time - Number(elapsed)
      const [old, since, latest] = [changed - 1, changed, time - 1].map(at => quote(all, at))
      if (same(old, since) || !same(since, latest)) expect(trade, 'PreTradeElapsedTimeChg', null)
    }
    if (trade.PostTradeElapsedTimeChg !== null) {
      const next = time + Number(trade.PostTradeElapsedTimeChg)
      const [now, old, since] = [time, next - 1, next].map(at => quote(all, at))
      if (!same(now, old) || same(old, since)) expect(trade, 'PostTradeElapsedTimeChg', null)
    }
    if (trade.PostTradeMid1000ms !== trade.PostTradeMid1000msAtPrimary) scopesDiffer++
  }
  t.equal(wrong, 0)
  t.ok(nulls > 0, 'some mids are null')
  t.ok(scopesDiffer > 10, 'a second listing makes the consolidated quote differ from the primary one')
})
