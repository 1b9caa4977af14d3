import { join } from 'node:path'
import t from 'tap'
import { basalt } from '../../lib/basalt.js'
import { writeSample } from '../../lib/sample/write.js'
import { folderFor } from '../exec/folder.js'
import { outputOf, type Shape } from './outputs.js'
import { type Row, rowsOf } from './rows.js'
import { shuffleTrades } from './shuffled.js'

// Aggressive orders and rebuilt books are rows of ordered days: nothing about the shape of a run is in them.
t.setTimeout(300_000)

const TINY = '100KB' // less than a date of the market is estimated at

const SHAPES: Shape[] = [
  { workers: 2, batch_rows: 100_000 },
  { workers: 3, batch_rows: 7 },
  { workers: 2, memory_budget: TINY, batch_rows: 100, batching_strategy: 'streaming' },
]

const PASSES = [
  { name: 'trades', modules: ['aggressive_preprocess'], aggressive_preprocess: { deltat: 0.5 } },
  { name: 'l3', modules: ['aggressive_preprocess'], aggressive_preprocess: { source_table: 'l3', deltat: 0.01 } },
  { name: 'events', modules: ['l3_book'], l3_book: { top_n: 2 } },
  {
    name: 'buckets',
    modules: ['l3_book'],
    time_bucket_seconds: 300,
    l3_book: { time_index: 'timebucket', top_n: 10, market_states: 'CONTINUOUS_TRADING' },
  },
]

// Messages of one event have one EventNo: what tells them apart in any order is the exchange's number.
const TABLES = { l3: { columns: { SequenceNo: 'ExchangeSequenceNo' } } }

async function market(folder: string) {
  const root = join(folder, 'market')
  await writeSample({ out: root, tables: ['trades', 'l3'], listings: 3, trades: 900, days: 2, rowGroupRows: 500 })
  return configOf(root)
}

const configOf = (root: string) => ({
  START_DATE: '2026-02-03',
  END_DATE: '2026-02-04',
  DATASETNAME: 'laws',
  DATA: { root, layout: 'hive', tables: TABLES },
  PASSES,
})

async function rowsOfAll(config: object, order: 'listing' | 'time' = 'listing'): Promise<Row[][]> {
  const pipeline = basalt(config as Record<string, unknown>)
  const all: Row[][] = []
  for (const { name } of PASSES) all.push(await rowsOf(pipeline.stream({ pass: name, order })))
  return all
}

t.test('nothing about the shape of a run is in them', async t => {
  const config = await market(folderFor(t))
  const expected = await outputOf(config, { workers: 1 })
  for (const shape of SHAPES) {
    const { hashes, units } = await outputOf(config, shape)
    t.strictSame(hashes, expected.hashes, JSON.stringify(shape))
    t.equal(units > 2, shape.memory_budget === TINY, `${units} units: dates were cut into symbol batches, or not`)
  }
})

t.test('nor the order of rows in files, nor their row groups, to the last bit', async t => {
  const folder = folderFor(t)
  const config = await market(folder)
  const expected = await rowsOfAll(config)
  for (const [i, rows] of expected.entries()) t.ok(rows.length > 100, `${PASSES[i].name}: ${rows.length} rows`)
  for (const [seed, rowGroupRows, workers] of [
    [1, 500, 2],
    [2, 10_000, 1],
  ]) {
    const root = join(folder, `shuffled-${seed}`)
    for (const table of ['trades', 'l3']) await shuffleTrades(config.DATA.root, root, seed, rowGroupRows, table)
    t.same(await rowsOfAll({ ...configOf(root), EXECUTION: { workers } }), expected, `seed ${seed}`)
  }
})

t.test('in order of time, rows of one instant stay in order', async t => {
  const config = await market(folderFor(t))
  const [byListing, byTime] = [await rowsOfAll(config), await rowsOfAll(config, 'time')]
  const keyOf = (row: Row) => `${row.Date} ${row.TimeBucket} ${row.ListingId}`
  for (const [pass, rows] of byTime.entries()) {
    const wanted = byListing[pass].map((row, i) => ({ row, i }))
    wanted.sort((a, b) => (keyOf(a.row) < keyOf(b.row) ? -1 : keyOf(a.row) > keyOf(b.row) ? 1 : a.i - b.i))
    t.same(
      rows,
      wanted.map(({ row }) => row),
    )
  }
})
