import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import t from 'tap'
import { basalt } from '../../lib/basalt.js'
import { folderFor } from '../exec/folder.js'
import { rowsOf } from '../laws/rows.js'
import { writeTable } from '../support/parquet.js'
import { readTypedCsv } from '../support/typed-csv.js'

t.setTimeout(120_000)

// Sides by the tick rule are made once for all passes that ask for them of the same trades; buckets have no part in that.
const GOLDEN = resolve(import.meta.dirname, '../../../test/golden/classify-tick/trades.csv')
const METRICS = { classify: 'tick', generic_metrics: [{ measures: ['Volume'], sides: ['Bid', 'Ask', 'Unknown'] }] }
const PASSES = [
  { name: 'minutes', modules: ['trade'], trade_analytics: METRICS },
  {
    name: 'starts',
    modules: ['trade'],
    time_bucket_seconds: 20,
    time_bucket_anchor: 'start',
    time_bucket_closed: 'left',
    trade_analytics: { ...METRICS, metric_prefix: 'P' },
  },
  { name: 'all', modules: ['trade'], trade_analytics: { ...METRICS, base_filter: {} } },
  { name: 'days', modules: ['trade'], timeline_mode: 'daily_analytics', trade_analytics: METRICS },
]

const folder = folderFor(t)
writeTable(join(folder, 'trades.parquet'), readTypedCsv(readFileSync(GOLDEN, 'utf8')))
const configOf = (PASSES: object[], root = join(folder, 'out')) => ({
  DATA: { root: folder, layout: '{table}.parquet', tables: { trades: { date_column: 'D' } } },
  PASSES,
  OUTPUT_TARGET: { root },
})

t.test('sides of the same trades are made once, those of other prices apart', async t => {
  const pipeline = basalt(configOf(PASSES))
  const { passes } = await pipeline.prepare()
  t.strictSame(
    passes.map(({ plan }) => [plan.name, plan.kind === 'raw' ? plan.taken?.map(({ source }) => source) : null]),
    [
      ['minutes.tick_directions', undefined],
      ['minutes', ['minutes.tick_directions']],
      ['starts', ['minutes.tick_directions']],
      ['all.tick_directions', undefined],
      ['all', ['all.tick_directions']],
      ['days', ['minutes.tick_directions']],
    ],
  )
  const seen = new Set<string>()
  for (const pass of PASSES) {
    const rows = await rowsOf(pipeline.stream({ pass: pass.name }))
    t.strictSame(rows, await rowsOf(basalt(configOf([pass])).stream()), pass.name)
    seen.add(String(rows.map(row => row.TradeBidVolume ?? row.PTradeBidVolume)))
  }
  t.equal(seen.size, PASSES.length, 'no pass says what another one does')
})

t.test('a pass that is redone alone finds the sides that another one had asked for', async t => {
  const root = join(folder, 'redone')
  const first = await basalt(configOf(PASSES.slice(0, 2), root)).run()
  t.equal(first.files.length, 2)
  const [minutes, starts] = PASSES
  const config = configOf([minutes, { ...starts, time_bucket_seconds: 30 }], root)
  const { passes } = await basalt(config).run()
  t.strictSame(
    passes.flatMap(({ failed }) => failed),
    [],
  )
  const redone = await rowsOf(basalt(config).stream({ pass: 'starts' }))
  t.ok(redone.some(row => Number(row.PTradeAskVolume) > 0))
})
