import t from 'tap'
import { AnnouncementLog } from '../../../operators/simulation/announcement-log.js'
import { Book } from '../../../operators/simulation/book.js'
import type { ListingDay } from '../../../operators/simulation/listing-day.js'
import { buildListings } from '../../../operators/simulation/listings.js'
import { collect, DAY, rowsOf, small } from '../../simulation/collect.js'

const SECOND = 1e9
const [listing] = buildListings(1, ['XLON'], 1)
const priceAt = (ticks: number) => (ticks * listing.tickUnits) / 10_000

/** A listing in a call of 60 s, as far as announcements look at it. */
function call() {
  const book = new Book(0, undefined)
  book.state = 'CLOSING_AUCTION'
  const phases = [
    { state: 'CONTINUOUS_TRADING', start: 0, end: 100 * SECOND },
    { state: 'CLOSING_AUCTION', start: 100 * SECOND, end: 160 * SECOND },
    { state: 'POST_TRADE', start: 160 * SECOND, end: Number.POSITIVE_INFINITY },
  ]
  const day = { book, phases, listing, instrument: { fair: 100 }, state: 'CLOSING_AUCTION' }
  return { book, day: day as unknown as ListingDay }
}

const read = (log: AnnouncementLog) => rowsOf(log.take(true)!)

t.test('an announcement says where most would trade and who is left', async t => {
  const { book, day } = call()
  const log = new AnnouncementLog(DAY)
  book.insert(1, 101, 50)
  book.insert(1, 99, 70)
  log.note(day, 100 * SECOND)
  book.insert(2, 98, 20, 10) // an iceberg: 30 in all
  log.note(day, 110 * SECOND)
  book.insert(2, 100, 60)
  log.note(day, 120 * SECOND)
  const [nothing, buyers, sellers] = read(log)
  t.match(nothing, { IndicativeUncrossingPrice: null, PairedQuantity: 0, ImbalanceQuantity: null, ImbalanceSide: 0 })
  t.match(buyers, { PairedQuantity: 30, ImbalanceQuantity: 20, ImbalanceSide: 1, MarketState: 'CLOSING_AUCTION' })
  t.match(sellers, { PairedQuantity: 50, ImbalanceQuantity: 40, ImbalanceSide: 2 })
  t.equal(buyers.IndicativeUncrossingPrice, priceAt(101))
  t.equal(sellers.IndicativeUncrossingPrice, priceAt(100))
  t.equal(sellers.TimestampNanoseconds, BigInt(DAY) * 86_400_000_000_000n + 120_000_000_000n)
})

t.test('announcements are ten seconds apart, in calls only, and none is the uncrossing', async t => {
  const { day } = call()
  const log = new AnnouncementLog(DAY)
  for (const second of [100, 105, 109.9, 111, 120, 121.5, 159.9999]) log.note(day, second * SECOND)
  log.note({ ...day, state: 'POST_TRADE' } as ListingDay, 165 * SECOND)
  const seconds = read(log).map(row => Number((row.TimestampNanoseconds as bigint) % 86_400_000_000_000n) / SECOND)
  t.same(seconds, [100, 111, 121.5])
})

t.test('the last announcement of a call is near what it uncrosses to', async t => {
  const { imbalance, trades } = collect({ ...small, tables: ['imbalance', 'trades'] })
  let calls = 0
  for (const state of ['OPENING_AUCTION', 'CLOSING_AUCTION']) {
    for (const id of new Set(imbalance.map(row => row.ListingId))) {
      const here = { ListingId: id, MarketState: state }
      const of = (rows: typeof trades) => rows.filter(row => row.ListingId === id && row.MarketState === state)
      const last = of(imbalance).at(-1)
      const uncrossed = of(trades).filter(row => row.Classification === 'LIT_AUCTION')
      if (!last || uncrossed.length === 0) continue
      calls++
      t.match(last, here)
      const ratio = (last.IndicativeUncrossingPrice as number) / (uncrossed[0].InstrumentCurrencyPrice as number)
      t.ok(Math.abs(ratio - 1) < 0.01, `${ratio}`)
      t.ok(of(imbalance).length > 5)
    }
  }
  t.ok(calls >= 10, `${calls} calls`)
})
