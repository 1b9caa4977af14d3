import { join } from 'node:path'
import t from 'tap'
import { basalt } from '../../lib/basalt.js'
import { COUNTS, FLOW, LIVES } from '../differential/l3-sql.js'
import { DATES, writeMessages } from '../differential/order-messages.js'
import { folderFor } from '../exec/folder.js'
import { outputOf, type Shape } from './outputs.js'
import { rowsOf } from './rows.js'

t.setTimeout(300_000)

const TINY = '300KB' // less than a date of the messages is estimated at

const SHAPES: Shape[] = [
  { workers: 2, batch_rows: 100_000 },
  { workers: 3, batch_rows: 50 },
  { workers: 1, memory_budget: TINY },
  { workers: 2, memory_budget: TINY, batch_rows: 100, batching_strategy: 'streaming' },
]

const config = (root: string, EXECUTION = {}) => ({
  START_DATE: DATES[0],
  END_DATE: DATES[1],
  DATASETNAME: 'laws',
  DATA: { root, layout: 'hive' },
  PASSES: [
    {
      name: 'messages',
      modules: ['l3', 'iceberg', 'l3_characteristics'],
      time_bucket_seconds: 20,
      iceberg_analytics: { peak_link_tolerance_seconds: 5 },
      l3_analytics: {
        generic_metrics: [
          { sides: ['Bid', 'Ask', 'Total'], actions: Object.keys(COUNTS), measures: ['Count', 'Volume'] },
          { sides: 'Bid', actions: 'Insert', measures: 'Volume', aggregations: ['Mean', 'Median', 'First', 'Last'] },
        ],
        advanced_metrics: [
          { variant: [...Object.keys(FLOW), ...LIVES, 'AvgReplacementLatency'] },
          { variant: LIVES, market_states: 'CONTINUOUS_TRADING', output_name_pattern: 'Open{variant}' },
        ],
      },
    },
  ],
  EXECUTION,
})

for (const ids of ['i64', 'str'] as const) {
  t.test(`nothing about the shape of a run is in metrics of order messages named by ${ids}`, async t => {
    const root = folderFor(t)
    await writeMessages(root, { ids })
    const expected = await outputOf(config(root), { workers: 1 })
    for (const shape of SHAPES.slice(ids === 'str' ? 0 : 2)) {
      const { hashes, units } = await outputOf(config(root), shape)
      t.strictSame(hashes, expected.hashes, JSON.stringify(shape))
      if (shape.memory_budget === TINY) t.ok(units > 2, `${units} units: dates were cut into symbol batches`)
      else t.equal(units, 2, 'one unit a date')
    }
  })
}

t.test('nor the order of messages in files, nor their row groups, nor the type of names', async t => {
  const folder = folderFor(t)
  const rowsIn = async (name: string, messages: Parameters<typeof writeMessages>[1], workers: number) => {
    const root = join(folder, name)
    await writeMessages(root, { ties: false, ...messages })
    return rowsOf(basalt(config(root, { workers })).stream())
  }
  const expected = await rowsIn('ordered', { ids: 'i64' }, 1)
  t.ok(expected.length > 100, `${expected.length} rows`)
  t.same(await rowsIn('shuffled', { ids: 'i64', order: 'hash(i)' }, 2), expected, 'shuffled')
  t.same(await rowsIn('one-group', { ids: 'str', order: 'hash(i, 7)', rowGroupRows: 122_880 }, 1), expected, 'as text')
  t.same(await rowsIn('by-listing', { ids: 'str', order: 'ListingId, i' }, 3), expected, 'by listing')
})
