import { join } from 'node:path'
import t from 'tap'
import { basalt } from '../../lib/basalt.js'
import { DATES, LEVELS, writeBooks } from '../differential/books.js'
import { folderFor } from '../exec/folder.js'
import { outputOf, type Shape } from './outputs.js'
import { rowsOf } from './rows.js'

t.setTimeout(300_000)

const TINY = '300KB' // less than a date of the books is estimated at

const SHAPES: Shape[] = [
  { workers: 2, batch_rows: 100_000 },
  { workers: 3, batch_rows: 61 },
  { workers: 2, memory_budget: TINY, batch_rows: 100, batching_strategy: 'streaming' },
]

const both = { aggregations: ['Last', 'TWA'] }
const DENSE = {
  timeline_mode: 'dense',
  dense_analytics: { mode: 'uniform', time_interval: ['08:58:00', '09:20:00'] },
}

const config = (root: string, timeline: object, EXECUTION = {}) => ({
  START_DATE: DATES[0],
  END_DATE: DATES[1],
  DATASETNAME: 'laws',
  DATA: { root, layout: 'hive' },
  PASSES: [
    {
      name: 'books',
      modules: ['l2', 'l2tw'],
      time_bucket_seconds: 20,
      ...timeline,
      l2_analytics: {
        max_quote_age_seconds: 5,
        liquidity: [{ levels: [1, LEVELS], measures: ['Price', 'Quantity', 'CumQuantity', 'CumNotional'], ...both }],
        spreads: [{ variant: ['Abs', 'BPS'], market_states: 'CONTINUOUS_TRADING', ...both }],
        imbalances: [{ levels: LEVELS, ...both }],
        prices: [{ source: ['Mid', 'WeightedMid'] }],
        ohlc: [{ source: ['Mid', 'WeightedMid'] }, { source: 'Bid', open_mode: 'prev_close' }],
        volatility: [
          { source: ['Mid', 'Ask'] },
          { source: 'Mid', subsample_seconds: 2, output_name_pattern: 'Slots' },
          { second_level_window_seconds: 5, second_level_aggregations: ['Median', 'TWStd'] },
        ],
        microstructure_metrics: [
          { variant: 'OrderFlowImbalance' },
          { variant: ['QuoteSlope', 'LogQuoteSlope'], ...both },
          { variant: 'RoundTripCost', size: 300, ...both },
        ],
        quality: ['CoverageShare', 'LockedShare', 'CrossedShare', 'OneSidedShare', 'StaleShare', 'EventCount'],
      },
    },
  ],
  EXECUTION,
})

for (const [name, timeline] of Object.entries({ sparse: {}, dense: DENSE })) {
  t.test(`nothing about the shape of a run is in metrics of books, ${name}`, async t => {
    const root = folderFor(t)
    await writeBooks(root)
    const expected = await outputOf(config(root, timeline), { workers: 1 })
    for (const shape of SHAPES) {
      const { hashes, units } = await outputOf(config(root, timeline), shape)
      t.strictSame(hashes, expected.hashes, JSON.stringify(shape))
      if (shape.memory_budget === TINY) t.ok(units > 2, `${units} units: dates were cut into symbol batches`)
      else t.equal(units, 2, 'one unit a date')
    }
  })

  t.test(`nor the order of snapshots in files, nor files and row groups, ${name}`, async t => {
    const folder = folderFor(t)
    const rowsIn = async (place: string, books: Parameters<typeof writeBooks>[1], workers: number) => {
      const root = join(folder, place)
      await writeBooks(root, { ties: false, ...books })
      return rowsOf(basalt(config(root, timeline, { workers })).stream())
    }
    const expected = await rowsIn('ordered', { order: 'i', files: 1, rowGroupRows: 122_880 }, 1)
    t.ok(expected.length > 200, `${expected.length} rows`)
    t.same(await rowsIn('shuffled', {}, 2), expected, 'shuffled, three files')
    t.same(await rowsIn('by-listing', { order: 'ListingId, i', files: 2 }, 3), expected, 'by listing, two files')
  })
}
