import t from 'tap'
import { simulate } from '../../operators/simulation/market.js'
import { TRADE_COLUMNS } from '../../operators/simulation/trade-columns.js'
import { collect, contentHash, DAY, type Row, small } from './collect.js'

// A change here means that every sample market changes: say so in the changelog.
const GOLDEN = ['00df41f017ca434a', 'f58f45ee56c83634', '7af1561f06d9ee2a']
const GOLDEN_BOOKS = {
  l2: 'b71fd4f329a22e24',
  l3: 'a785b216dcaaf8f4',
  cbbo: '7e5003cf540a4afa',
  imbalance: '77d353895a53a930',
}

const number = (row: Row, column: string) => row[column] as number
const stamp = (row: Row) => row.TradeTimestampNanoseconds as bigint
const days = [DAY, DAY + 1]
const { trades, reference, marketstate } = collect({ ...small, listings: 20, tradesPerDay: 30_000, days })
const lit = trades.filter(trade => trade.Classification === 'LIT_CONTINUOUS')

t.test('there are as many trades as were asked for, on every listing', async t => {
  t.equal(trades.length, 60_000)
  t.equal(new Set(trades.map(trade => trade.ListingId)).size, 20)
  t.equal(new Set(trades.map(trade => trade.TradeId)).size, 30_000, 'trade ids are unique inside a day')
  t.equal(reference.length, 40)
  for (const [listings, tradesPerDay] of [
    [5, 0],
    [5, 3],
    [9, 200],
    [60, 2000],
  ]) {
    t.equal(collect({ ...small, listings, tradesPerDay }).trades.length, tradesPerDay)
  }
})

t.test('rows of a market come by time, then by sequence', async t => {
  for (const mic of ['XLON', 'XPAR']) {
    const rows = trades.filter(trade => trade.MIC === mic && stamp(trade) < BigInt(DAY + 1) * 86_400_000_000_000n)
    t.ok(rows.every((row, i) => i === 0 || stamp(row) >= stamp(rows[i - 1])))
    t.ok(rows.every((row, i) => i === 0 || row.ExchangeSequenceNo! > rows[i - 1].ExchangeSequenceNo!))
  }
  const stamps = new Set(trades.map(trade => `${trade.ListingId} ${trade.TradeTimestampNanoseconds}`))
  t.ok(stamps.size < trades.length * 0.95, 'several fills of one order share a stamp')
  t.ok(
    trades.some(trade => stamp(trade) % 1000n !== 0n),
    'stamps are exact to the ns',
  )
})

t.test('lit prices are on tick, at or beyond the touch that they took', async t => {
  const ticks = new Map(reference.map(row => [row.ListingId, Math.round(number(row, 'TickSize') * 10_000)]))
  const onTick = (trade: Row) =>
    Math.round(number(trade, 'InstrumentCurrencyPrice') * 10_000) % ticks.get(trade.ListingId)! === 0
  t.ok(trades.filter(trade => `${trade.Classification}`.startsWith('LIT_')).every(onTick))
  const point = (trade: Row) => number(trade, 'PricePointAtVenue')
  const quoted = lit.filter(trade => trade.PricePointAtVenue !== null)
  t.ok(quoted.length > lit.length * 0.99)
  const atTouch = quoted.filter(trade => point(trade) === (trade.AggressorSide === 1 ? 1 : 0))
  const inside = quoted.filter(trade => point(trade) > 0 && point(trade) < 1)
  const beyond = quoted.filter(trade => (trade.AggressorSide === 1 ? point(trade) > 1 : point(trade) < 0))
  t.equal(atTouch.length + inside.length + beyond.length, quoted.length)
  t.ok(atTouch.length > quoted.length * 0.75 && inside.length > 0 && beyond.length > 0)
})

t.test('quotes are sane and prices stay in range', async t => {
  const both = trades.filter(trade => trade.BestBidPriceAtVenue !== null && trade.BestAskPriceAtVenue !== null)
  t.ok(both.every(trade => number(trade, 'BestBidPriceAtVenue') < number(trade, 'BestAskPriceAtVenue')))
  const crossed = trades.filter(trade => number(trade, 'BestBidPrice') > number(trade, 'BestAskPrice'))
  t.ok(crossed.length < trades.length * 0.01, `${crossed.length} trades at a crossed consolidated quote`)
  t.ok(trades.every(trade => number(trade, 'Size') > 0 && Number.isInteger(trade.Size)))
  for (const { ListingId } of reference) {
    const prices = trades
      .filter(trade => trade.ListingId === ListingId)
      .map(trade => number(trade, 'InstrumentCurrencyPrice'))
    const range = Math.max(...prices) / Math.min(...prices)
    t.ok(range > 1 && range < 1.25, `range ${range}`)
  }
})

t.test('the day opens and closes with an auction, and is busiest at its ends', async t => {
  for (const { ListingId } of reference.slice(0, 20)) {
    const states = trades.filter(trade => trade.ListingId === ListingId && trade.Classification === 'LIT_AUCTION')
    t.ok(states.some(trade => trade.MarketState === 'OPENING_AUCTION'))
    t.ok(states.some(trade => trade.MarketState === 'CLOSING_AUCTION'))
    const off = states.map(trade => number(trade, 'Price') / number(trade, 'PostTradeMid60000ms') - 1)
    t.ok(
      off.every(share => Math.abs(share) < 0.01 || share === Infinity),
      'the book opens near the auction price',
    )
  }
  const hour = (trade: Row) => Number((stamp(trade) / 3_600_000_000_000n) % 24n)
  const counts = new Array(24).fill(0)
  for (const trade of lit) counts[hour(trade)]++
  t.ok(counts[8] > 2 * counts[12] && counts[15] > 1.5 * counts[12])
})

t.test('every kind of print occurs', async t => {
  const count = (test: (trade: Row) => boolean) => trades.filter(test).length
  for (const [column, value] of [
    ['BMLLTradeType', 'DARK'],
    ['BMLLTradeType', 'OTC'],
    ['Classification', 'SI_ADDRESSABLE_BELOW_LIS'],
    ['Classification', 'OFF_BOOK_ON_EXCHANGE'],
    ['BMLLParticipantType', 'RETAIL'],
    ['IsBlock', 'Y'],
    ['NegotiatedTrade', 'Y'],
    ['CrossingTrade', 'Y'],
    ['AlgorithmicTrade', 'Y'],
    ['LotType', 'ODD'],
    ['MarketState', 'POST_TRADE'],
  ]) {
    t.ok(count(trade => trade[column] === value) > 10, `${column} ${value}`)
  }
  const major = trades.filter(trade => trade.CurrencyCode === 'GBP')
  t.ok(major.length > 0)
  for (const trade of major) {
    t.equal(trade.InstrumentCurrencyCode, 'GBX')
    t.ok(Math.abs(number(trade, 'Price') * 100 - number(trade, 'InstrumentCurrencyPrice')) < 1e-6)
  }
  t.ok(lit.every(trade => trade.AggressorSide === 1 || trade.AggressorSide === 2))
  t.ok(count(trade => trade.Classification !== 'LIT_CONTINUOUS' && trade.AggressorSide !== 0) === 0)
})

t.test('states follow each other and the trades', async t => {
  const first = marketstate.filter(row => row.ListingId === reference[0].ListingId).map(row => row.MarketState)
  t.match(first.slice(0, 3), ['PRE_OPEN', 'OPENING_AUCTION', 'CONTINUOUS_TRADING'])
  t.equal(first.at(-1), 'CLOSED')
  const halts = marketstate.filter(row => row.MarketState === 'HALTED')
  t.ok(halts.length >= 2, 'at least one halt a day')
  t.notOk(trades.some(trade => trade.MarketState === 'HALTED'))
})

t.test('the content of seed 1 is what it was', async t => {
  const { trades, reference, marketstate } = collect(small)
  t.same([trades, reference, marketstate].map(contentHash), GOLDEN)
  t.not(contentHash(collect({ ...small, seed: 2 }).trades), GOLDEN[0])
})

t.test('order books of seed 1 are what they were, and take nothing from the trades', async t => {
  const { trades, reference, marketstate, ...books } = collect({ ...small, tables: undefined })
  t.same([trades, reference, marketstate].map(contentHash), GOLDEN)
  const hashes = Object.entries(books).map(([table, rows]) => [table, contentHash(rows)])
  t.same(Object.fromEntries(hashes), GOLDEN_BOOKS)
  t.same(collect({ ...small, tables: ['l3'] }).trades, [], 'what is not wanted is not there')
})

t.test('schema and faults', async t => {
  t.equal(new Set(TRADE_COLUMNS.map(column => column.name)).size, TRADE_COLUMNS.length)
  const run = (changes: object) => () => [...simulate({ ...small, ...changes })]
  t.throws(run({ markets: ['XLOM'] }), { message: /no market 'XLOM'; did you mean 'XLON'/ })
  t.throws(run({ markets: [] }), { message: /must be/ })
  t.throws(run({ listings: 0 }), { message: /must be/ })
  t.throws(run({ seed: -1 }), { message: /seed must be/ })
  t.throws(run({ days: [2, 1] }), { message: /ascending/ })
  t.throws(run({ tradesPerDay: 1.5 }), { message: /must be/ })
  t.throws(run({ tables: ['l4'] }), { message: /no table 'l4'; did you mean 'l[23]'/ })
  t.throws(run({ tables: [] }), { message: /at least one table/ })
})
