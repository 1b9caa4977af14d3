import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { basalt } from '../../lib/basalt.js'
import type { RunEvent } from '../../lib/exec/events.js'
import { discover } from '../../lib/io/index.js'
import { folderFor } from '../exec/folder.js'
import { marketConfig, smallMarket } from './market.js'
import { outputOf, type Shape } from './outputs.js'
import { type Row, rowsOf } from './rows.js'
import { shuffleTrades } from './shuffled.js'

t.setTimeout(300_000)

/** Sums of whole numbers, extremes, first and last: the same whatever the order of rows. */
const EXACT = { generic_metrics: [{ sides: ['Total', 'Bid'], measures: ['OHLC', 'Volume', 'Count', 'MedianPrice'] }] }
/** These need rows of the whole day: bars are merged at its end and do not leave before. */
const OF_DAY = { ...EXACT, microstructure_metrics: [{ variant: ['KyleLambda'], interval: '1m' }] }

const UNIFORM = { mode: 'uniform', time_interval: ['06:00', '18:00'] }
const TINY = '200KB' // less than a date of the small market is estimated at

type Config = ReturnType<typeof marketConfig>

/**
 * Returns the config of a dense pass: of the market's six listings one has no row in the table, one none that counts.
 */
async function denseConfig(folder: string, analytics: object, dense: object) {
  const config = await smallMarket(folder, { listings: 6 })
  const listings = await listingsOf(config)
  return { config: dressed(config, listings, analytics, dense), listings }
}

const dressed = (config: Config, listings: bigint[], analytics: object, dense: object) => ({
  ...config,
  DEFAULT_FFILL: true,
  DATA: {
    ...config.DATA,
    tables: { ...config.DATA.tables, trades: { filter: { ListingId: { not: [Number(listings[2])] } } } },
  },
  PASSES: [
    {
      ...config.PASSES[0],
      timeline_mode: 'dense',
      dense_analytics: dense,
      trade_analytics: { ...analytics, base_filter: { ListingId: { not: [Number(listings[4])] } } },
    },
  ],
})

async function listingsOf(config: Record<string, unknown>): Promise<bigint[]> {
  const rows = await rowsOf(basalt(config).stream())
  return [...new Set(rows.map(({ ListingId }) => ListingId as bigint))]
}

for (const [name, analytics, dense] of [
  ['adaptative', EXACT, {}],
  ['adaptative, bars of whole days', OF_DAY, { outside_grid: 'drop' }],
  ['uniform', EXACT, UNIFORM],
] as const) {
  t.test(`nothing about the shape of a run is in a dense output: ${name}`, async t => {
    const { config, listings } = await denseConfig(folderFor(t), analytics, dense)
    const rows = await rowsOf(basalt(config).stream())
    const volumes = (listing: bigint) =>
      new Set(rows.filter(({ ListingId }) => ListingId === listing).map(row => row.TradeTotalVolume))
    t.same(volumes(listings[2]), new Set([null]), 'a listing without rows')
    t.same(volumes(listings[4]), new Set([0]), 'a listing without rows that count')
    t.ok(volumes(listings[0]).size > 10)
    const expected = await outputOf(config, { workers: 1 })
    const check = async (shape: Shape) => {
      const { hashes, units } = await outputOf(config, shape)
      t.strictSame(hashes, expected.hashes, `${JSON.stringify(shape)}: ${units} units`)
      return units
    }
    await check({ workers: 2, batch_rows: 100_000 })
    await check({ workers: 3, batch_rows: 7 })
    t.ok((await check({ workers: 1, memory_budget: TINY })) > 2, 'dates were cut into symbol batches')
    const cut = await check({ workers: 2, memory_budget: TINY, batching_strategy: 'streaming', batch_rows: 100 })
    t.ok(cut > 2, 'dates were cut into symbol batches')
  })
}

t.test('bars that leave early and bars of whole days lie on the same grid', async t => {
  const folder = folderFor(t)
  const { config, listings } = await denseConfig(folder, EXACT, {})
  const early = await rowsOf(basalt(config).stream())
  const merged = await rowsOf(basalt(dressed(marketConfig(config.DATA.root), listings, OF_DAY, {})).stream())
  t.ok(early.length > 500)
  const names = Object.keys(early[0])
  t.strictSame(
    merged.map(row => Object.fromEntries(names.map(name => [name, row[name]]))),
    early,
  )
})

t.test('what the order of rows and files is does not matter', async t => {
  const folder = folderFor(t)
  const { config, listings } = await denseConfig(folder, EXACT, {})
  const expected = await rowsOf(basalt(config).stream())
  const root = join(folder, 'shuffled')
  await shuffleTrades(config.DATA.root, root, 3, 250)
  const spec = { root, layout: 'hive', table: 'trades', bmll: { folder: '', prefix: '' } }
  const path = (await discover(spec)).files.map(file => join(root, file.relative)).reverse()
  const { tables } = config.DATA
  const shuffled = { ...config, DATA: { ...config.DATA, tables: { ...tables, trades: { ...tables.trades, path } } } }
  t.strictSame(await rowsOf(basalt(shuffled).stream()), expected)
  t.equal(listings.length, 6)
})

const textOf = (row: Row): string => JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? `${value}` : value))

t.test('--order time holds the rows of the grid too', async t => {
  const { config } = await denseConfig(folderFor(t), EXACT, {})
  const PASSES = [{ ...config.PASSES[0], time_bucket_seconds: 20 }] // a date then has more rows than a batch
  for (const memory_budget of ['60%', TINY]) {
    const pipeline = basalt({ ...config, PASSES, EXECUTION: { workers: 1, memory_budget } })
    let told = 0
    let units = 0
    const onEvent = (event: RunEvent) => {
      if (event.kind === 'unit') units++
      if (event.kind !== 'end') return
      told = event.report.rowsOut
      t.equal(units, event.report.units, 'every unit was told of')
    }
    const byListing = await rowsOf(pipeline.stream({ onEvent }))
    t.ok(byListing.length > 16_384)
    t.equal(told, byListing.length, 'rows of the report')
    const byTime = await rowsOf(pipeline.stream({ order: 'time' }))
    const key = (row: Row) => `${row.Date} ${row.TimeBucket} ${String(row.ListingId).padStart(20)}`
    t.strictSame(byTime.map(key), byListing.map(key).sort())
    t.strictSame(byTime.map(textOf).sort(), byListing.map(textOf).sort())
  }
})

t.test('a date without a readable grid fails, and that one alone', async t => {
  const folder = folderFor(t)
  const { config } = await denseConfig(folder, EXACT, {})
  const expected = await rowsOf(basalt(config).stream())
  const spec = { root: config.DATA.root, layout: 'hive', table: 'marketstate', bmll: { folder: '', prefix: '' } }
  const { path } = (await discover(spec)).files[0]
  const bytes = readFileSync(path)
  bytes.fill(0xff, 4, 200) // the pages, and not the footer: the file opens
  writeFileSync(path, bytes)
  for (const EXECUTION of [{ workers: 1 }, { workers: 2, memory_budget: TINY }]) {
    const report = await basalt({ ...config, EXECUTION, OUTPUT_TARGET: { root: join(folder, 'out') } }).run()
    t.match(
      report.passes[0].failed.map(({ unit }) => unit),
      [/^bars@2026-02-03/],
    )
    t.match(report.passes[0].failed[0].error.message, /marketstate/)
    const written = report.files.reduce((rows, file) => rows + file.rows, 0)
    t.equal(written, expected.filter(row => row.Date === '2026-02-04').length)
  }
  const failing = basalt({ ...config, EXECUTION: { fail_fast: true } })
  t.equal((await failing.run()).passes[0].failed.length, 1)
})
