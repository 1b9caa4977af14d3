import { join } from 'node:path'
import t from 'tap'
import { basalt } from '../../lib/basalt.js'
import { folderFor } from '../exec/folder.js'
import { MARKET, smallMarket } from './market.js'
import { outputOf, type Shape } from './outputs.js'
import { type Row, rowsOf } from './rows.js'
import { shuffleTrades } from './shuffled.js'

t.setTimeout(300_000)

const TINY = '100KB' // less than a date of the small market is estimated at

const SHAPES: Shape[] = [
  { workers: 2, batch_rows: 100_000 },
  { workers: 3, batch_rows: 7 },
  { workers: 1, memory_budget: TINY },
  { workers: 2, memory_budget: TINY, batch_rows: 100, batching_strategy: 'streaming' },
]

const BARS = [
  { type: 'tick', threshold: 1 },
  { type: 'tick', threshold: 37 },
  { type: 'volume', threshold: 40_000 },
  { type: 'notional', threshold: 5e6 },
  { type: 'imbalance', threshold: 15_000 },
]

/** A config over a market that makes rows of ordered days, a pass for each kind of bar. */
function sequences(market: Awaited<ReturnType<typeof smallMarket>>, root = market.DATA.root) {
  const PASSES = BARS.map((bars_analytics, i) => ({ name: `bars${i}`, modules: ['bars'], bars_analytics }))
  return { ...market, DATA: { root, layout: 'hive', tables: {} }, PASSES }
}

async function rowsOfAll(config: object, order: 'listing' | 'time' = 'listing'): Promise<Row[][]> {
  const pipeline = basalt(config as Record<string, unknown>)
  const all: Row[][] = []
  for (const pass of BARS.keys()) all.push(await rowsOf(pipeline.stream({ pass: `bars${pass}`, order })))
  return all
}

t.test('nothing about the shape of a run is in rows of ordered days', async t => {
  const config = sequences(await smallMarket(folderFor(t)))
  const expected = await outputOf(config, { workers: 1 })
  for (const shape of SHAPES) {
    const { hashes, units } = await outputOf(config, shape)
    t.strictSame(hashes, expected.hashes, JSON.stringify(shape))
    if (shape.memory_budget === TINY) t.ok(units > 4, `${units} units: dates were cut into symbol batches`)
    else t.equal(units, 2, 'one unit a date')
  }
})

t.test('nor the order of rows in files, nor their row groups, to the last bit', async t => {
  const folder = folderFor(t)
  const market = await smallMarket(folder)
  const expected = await rowsOfAll(sequences(market))
  for (const rows of expected) t.ok(rows.length > 20, `${rows.length} rows`)
  for (const [seed, rowGroupRows, workers] of [
    [1, MARKET.rowGroupRows, 2],
    [2, 10_000, 1],
  ]) {
    const root = join(folder, `shuffled-${seed}`)
    await shuffleTrades(market.DATA.root, root, seed, rowGroupRows)
    t.same(await rowsOfAll({ ...sequences(market, root), EXECUTION: { workers } }), expected, `seed ${seed}`)
  }
})

t.test('in order of time, bars that end at one instant stay in order', async t => {
  const config = sequences(await smallMarket(folderFor(t)))
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
  const ends = byTime[0].map(keyOf)
  t.ok(new Set(ends).size < ends.length, 'some bars end at one instant')
})
