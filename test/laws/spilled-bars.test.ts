import t from 'tap'
import { basalt } from '../../lib/basalt.js'
import { Overflow } from '../../lib/io/index.js'
import { folderFor } from '../exec/folder.js'
import { smallMarket } from './market.js'
import { outputOf, textsOf } from './outputs.js'

t.setTimeout(120_000)

/** Metrics whose bars leave before the end of their day, so that they may wait for one another. */
const PASSES = [
  {
    name: 'bars',
    modules: ['trade'],
    time_bucket_seconds: 60,
    trade_analytics: {
      generic_metrics: [
        { sides: ['Total', 'Bid'], measures: ['OHLC', 'Volume', 'Count', 'VWAP', 'MedianPrice', 'Volatility'] },
      ],
    },
  },
]

t.test('bars that waited on disk leave as if they had waited in memory', async t => {
  const config = { ...(await smallMarket(folderFor(t))), PASSES }
  const put = Overflow.prototype.put
  let blocks = 0
  t.teardown(() => (Overflow.prototype.put = put))
  Overflow.prototype.put = function (bytes) {
    blocks++
    return put.call(this, bytes)
  }
  const expected = await outputOf(config, { workers: 1 })
  const inTime = await textsOf(basalt({ ...config, EXECUTION: { workers: 1 } }), 'time')
  t.equal(blocks, 0, 'nothing goes to disk where there is room')
  for (const workers of [1, 2]) {
    blocks = 0
    const { hashes } = await outputOf(config, { workers, spill: 'always' })
    t.strictSame(hashes, expected.hashes, `${workers} workers`)
    t.ok(blocks > 0, `${blocks} blocks went to disk`)
    blocks = 0
    const pipeline = basalt({ ...config, EXECUTION: { workers, spill: 'always' } })
    t.strictSame(await textsOf(pipeline, 'time'), inTime, `${workers} workers, in order of time`)
    t.ok(blocks > 0, `${blocks} blocks went to disk`)
  }
})
