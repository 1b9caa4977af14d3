import fc from 'fast-check'
import t from 'tap'
import { z } from 'zod'
import type { EntryParameters, Metric } from '../../../lib/core/index.js'
import * as impact from '../../../operators/trade/impact.js'
import { compute, near, offerOf, type Trade } from './evaluate.js'

const fields = impact.impactMetrics.fields(['EffectiveSpread', 'RealizedSpread', 'PriceImpact'])
const schema = z.strictObject(fields as Record<string, z.ZodType>)

/** Reads an entry as a config does, and returns the parameters of its first horizon. */
function entry(given: object): EntryParameters {
  const { horizon, ...rest } = schema.parse({ variant: ['EffectiveSpread'], ...given }) as EntryParameters
  return { ...rest, horizon: horizon[0] }
}

const nameOf = (metric: Metric, given: object) => (metric.name as (parameters: object) => string)(entry(given))

// Horizon 10 s is not one that trades carry; 5 s stands in for it.
const rows: Trade[] = [
  [100, 1, 99.95],
  [101, 2, 99.95],
  [99, 1, 99.95],
  [100.5, 2, null],
  [100.2, 0, 99.95],
].map(([Price, AggressorSide, later]) => ({
  Price,
  Size: 10,
  AggressorSide,
  PreTradeMid: 99.9,
  PostTradeMid1000ms: 100.05,
  PostTradeMid5000ms: later,
}))

const value = async (metric: Metric, given: object, trades = rows, settings = {}) =>
  (await compute(metric, entry(given), trades, settings))[0]

t.test('worked example: three horizons of three variants', async t => {
  const { effectiveSpread, realizedSpread, priceImpact } = impact
  t.ok(near(await value(effectiveSpread, {}), -1.25))
  t.ok(near(await value(effectiveSpread, { horizon: ['1s'] }), -1.25))
  t.ok(near(await value(effectiveSpread, { horizon: ['5s'] }), -1.266666666667))
  t.ok(near(await value(realizedSpread, {}), -1.25))
  t.ok(near(await value(realizedSpread, { horizon: ['5s'] }), -1.3))
  t.ok(near(await value(priceImpact, {}), 0))
  t.ok(near(await value(priceImpact, { horizon: ['5000ms'] }), 0.033333333333))
  t.ok(near(await value(effectiveSpread, { unit: 'bps' }), -125.125125125125))
})

t.test('unknown sides are counted when that is asked for', async t => {
  const { effectiveSpreadUnknownSide, priceImpactUnknownSide } = impact
  t.equal(await value(effectiveSpreadUnknownSide, { with_counts: true }), 1)
  t.equal(await value(priceImpactUnknownSide, { with_counts: true, horizon: ['5s'] }), 1)
  t.same(priceImpactUnknownSide.uses(entry({}), offerOf(rows)), {})
})

t.test('reference column, and a mid of the primary market', async t => {
  const trade = { Price: 100, Size: 1, AggressorSide: 1, PreTradeMid: 99, Other: 98, PostTradeMid1000msAtPrimary: 99.5 }
  const primary = { mid_source: 'primary' }
  t.equal(await value(impact.effectiveSpread, {}, [trade]), 2)
  t.equal(await value(impact.realizedSpread, primary, [trade]), 1)
  t.equal(await value(impact.priceImpact, primary, [trade]), 1)
  t.equal(await value(impact.effectiveSpread, { reference_price_col: 'Other' }, [trade]), 4)
})

t.test('weights skip trades that have no term', async t => {
  const trades = [
    { Price: 102, Size: 1, AggressorSide: 1, PreTradeMid: 100 },
    { Price: 104, Size: 3, AggressorSide: 1, PreTradeMid: 100 },
    { Price: 999, Size: 1000, AggressorSide: 1, PreTradeMid: null },
  ]
  t.equal(await value(impact.effectiveSpread, { weighting: 'share' }, trades), (4 + 8 * 3) / 4)
  const notional = await value(impact.effectiveSpread, { weighting: 'notional' }, trades)
  t.ok(near(notional, (4 * 102 + 8 * 312) / 414))
})

t.test('a horizon beyond the end of the session has no mid', async t => {
  const trades = [10, 20].map(TimeOfDay => ({ ...rows[0], TimeOfDay: TimeOfDay * 1e9, SessionEnd: 21e9 }))
  const counted = { with_counts: true, horizon: ['5s'] }
  const unknown = trades.map(trade => ({ ...trade, AggressorSide: 0 }))
  t.equal(await value(impact.realizedSpreadUnknownSide, counted, unknown, { sessionEnd: true }), 1)
  t.equal(await value(impact.realizedSpreadUnknownSide, counted, unknown), 2)
  const apart = [trades[0], { ...trades[1], PostTradeMid5000ms: 0 }]
  t.ok(near(await value(impact.realizedSpread, { horizon: ['5s'] }, apart, { sessionEnd: true }), 0.1))
})

t.test('names carry the horizon in its largest whole unit, the weighting and the unit', async t => {
  t.equal(nameOf(impact.effectiveSpread, {}), 'EffectiveSpread')
  t.equal(nameOf(impact.realizedSpread, {}), 'RealizedSpread1s')
  t.equal(nameOf(impact.priceImpact, { horizon: ['300000ms'] }), 'PriceImpact5m')
  t.equal(
    nameOf(impact.effectiveSpread, { horizon: ['1000ms'], weighting: 'share', unit: 'bps' }),
    'EffectiveSpread1sShareWeightedBps',
  )
  t.equal(nameOf(impact.priceImpactUnknownSide, { horizon: ['1m'] }), 'PriceImpact1mUnknownSideCount')
})

t.test('horizons are those of the table; the message lists them', async t => {
  t.same(entry({ horizon: null }).horizon, null)
  const { error } = schema.safeParse({ variant: ['EffectiveSpread'], horizon: ['3s'] })
  t.match(error?.issues[0].message, /allowed: 1ms, 2ms, .*, 500ms, 1s, 5s, 15s, 30s, 1m, 5m/)
})

t.test('law: effective = realised + impact, in every unit and weighting', async () => {
  const price = fc.integer({ min: 9000, max: 11_000 }).map(cents => cents / 100)
  const trade = fc.record({
    Price: price,
    Size: fc.integer({ min: 1, max: 100 }),
    AggressorSide: fc.constantFrom(0, 1, 2, null),
    PreTradeMid: fc.option(price),
    PostTradeMid1000ms: fc.option(price),
  })
  const shape = fc.record({
    unit: fc.constantFrom('price', 'bps'),
    weighting: fc.constantFrom('equal', 'share', 'notional'),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(trade, { minLength: 1, maxLength: 12 }), shape, async (trades, given) => {
      const of = (metric: Metric) => value(metric, { ...given, horizon: ['1s'] }, trades)
      const [e, r, i] = [
        await of(impact.effectiveSpread),
        await of(impact.realizedSpread),
        await of(impact.priceImpact),
      ]
      return e === null ? r === null && i === null : near(e, (r as number) + (i as number), 1e-9)
    }),
    { numRuns: 60 },
  )
})
