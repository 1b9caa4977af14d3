import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import t from 'tap'
import { type Family, Registry } from '../../../lib/core/index.js'
import * as pack from '../../../operators/index.js'
import { COUNTS, FLOW, LIVES } from '../../differential/l3-sql.js'

const registry = new Registry().add(pack, 'built-in')

/** Metrics of semantics 5.5, as it lists them. */
const DOCUMENTED = [
  'ArrivalFlowImbalance',
  'CancelToTradeRatio',
  'AvgQueuePosition',
  'AvgRestingTime',
  'FleetingLiquidityRatio',
  'AvgReplacementLatency',
  'FleetingCancelRatio',
  'OrderLifetimeMedian',
  'CensoredShare',
  'OrderToTradeRatio',
  'OrderToTradeRatioVolume',
  'CancelRate',
  'FillRatio',
  'FillProbability',
  'AvgOrdersAhead',
]
const ACTIONS = ['Insert', 'Remove', 'Update', 'UpdateInserted', 'UpdateRemoved', 'Cancel']

const worked = readFileSync(resolve(import.meta.dirname, '../../../../test/golden/w20-l3/expected.csv'), 'utf8')
const columns = worked.split('\n')[0].split(',')

t.test('what is documented of order messages can be asked for, and nothing else', async t => {
  t.same(registry.picksOf('l3', 'advanced_metrics').sort(), DOCUMENTED.toSorted())
  const family = registry.families.get('l3.generic_metrics') as Family
  const { actions } = family.fields(['Sum'])
  t.same(actions.parse(ACTIONS), ACTIONS)
  t.throws(() => actions.parse(['Execute']))
})

t.test('all of it is in the worked example and compared with SQL', async t => {
  const compared = [...Object.keys(FLOW), ...LIVES, 'AvgReplacementLatency']
  for (const name of DOCUMENTED) {
    const own = new RegExp(`^${name}(\\d+m?s)?$`)
    t.ok(
      columns.some(column => own.test(column)),
      `${name}: worked`,
    )
    t.ok(compared.includes(name), `${name}: compared`)
  }
  for (const action of ACTIONS) {
    t.ok(action in COUNTS, action)
    for (const measure of ['Count', 'Volume']) {
      for (const side of ['Bid', 'Ask', 'Total'])
        t.ok(columns.includes(`${action}${measure}${side}`), action + measure + side)
    }
  }
})
