import t, { type Test } from 'tap'
import { basalt } from '../../lib/basalt.js'
import { folderFor } from '../exec/folder.js'
import { sharedData } from '../io/shared.js'
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
  for (const memory_budget of ['60%', '500KB']) {
    const pipeline = basalt({ ...config, EXECUTION: { workers: 1, memory_budget } })
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
