import t from 'tap'
import * as metrics from '../../../operators/trade/discrepancy.js'
import { BLOCK, compute, near, registry, withColumns } from './evaluate.js'

const rows = withColumns(BLOCK, { PostTradeMid: 100.05, BestBidPrice: 99.8 })
const entry = { reference: 'EBBO', side: 'Total', signed: false }

const mean = async (parameters: object) =>
  (await compute(metrics.discrepancyMean, { ...entry, ...parameters }, rows))[0]

t.test('worked example', async t => {
  t.ok(near(await mean({}), 7.496251874063255))
  t.ok(near((await compute(metrics.discrepancyMax, entry, rows))[0], 94.95252373813123))
  t.ok(near(await mean({ side: 'Bid' }), 69.96501749125466))
  t.ok(near(await mean({ reference: 'BestBid' }), 32.56513026052133))
  t.ok(near(await mean({ reference: 'BestBid', side: 'Bid' }), 95.19038076152333))
  t.equal(await mean({ side: 'Unknown' }), null)
})

t.test('every aggregation of the same distances', async t => {
  const bps = [100, 101, 99, 100.5].map(price => (10_000 * (price - 100.05)) / 100.05)
  const sorted = bps.toSorted((a, b) => a - b)
  const average = bps.reduce((a, b) => a + b, 0) / 4
  const expected = {
    First: bps[0],
    Last: bps[3],
    Min: sorted[0],
    Max: sorted[3],
    Sum: average * 4,
    Median: (sorted[1] + sorted[2]) / 2,
    Std: Math.sqrt(bps.reduce((total, x) => total + (x - average) ** 2, 0) / 3),
  }
  for (const [agg, value] of Object.entries(expected)) {
    const [metric] = registry.metricsOf('trade', 'discrepancy_metrics', agg)
    t.ok(near((await compute(metric, { ...entry, agg }, rows))[0], value), agg)
  }
})

t.test('a sum over nothing is null, not 0', async t => {
  t.same(await compute(metrics.discrepancySum, { ...entry, side: 'Unknown' }, rows), [null])
})

t.test('trades without a reference, or with reference 0, are left out', async t => {
  const gaps = [
    { Price: 100, Size: 1, PostTradeMid: 0 },
    { Price: 100, Size: 1, PostTradeMid: null },
    { Price: 101, Size: 1, PostTradeMid: 100 },
  ]
  t.ok(near((await compute(metrics.discrepancyMean, entry, gaps))[0], 100))
  t.ok(near((await compute(metrics.discrepancyFirst, entry, gaps))[0], 100))
})

t.test('signed distances turn round for sellers and leave out unknown sides', async t => {
  const signed = [
    { Price: 101, Size: 1, AggressorSide: 1, PostTradeMid: 100 },
    { Price: 101, Size: 1, AggressorSide: 2, PostTradeMid: 100 },
    { Price: 110, Size: 1, AggressorSide: 0, PostTradeMid: 100 },
    { Price: 102, Size: 1, AggressorSide: 1, PostTradeMid: 100 },
  ]
  t.ok(near((await compute(metrics.discrepancyMean, { ...entry, signed: true }, signed))[0], 200 / 3))
})

t.test('names', async t => {
  const name = metrics.discrepancyMax.name as (parameters: object) => string
  t.equal(name({ reference: 'BestBidAtVenue', side: 'Bid', signed: true }), 'SignedDiscrepancyToBestBidAtVenueBidMax')
  t.equal((metrics.discrepancyMean.name as typeof name)({ reference: 'EBBO', side: 'Total' }), 'DiscrepancyToEBBO')
})
