import '../support/plain-threads.js'
import { readFile } from 'node:fs/promises'
import t, { type Test } from 'tap'
import { basalt } from '../../lib/basalt.js'
import type { RunEvent } from '../../lib/exec/events.js'
import { TRADE_TABLES, writeSample } from '../../lib/sample/write.js'
import { writeMembers } from '../differential/baskets.js'
import { folderFor } from '../exec/folder.js'
import { textsOf } from './outputs.js'

t.setTimeout(600_000)

const SUMS = { TradeTotalVolume: 'sum', TradeTotalVWAP: 'merge', Close: 'last', Ticker: 'first' }
const SMA = [{ name: 'SMA', input_col: 'Close', timeperiod: 5 }]

const generic = (name: string, block: Record<string, unknown>) => ({
  name,
  modules: ['generic'],
  generic_analytics: { source_pass: 'bars', ...block },
})

const statistic = (module: string, block: Record<string, unknown> = {}) => ({
  name: module,
  modules: [module],
  [`${module}_analytics`]: { source_pass: 'bars', ...block },
})

/** Passes of every kind that can be cut: by date, by listing, by instrument, by text, and by nothing. */
const PASSES: Record<string, unknown>[] = [
  generic('instruments', {
    group_by: ['InstrumentId', 'TimeBucket'],
    resample_rule: '15m',
    aggregations: SUMS,
    talib_indicators: SMA,
  }),
  generic('dates', { group_by: ['InstrumentId', 'TimeBucket'], resample_rule: '15m', aggregations: SUMS }),
  generic('days', { group_by: ['MIC', 'TimeBucket'], resample_rule: '1d', aggregations: SUMS }),
  generic('markets', {
    group_by: ['MIC', 'Date', 'TimeBucket'],
    aggregations: SUMS,
    talib_indicators: SMA,
    indicator_scope: 'date',
    estimators: [{ variant: 'VenueHhi' }],
  }),
  generic('tickers', { group_by: ['Ticker', 'Date'], aggregations: { Close: 'median', TradeTotalVolume: 'std' } }),
  generic('same', { group_by: ['Date', 'ListingId', 'TimeBucket'], talib_indicators: SMA }),
  statistic('observed_events'),
  statistic('correlation', { columns: ['Close', 'TradeTotalVolume'], method: 'spearman' }),
  statistic('hurst', { columns: ['Close'], group_by: ['Date', 'ListingId'], mode: 'rolling', rolling_window: 40 }),
  statistic('predictor', { target_column: 'Close', predictor_columns: ['TradeTotalVolume'], group_by: ['Ticker'] }),
  {
    name: 'around',
    modules: ['external_events'],
    timeline_mode: 'event',
    external_event_analytics: { source_pass: 'observed_events', radius_seconds: 600, extra_observations: 2 },
    module_inputs: { external_events: { metrics: 'bars' } },
  },
  {
    name: 'baskets',
    modules: ['reaggregate'],
    reaggregate_analytics: { source_pass: 'bars', resample_rule: '15m' },
  },
  {
    name: 'joined',
    modules: ['generic', 'observed_events'],
    generic_analytics: {
      source_pass: 'observed_events',
      group_by: ['ListingId', 'TimeBucket', 'EventType'],
      aggregations: { IndicatorValue: ['max'] },
    },
    observed_events_analytics: { source_pass: 'bars', window: 9 },
  },
  generic('again', { source_pass: 'dates', group_by: ['InstrumentId', 'Date'], aggregations: { Close: 'last' } }),
  statistic('alpha101'),
]

/** Passes that can be cut by date alone. */
const DATED = ['baskets']

/** Passes of which rows depend on the whole run. */
const WHOLE = ['alpha101']

function configOf(root: string, end: string) {
  const bars = {
    name: 'bars',
    modules: ['trade'],
    time_bucket_seconds: 60,
    trade_analytics: { generic_metrics: [{ measures: ['OHLC', 'Volume', 'NotionalEUR', 'VWAP'] }] },
  }
  return {
    START_DATE: '2026-02-03',
    END_DATE: end,
    DATASETNAME: 'slices',
    DATA: { root, layout: 'hive', tables: { reference: {}, group_df: { path: 'members.parquet' } } },
    PASSES: [bars, ...PASSES],
  }
}

const SHAPES = [
  { workers: 1, memory_budget: '1500KB' },
  { workers: 1, memory_budget: '20MB', spill: 'always' },
]

const TARGETS = [
  { type: 'parquet', path_template: '{root}/one/{pass}.parquet' },
  { type: 'parquet', path_template: '{root}/{date}/{pass}.parquet' },
  { type: 'csv', path_template: '{root}/one/{pass}.csv' },
  { type: 'csv', path_template: '{root}/weeks/{pass}-{start_date}.csv' },
]

for (const [days, targets, streamed] of [
  [1, TARGETS.slice(2), []],
  [3, TARGETS, ['instruments', 'again', 'around']],
  [20, [TARGETS[1], TARGETS[3]], []],
] as const) {
  t.test(`slices of ${days} dates leave no trace`, async t => {
    const root = folderFor(t)
    const market = await writeSample({
      out: root,
      tables: TRADE_TABLES,
      listings: 6,
      trades: days > 3 ? 600 : 2000,
      days,
      rowGroupRows: 2000,
    })
    await writeMembers(root, 'ListingId')
    const config = configOf(root, market.days[days - 1])
    const names = PASSES.map(({ name }) => String(name))
    const expected = await outputOf(t, config, { workers: 1 }, targets, streamed)
    t.ok(expected.contents.size >= names.length * targets.length)
    for (const shape of SHAPES) {
      const { contents, slices } = await outputOf(t, config, shape, targets, streamed)
      const uncut = names.filter(name => (slices.get(name) as number) <= targets.length)
      if (shape.spill) t.strictSame(uncut, days === 1 ? [...DATED, ...WHOLE] : WHOLE)
      else t.ok(uncut.length < names.length, `${uncut} were computed in one go`)
      t.strictSame([...contents.keys()], [...expected.contents.keys()])
      for (const [path, bytes] of expected.contents)
        t.ok(contents.get(path)?.equals(bytes), `${JSON.stringify(shape)}: ${path}`)
    }
  })
}

/** Runs a config and returns what its files hold by path, streams of its passes, and how many slices each pass had. */
async function outputOf(
  t: Test,
  config: object,
  EXECUTION: object,
  targets: readonly object[],
  streamed: readonly string[],
) {
  const contents = new Map<string, Buffer>()
  const slices = new Map<string, number>()
  const onEvent = (event: RunEvent) => {
    if (event.kind === 'progress') slices.set(event.pass, (slices.get(event.pass) ?? 0) + 1)
  }
  for (const target of targets) {
    const out = folderFor(t)
    const pipeline = basalt({ ...config, EXECUTION, OUTPUT_TARGET: { root: out, ...target } })
    const { files, passes } = await pipeline.run({ onEvent })
    for (const { failed } of passes) for (const { error } of failed) throw error
    for (const { path } of files) contents.set(path.slice(out.length), await readFile(path))
  }
  for (const pass of streamed)
    for (const order of ['listing', 'time'] as const)
      for (const [format, bytes] of Object.entries(await textsOf(basalt({ ...config, EXECUTION }), order, pass)))
        contents.set(`${pass} by ${order} as ${format}`, bytes)
  return { contents, slices }
}
