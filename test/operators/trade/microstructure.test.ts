import t from 'tap'
import { BasaltError, type EntryParameters, type Metric, type Offer } from '../../../lib/core/index.js'
import * as metrics from '../../../operators/trade/microstructure/index.js'
import { BLOCK, compute, near, offerOf, type Trade, withColumns } from './evaluate.js'

const first = async (metric: Metric, rows: Trade[], parameters: EntryParameters = {}, settings: Partial<Offer> = {}) =>
  (await compute(metric, parameters, rows, settings))[0]

const refused = (
  t: { throws(f: () => unknown, expected: Error): unknown },
  metric: Metric,
  parameters: EntryParameters,
  message: string,
) => t.throws(() => metric.uses(parameters, offerOf([])), new BasaltError('config', message))

t.test('flow imbalance of the block', async t => {
  t.ok(near(await first(metrics.tradeFlowImbalance, BLOCK), 0.23076923076923078))
  t.equal(await first(metrics.tradeFlowImbalance, [{ Price: 1, Size: 1, AggressorSide: 0 }]), null)
})

t.test('time-weighted price of the block', async t => {
  const rows = BLOCK.map((row, i) => ({ ...row, t: 10 * (i + 1) }))
  rows[2].t = 40
  rows[4].t = 50
  t.ok(near(await first(metrics.tradeTwap, rows), 100.3))
  const early = { ...BLOCK[0], Price: 98, t: 30 }
  const later = rows.map(row => ({ ...row, bucket: 1 }))
  const values = await compute(metrics.tradeTwap, { carry_in: true }, [early, ...later])
  t.ok(near(values[1], 99.916666666667))
})

t.test('placement shares; the mid of a decimal quote is met in spite of rounding', async t => {
  const quote = { BestBidPrice: 10.1, BestAskPrice: 10.2 }
  const rows = [10.1, 10.15, 10.2, 10.12, 10.3, 10.0].map((Price, i) => ({ Price, Size: 2 ** i, ...quote }))
  const crossed = { Price: 10.2, Size: 500, BestBidPrice: 10.3, BestAskPrice: 10.2 }
  const unquoted = { Price: 10.2, Size: 500, BestBidPrice: null, BestAskPrice: 10.2 }
  const all = [...rows, crossed, unquoted]
  t.equal(await first(metrics.tradeAtBidShare, all), 1 / 63)
  t.equal(await first(metrics.tradeAtMidShare, all), 2 / 63)
  t.equal(await first(metrics.tradeAtAskShare, all), 4 / 63)
  t.equal(await first(metrics.tradeInsideShare, all), (2 + 8) / 63)
  t.equal(await first(metrics.tradeOutsideShare, all), (16 + 32) / 63)
})

t.test('effective over quoted spread, and price improvement', async t => {
  const quote = { BestBidPrice: 10, BestAskPrice: 10.2 }
  const rows = [
    { Price: 10.2, Size: 100, AggressorSide: 1, ...quote },
    { Price: 10.05, Size: 100, AggressorSide: 2, ...quote },
    { Price: 99, Size: 100, AggressorSide: 0, ...quote },
  ]
  t.ok(near(await first(metrics.effectiveOverQuoted, rows), (20 + 10) / 40))
  t.ok(near(await first(metrics.priceImprovement, rows), 0.025))
  t.ok(near(await first(metrics.priceImprovementBps, rows), (1e4 * 0.025) / 10.1))
})

t.test('shares of value count every trade, in EUR where that is mapped', async t => {
  t.ok(near(await first(metrics.auctionShare, BLOCK), 4080 / 10_572.5))
  t.ok(near(await first(metrics.blockShare, BLOCK), 502.5 / 10_572.5))
  const local = BLOCK.map(({ TradeNotionalEUR: _, ...row }) => row)
  t.ok(near(await first(metrics.auctionShare, local), 4080 / 10_572.5))
  const kinds: [Metric, Trade][] = [
    [metrics.litShare, { BMLLTradeType: 'LIT' }],
    [metrics.darkShare, { BMLLTradeType: 'DARK' }],
    [metrics.siShare, { Classification: 'SI_ADDRESSABLE_BELOW_LIS' }],
    [metrics.offBookShare, { Classification: 'OFF_BOOK_ON_EXCHANGE' }],
    [metrics.retailShare, { BMLLParticipantType: 'RETAIL' }],
    [metrics.oddLotShare, { LotType: 'Odd Lot' }],
  ]
  for (const [metric, marked] of kinds) {
    const other = Object.fromEntries(Object.keys(marked).map(name => [name, 'OTHER']))
    t.equal(
      await first(metric, [
        { Price: 1, Size: 1, ...marked },
        { Price: 1, Size: 3, ...other },
      ]),
      0.25,
      metric.pick,
    )
  }
})

t.test('auction price and volume by market state; dislocation from the mid a minute before', async t => {
  const auction = { Classification: 'LIT_AUCTION', MarketState: 'CLOSING_AUCTION' }
  const rows: Trade[] = [
    {
      t: 10,
      Price: 100,
      Size: 1,
      Classification: 'LIT_CONTINUOUS',
      MarketState: 'CONTINUOUS_TRADING',
      BestBidPrice: 99,
      BestAskPrice: 101,
    },
    {
      t: 50,
      Price: 100,
      Size: 1,
      Classification: 'LIT_CONTINUOUS',
      MarketState: 'CONTINUOUS_TRADING',
      BestBidPrice: 89,
      BestAskPrice: 91,
    },
    { t: 80, Price: 102, Size: 10, ...auction },
    { t: 80, Price: 102, Size: 30, ...auction },
  ]
  t.same(await compute(metrics.closingAuctionPrice, {}, rows), [null, 102])
  t.same(await compute(metrics.closingAuctionVolume, {}, rows), [0, 40])
  t.same(await compute(metrics.openingAuctionVolume, {}, rows), [0, 0])
  t.same(await compute(metrics.auctionDislocation, {}, rows), [null, 200])
})

t.test('models and realised measures reach their kernels', async t => {
  const prices = [100, 101, 100, 101, 100]
  const rows = prices.map((Price, i) => ({
    t: 10 * (i + 1),
    Price,
    Size: 10,
    AggressorSide: i % 2 ? 1 : 2,
    TradeNotionalEUR: 1000,
  }))
  t.ok(near(await first(metrics.rollSpread, rows), 1.885618083164))
  t.ok(near(await first(metrics.tradeRealizedVariance, rows, { grid_seconds: 10 }), 0.000396036336, 1e-11))
  t.ok(near(await first(metrics.tradeBipowerVariation, rows, { grid_seconds: 10 }), 0.000466569317, 1e-11))
  const quoted = rows.map(row => ({ ...row, BestBidPrice: row.Price - 1, BestAskPrice: row.Price + 1 }))
  t.ok(near(await first(metrics.midRealizedVariance, quoted, { grid_seconds: 10 }), 0.000396036336, 1e-11))
  const crossed = withColumns(quoted, { BestBidPrice: 200 })
  t.equal(await first(metrics.midRealizedVariance, crossed, { grid_seconds: 10 }), null)
  t.equal(await first(metrics.tradeVpin, rows, { n: 2, bucket_volume: 20 }), 0)
  const lambda = await first(metrics.kyleLambda, quoted, { interval: '10s' })
  t.ok(near(lambda, (100 + 1e4 / 101) / 2000, 1e-9))
})

t.test('names carry what tells them apart', async t => {
  const name = (metric: Metric, parameters: object) => (metric.name as (parameters: object) => string)(parameters)
  t.equal(name(metrics.tradeVpin, {}), 'Vpin50')
  t.equal(name(metrics.tradeVpin, { n: 10 }), 'Vpin10')
  t.equal(name(metrics.tradeMedRv, {}), 'TradeMedRV5m')
  t.equal(name(metrics.midSemivarianceDown, { grid_seconds: 0.5 }), 'MidRealizedSemivarianceDown500ms')
})

t.test('a parameter that a variant does not take is refused', async t => {
  refused(
    t,
    metrics.rollSpread,
    { n: 5 },
    "'n' has no meaning for RollSpread: it takes no parameter; give it an entry of its own",
  )
  refused(
    t,
    metrics.tradeTwap,
    { carry_in: false, grid_seconds: 1 },
    "'grid_seconds' has no meaning for TradeTwap: it takes carry_in; give it an entry of its own",
  )
  refused(t, metrics.tradeVpin, { n: 5 }, 'Vpin needs bucket_volume, the quantity that fills one of its volume buckets')
  refused(
    t,
    metrics.tradeRealizedVariance,
    {},
    'a grid of 5m leaves TradeRealizedVariance no return in buckets of 60 s; set grid_seconds below',
  )
  refused(t, metrics.kyleLambda, {}, 'interval 5m leaves KyleLambda fewer than 3 bins in buckets of 60 s; shorten it')
})
