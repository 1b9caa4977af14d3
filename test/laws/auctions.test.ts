import { join } from 'node:path'
import t from 'tap'
import { basalt } from '../../lib/basalt.js'
import { discover } from '../../lib/io/index.js'
import { writeSample } from '../../lib/sample/write.js'
import { folderFor } from '../exec/folder.js'
import { outputOf, type Shape } from './outputs.js'
import { rowsOf } from './rows.js'
import { shuffleTrades } from './shuffled.js'

// Rows of auctions in buckets of their own, over two tables that are joined.
t.setTimeout(300_000)

const TINY = '100KB' // less than a date of each table is estimated at

const SHAPES: Shape[] = [
  { workers: 2, batch_rows: 100_000 },
  { workers: 3, batch_rows: 7 },
  { workers: 2, memory_budget: TINY, batch_rows: 100, batching_strategy: 'streaming' },
]

/** Sums of whole numbers, extremes, first and last: the same whatever the order of rows. */
const TRADES = {
  base_filter: {},
  generic_metrics: [{ sides: ['Total', 'Bid'], measures: ['OHLC', 'Volume', 'Count'] }],
}

const BOOKS = {
  spreads: [{ variant: 'BPS', aggregations: ['Last', 'TWA'] }],
  volatility: [{ source: 'Mid' }],
  quality: ['CoverageShare', 'StaleShare', 'EventCount'],
  max_quote_age_seconds: 40,
}

function config(root: string, pass: object = {}) {
  return {
    START_DATE: '2026-02-03',
    END_DATE: '2026-02-04',
    DATASETNAME: 'laws',
    DATA: { root, layout: 'hive', tables: { reference: {} } as Record<string, object> },
    PASSES: [
      {
        name: 'bars',
        modules: ['trade'],
        time_bucket_seconds: 30,
        auction_buckets: true,
        trade_analytics: TRADES,
        ...pass,
      },
    ],
  }
}

async function market(folder: string): Promise<string> {
  const tables = ['reference', 'trades', 'marketstate', 'l2'] as const
  await writeSample({ out: folder, tables: [...tables], listings: 4, trades: 400, days: 2, rowGroupRows: 25, seed: 9 })
  return folder
}

t.test('nothing about the shape of a run is in buckets of auctions', async t => {
  const root = await market(folderFor(t))
  const joined = { modules: ['trade', 'l2', 'l2tw'], time_bucket_seconds: 300, l2_analytics: BOOKS }
  for (const pass of [{}, { timeline_mode: 'daily_analytics', time_bucket_anchor: 'start' }, joined]) {
    const expected = await outputOf(config(root, pass), { workers: 1 })
    for (const shape of SHAPES) {
      const { hashes } = await outputOf(config(root, pass), shape)
      t.strictSame(hashes, expected.hashes, `${JSON.stringify(pass)}, ${JSON.stringify(shape)}`)
    }
  }
  const tiny = await outputOf(config(root), { workers: 2, memory_budget: TINY })
  t.ok(tiny.units > 2, `${tiny.units} units: dates were cut into symbol batches`)
})

t.test('nor the order of rows and files, of trades, quotes and states', async t => {
  const folder = folderFor(t)
  const root = await market(join(folder, 'market'))
  const shuffled = join(folder, 'shuffled')
  const paths: Record<string, object> = {}
  for (const table of ['trades', 'marketstate', 'l2']) {
    await shuffleTrades(root, shuffled, 3, table === 'l2' ? 500 : 40, table)
    const spec = { root: shuffled, layout: 'hive', table, bmll: { folder: '', prefix: '' } }
    paths[table] = { path: (await discover(spec)).files.map(file => join(shuffled, file.relative)).reverse() }
  }
  // Trades of an auction have one time, that of its uncross; quotes lie in all of it, and in several row groups.
  for (const pass of [{}, { modules: ['l2', 'l2tw'], trade_analytics: undefined, l2_analytics: BOOKS }]) {
    const expected = await rowsOf(basalt(config(root, pass)).stream())
    const sessions = new Set(expected.map(({ Session }) => Session))
    t.strictSame([...sessions].sort(), [
      'CLOSING_AUCTION',
      'INTRADAY_AUCTION',
      'OPENING_AUCTION',
      'REGULAR',
      'UNSCHEDULED_AUCTION',
    ])
    const own = config(root, pass)
    Object.assign(own.DATA.tables, paths)
    t.strictSame(await rowsOf(basalt(own).stream()), expected)
  }
})

t.test('buckets of auctions add up with the others to those of a pass that does not keep them apart', async t => {
  const root = await market(folderFor(t))
  const apart = config(root).PASSES[0]
  const later = (source: string) => ({
    name: `${source}Days`,
    modules: ['generic'],
    generic_analytics: {
      source_pass: source,
      group_by: ['Date', 'ListingId'],
      aggregations: { TradeTotalVolume: 'sum', TradeTotalCount: 'sum', High: 'max', Close: 'last', Open: 'first' },
    },
  })
  const PASSES = [apart, { ...apart, name: 'mixed', auction_buckets: false }, later('bars'), later('mixed')]
  const pipeline = basalt({ ...config(root), PASSES })
  const rows = await rowsOf(pipeline.stream({ pass: 'barsDays' }))
  t.equal(rows.length, 8)
  t.strictSame(rows, await rowsOf(pipeline.stream({ pass: 'mixedDays' })))
})

t.test('--order time has the same rows', async t => {
  const root = await market(folderFor(t))
  const pipeline = basalt(config(root))
  const byListing = await rowsOf(pipeline.stream())
  const byTime = await rowsOf(pipeline.stream({ order: 'time' }))
  const key = (row: Record<string, unknown>) =>
    `${row.Date} ${row.TimeBucket} ${String(row.ListingId).padStart(20)} ${row.Session}`
  t.strictSame(byTime.map(key), byListing.map(key).sort())
  t.equal(new Set(byTime.map(key)).size, byTime.length, 'keys are unique')
})
