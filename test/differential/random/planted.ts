import type { PassRows } from '../../support/run.js'
import type { Drawn } from './configs.js'
import { type DataSettings, dataSettings } from './settings.js'

/** A data set in which every planted bug shows: ties, stamps on edges, nulls, other classes, two dates. */
export function plantedSettings(seed: number, index: number): DataSettings {
  return {
    ...dataSettings(seed, index),
    rows: 1500,
    dates: ['2026-03-29', '2026-03-30'],
    mics: ['XLON', 'XPAR'],
    parts: 2,
    order: 'random',
    nulls: 0.02,
    hours: 1,
    tick: 30_000_000_000,
    codec: 'snappy',
    listings: 2,
    textListings: false,
    shared: true,
    integerSize: true,
    scaled: false,
    textSides: false,
    time: 'ns',
    sequence: 'numbers',
    units: 'none',
    layout: 'hive',
    flags: 'yes_no',
    tableFilter: true,
  }
}

/** A config that has something of every kind. */
export const plantedConfig = (): Drawn => ({
  index: -1,
  pass: {
    time_bucket_seconds: 420, // no part of an hour: an origin in the wrong zone shows
    time_bucket_anchor: 'end',
    time_bucket_closed: 'right',
    time_bucket_origin: '08:00:00',
    time_zone: 'Europe/London',
    timeline_mode: 'sparse_digitised',
    trade_analytics: {
      base_filter: { Classification: { not: 'DARK_AUCTION' } },
      price_filter: { Rank: { min: 4 } },
      generic_metrics: [
        { sides: ['Total', 'Ask', 'Bid'], measures: ['Volume', 'Count', 'VWAP', 'OHLC', 'MedianPrice', 'Volatility'] },
        {
          sides: ['Total'],
          measures: ['Count'],
          output_name_pattern: 'Trading{measure}',
          market_states: 'CONTINUOUS_TRADING',
          attribute_filters: { BMLLTradeType: ['LIT', 'DARK'] },
        },
      ],
      flag_metrics: [{ flags: ['AlgorithmicTrade'], measures: ['Count'], sides: ['Total'] }],
      discrepancy_metrics: [{ references: ['EBBO'], sides: ['Total'], aggregations: ['Std', 'Median'] }],
      impact_metrics: [
        { variant: ['RealizedSpread'], horizon: ['1s'], reference_price_col: 'PreTradeMid', mid_source: 'ebbo' },
      ],
    },
  },
  execution: { workers: 1 },
  sessionEnd: '12:20:00',
  order: 'listing',
})

type Config = ReturnType<typeof import('./configs.js').configOf>

/** Bugs of an engine that understands a config wrongly: what it is given is not what the SQL was made from. */
export const MISREADINGS: Record<string, (config: Config) => void> = {
  'closed edge': ({ PASSES: [pass] }) => (pass.time_bucket_closed = 'left'),
  anchor: ({ PASSES: [pass] }) => (pass.time_bucket_anchor = 'start'),
  'origin a second late': ({ PASSES: [pass] }) => (pass.time_bucket_origin = '08:00:01'),
  'zone ignored': ({ PASSES: [pass] }) => (pass.time_zone = 'UTC'),
  width: ({ PASSES: [pass] }) => (pass.time_bucket_seconds = 420.000000001),
  mode: ({ PASSES: [pass] }) => (pass.timeline_mode = 'daily_analytics'),
  'base filter': ({ PASSES: [pass] }) => (pass.trade_analytics.base_filter = {}),
  'price filter': ({ PASSES: [pass] }) => (pass.trade_analytics.price_filter = undefined),
  'volume filter': ({ PASSES: [pass] }) => (pass.trade_analytics.volume_filter = { Score: { is_null: false } }),
  'edge of a range': ({ PASSES: [pass] }) => (pass.trade_analytics.price_filter = { Rank: { min_exclusive: 4 } }),
  'market states': config => (entryOf(config, 1).market_states = undefined),
  'attribute filters': config => (entryOf(config, 1).attribute_filters = undefined),
  'table filter': config => (tradesOf(config).filter = undefined),
  'sides swapped': config => (tradesOf(config).side_codes = { 1: 2, 2: 1, 0: 0 }),
  'sequence of ties': config => (tradesOf(config).columns = { SequenceNo: 'Rank' }),
  'flag encoding': config => (tradesOf(config).flag_encoding = 'mmt'),
  'price scale': config => (tradesOf(config).price_scale = 1.000000000001),
  'session end': ({ DATA }) => (DATA.session_end = undefined),
  'source of mids': config => (entryOf(config, 0, 'impact_metrics').mid_source = 'primary'),
  'seconds of a year': ({ PASSES: [pass] }) => (pass.trade_analytics.annualisation_seconds = 252 * 86_401),
  'a date left out': config => (config.END_DATE = config.START_DATE),
}

const tradesOf = ({ DATA }: Config) => (DATA as { tables: { trades: Record<string, unknown> } }).tables.trades
const entryOf = ({ PASSES: [pass] }: Config, n: number, family = 'generic_metrics') =>
  (pass.trade_analytics[family] as Record<string, unknown>[])[n]

/** Bugs in the result alone: the smallest that may not pass. */
export const PERTURBATIONS: Record<string, (pass: PassRows) => void> = {
  'a row lost': ({ rows }) => rows.pop(),
  'a row twice': ({ rows }) => rows.push(rows[rows.length - 1]),
  'rows out of order': ({ rows }) => rows.reverse(),
  'a column lost': ({ columns }) => columns.pop(),
  'a column too many': ({ columns, rows }) => {
    columns.push({ name: 'Extra', type: 'f64' })
    for (const row of rows) row.push(0)
  },
  'a count': pass => perturb(pass, 'TradeTotalCount', value => (value as bigint) + 1n),
  'a count as a double': pass => perturb(pass, 'TradeTotalCount', Number),
  'a volume': pass => perturb(pass, 'TradeTotalVolume', value => (value as bigint) - 1n),
  'a last bit of a price': pass => perturb(pass, 'Open', value => (value as number) * (1 + 2 ** -52)),
  'a last bit of a median': pass => perturb(pass, 'TradeTotalMedianPrice', value => (value as number) * (1 + 2 ** -52)),
  'a ratio by 2e-12': pass => perturb(pass, 'TradeTotalVWAP', value => (value as number) * (1 + 2e-12)),
  'a deviation by 1e-8': pass => perturb(pass, 'DiscrepancyToEBBOStd', value => (value as number) * (1 + 1e-8)),
  'null for a price': pass => perturb(pass, 'High', () => null),
  'a market state': pass => perturb(pass, 'MarketState', () => 'HALTED or so'),
  'an identity': pass => perturb(pass, 'Ticker', () => 'T'),
}

/** Changes one value that is there. */
function perturb({ columns, rows }: PassRows, name: string, change: (value: unknown) => PassRows['rows'][0][0]): void {
  const c = columns.findIndex(column => column.name === name)
  const row = rows.findLast(row => row[c] !== null && row[c] !== 0 && row[c] !== 0n)!
  row[c] = change(row[c])
}
