import t from 'tap'
import { writeSample } from '../../lib/sample/write.js'
import { folderFor } from '../exec/folder.js'
import { outputOf, type Shape } from './outputs.js'

// A pass over four tables: each is a part of its own, and their rows are joined.
t.setTimeout(300_000)

const TINY = '300KB' // less than a date of each table is estimated at

const SHAPES: Shape[] = [
  { workers: 3, batch_rows: 50 },
  { workers: 2, memory_budget: TINY, batch_rows: 1000 },
  { workers: 1, memory_budget: TINY, batching_strategy: 'streaming' },
]

const TIMELINES = {
  sparse: {},
  dense: { timeline_mode: 'dense', dense_analytics: { mode: 'uniform', time_interval: ['07:50', '16:40'] } },
}

t.test('nothing about the shape of a run is in rows that several tables make together', async t => {
  const root = folderFor(t)
  await writeSample({
    out: root,
    tables: ['trades', 'l2', 'l3', 'imbalance', 'reference'],
    listings: 4,
    trades: 300,
    days: 2,
    rowGroupRows: 700,
    seed: 3,
  })
  for (const [name, timeline] of Object.entries(TIMELINES)) {
    const config = {
      START_DATE: '2026-02-03',
      END_DATE: '2026-02-04',
      DATASETNAME: 'laws',
      DEFAULT_FFILL: true,
      DATA: { root, layout: 'hive', tables: { reference: {} } },
      PASSES: [
        {
          name: 'all',
          modules: ['trade', 'l2', 'l2tw', 'execution', 'imbalance'],
          time_bucket_seconds: 600,
          ...timeline,
          trade_analytics: { generic_metrics: [{ measures: ['OHLC', 'VWAP'] }] },
          l2_analytics: {
            spreads: [{ variant: 'BPS', aggregations: ['Last', 'TWA'] }],
            volatility: [{ source: ['Mid', 'Last'] }],
            microstructure_metrics: [{ variant: ['QuoteToTradeRatio', 'OrderFlowImbalance'] }],
            quality: ['CoverageShare'],
          },
        },
      ],
    }
    const expected = await outputOf(config, { workers: 1 })
    for (const shape of SHAPES) {
      const { hashes } = await outputOf(config, shape)
      t.strictSame(hashes, expected.hashes, `${name}, ${JSON.stringify(shape)}`)
    }
  }
})
