import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { TRADE_TABLES, writeSample } from '../../lib/sample/write.js'
import { folderFor } from '../exec/folder.js'

t.setTimeout(300_000)

const MEGABYTE = 1e6

/** Few trades and many rows: a grid of 5 s lays them. */
function configOf(root: string, out: string, days: readonly string[]) {
  return {
    START_DATE: days[0],
    END_DATE: days.at(-1),
    DATASETNAME: 'memory',
    DATA: { root, layout: 'hive' },
    EXECUTION: { workers: 1, memory_budget: '128MB', resume: false },
    OUTPUT_TARGET: { root: out },
    PASSES: [
      {
        name: 'bars',
        modules: ['trade'],
        timeline_mode: 'dense',
        dense_analytics: { mode: 'uniform', time_interval: ['08:00:00', '16:00:00'] },
        time_bucket_seconds: 5,
        trade_analytics: { generic_metrics: [{ measures: ['OHLC', 'Volume', 'NotionalEUR', 'VWAP'] }] },
      },
      {
        name: 'averages',
        modules: ['generic'],
        generic_analytics: {
          group_by: ['Date', 'ListingId', 'TimeBucket'],
          indicator_scope: 'date',
          talib_indicators: [{ name: 'SMA', input_col: 'TradeTotalVolume' }],
        },
      },
    ],
  }
}

t.test('a later pass over more dates takes no more memory', async t => {
  const root = folderFor(t)
  const { days } = await writeSample({
    out: root,
    tables: TRADE_TABLES,
    listings: 8,
    trades: 400,
    days: 40,
    rowGroupRows: 1000,
  })
  const child = join(import.meta.dirname, 'later-memory-child.js')
  const runOver = (count: number) => {
    const config = JSON.stringify(configOf(root, folderFor(t), days.slice(0, count)))
    return JSON.parse(execFileSync(process.execPath, [child, config], { encoding: 'utf8' }))
  }
  const few = runOver(10)
  const many = runOver(40)
  t.ok(many.rows > 3.9 * few.rows)
  t.ok(many.slices.averages > 3 * few.slices.averages, `${few.slices.averages} and ${many.slices.averages} slices`)
  const more = Math.ceil((many.peak - few.peak) / MEGABYTE)
  t.ok(more < 100, `${more} MB more for ${many.rows - few.rows} rows more`)
})
