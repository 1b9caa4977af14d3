import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { basalt } from '../../lib/basalt.js'
import type { OnEvent } from '../../lib/exec/events.js'
import { folderFor } from '../exec/folder.js'
import { sharedData } from '../io/shared.js'
import { duck } from '../support/duck.js'
import { realDayConfig, smallMarket } from './market.js'
import { type Row, rowsOf } from './rows.js'

t.setTimeout(300_000)

const KEYS = { listing: ['Date', 'ListingId', 'TimeBucket'], time: ['Date', 'TimeBucket', 'ListingId'] }

const textOf = (row: Row): string => JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? `${value}` : value))

/** Counts rows that are not after their predecessor. */
function outOfOrder(rows: Row[], keys: string[]): number {
  let wrong = 0
  for (let i = 1; i < rows.length; i++) {
    const key = keys.find(name => rows[i - 1][name] !== rows[i][name])
    if (key === undefined || (rows[i - 1][key] as string) > (rows[i][key] as string)) wrong++
  }
  return wrong
}

async function check(t: Test, config: Record<string, unknown>) {
  for (const execution of [{}, { memory_budget: '500KB' }, { memory_budget: '500KB', spill: 'always' }]) {
    const pipeline = basalt({ ...config, EXECUTION: { workers: 1, ...execution } })
    const byListing = await rowsOf(pipeline.stream())
    const byTime = await rowsOf(pipeline.stream({ order: 'time' }))
    t.ok(byListing.length > 50)
    t.equal(outOfOrder(byListing, KEYS.listing), 0)
    t.equal(outOfOrder(byTime, KEYS.time), 0)
    t.strictSame(byTime.map(textOf).sort(), byListing.map(textOf).sort(), 'the same rows')
  }
}

t.test('--order time is a permutation of listing', async t => check(t, await smallMarket(folderFor(t))))

const shared = sharedData('us-equities')
t.test(
  'and on a real day',
  { skip: shared ? false : 'set BASALT_SHARED to the folder that holds data/us-equities to run it' },
  async t => check(t, realDayConfig(shared as string)),
)

t.test('rows leave as soon as they are in order, where files are, too', async t => {
  for (const order of ['listing', 'time'] as const) {
    const root = join(folderFor(t), order)
    const day = '2026-02-03'
    mkdirSync(join(root, 'trades', `date=${day}`), { recursive: true })
    await duck([
      `COPY (SELECT 1 + i % 10 AS ListingId, make_timestamp_ns(epoch_ns(TIMESTAMP '${day} 08:00:00') + i * 500000000) AS TradeTimestamp,
          10.0 AS Price, 1.0 AS Size FROM range(40000) AS r(i) ORDER BY ${order === 'time' ? 'i' : '1, 2'})
        TO '${join(root, 'trades', `date=${day}`, 'part-0.parquet')}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`,
    ])
    const pipeline = basalt({
      START_DATE: day,
      END_DATE: day,
      DATA: { root, layout: 'hive', tables: { trades: { columns: {} } } },
      PASSES: [
        {
          name: 'bars',
          modules: ['trade'],
          time_bucket_seconds: 1,
          trade_analytics: { generic_metrics: [{ measures: ['Count'] }] },
        },
      ],
      EXECUTION: { workers: 1 },
    })
    let read = 0
    let first: number | undefined
    const onEvent: OnEvent = event => {
      if (event.kind === 'progress') read = event.rows / event.total
    }
    for await (const _ of pipeline.stream({ order, onEvent })) first ??= read
    t.ok((first as number) < 0.5, `${order}: the first rows leave when ${first} has been read`)
    t.equal(read, 1)
  }
})
