import t from 'tap'
import { not, TRUE } from '../../../lib/core/index.js'
import { retailImbalance, retailTradeImbalance } from '../../../operators/trade/retail-imbalance.js'
import { BLOCK, compute, near, offerOf, withColumns } from './evaluate.js'

const rows = withColumns(BLOCK, { BMLLParticipantType: 'RETAIL' })
const weighted = (weight: string) => ({ config: { retail_imbalance: { weight } } })

t.test('worked example: by EUR notional, unknown sides left out', async t => {
  t.ok(near((await compute(retailTradeImbalance, {}, rows))[0], 0.2229495571813631))
})

t.test('other weights', async t => {
  t.ok(near((await compute(retailTradeImbalance, {}, rows, weighted('Size')))[0], 15 / 65))
  t.ok(near((await compute(retailTradeImbalance, {}, rows, weighted('Notional')))[0], 0.2229495571813631))
})

t.test('only retail trades count, of any class; null when there are none', async t => {
  const mixed = BLOCK.map((row, i) => ({ ...row, BMLLParticipantType: i === 2 ? 'RETAIL' : 'UNKNOWN' }))
  t.same(await compute(retailTradeImbalance, {}, mixed), [1])
  t.same(await compute(retailTradeImbalance, {}, withColumns(BLOCK, { BMLLParticipantType: 'UNKNOWN' })), [null])
})

t.test('ENABLED: false asks for nothing and makes no bucket', async t => {
  const off = offerOf(rows, { config: { retail_imbalance: { ENABLED: false } } })
  t.same(retailImbalance.defaults(off), [])
  t.same(retailImbalance.rows(off, []), not(TRUE))
  t.same(retailImbalance.defaults(offerOf(rows)), [
    { family: 'retail_metrics', entry: { measures: ['RetailTradeImbalance'] } },
  ])
})
