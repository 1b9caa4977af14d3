import t from 'tap'
import { BasaltError } from '../../../lib/core/index.js'
import { postTradeElapsed, preTradeElapsed, pricePoint } from '../../../operators/trade/change.js'
import { compute, offerOf } from './evaluate.js'

const rows = [
  { Price: 1, Size: 5, PricePoint: 0, PricePointAtVenue: 1, PreTradeElapsedTimeChg: 100 },
  { Price: 1, Size: 1, PricePoint: 1, PricePointAtVenue: 1, PreTradeElapsedTimeChg: 300 },
  { Price: 1, Size: 1, PricePoint: null, PricePointAtVenue: 0, PreTradeElapsedTimeChg: null },
]

t.test('means over the trades that have a value, every trade alike', async t => {
  const at = (scope: string) => ({ measure: 'PricePoint', scope })
  t.same(await compute(pricePoint, at('Local'), rows), [0.5])
  t.same(await compute(pricePoint, at('Venue'), rows), [2 / 3])
  t.same(await compute(preTradeElapsed, { measure: 'PreTradeElapsedTimeChg', scope: 'Local' }, rows), [200])
})

t.test('elapsed times have no venue scope', async t => {
  const parameters = { measure: 'PostTradeElapsedTimeChg', scope: 'Venue' }
  const message = 'PostTradeElapsedTimeChg has no scope Venue; allowed: Local, Primary'
  t.throws(() => postTradeElapsed.uses(parameters, offerOf(rows)), new BasaltError('config', message))
})
