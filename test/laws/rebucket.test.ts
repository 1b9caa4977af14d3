import t from 'tap'
import { basalt } from '../../lib/basalt.js'
import { folderFor } from '../exec/folder.js'
import { smallMarket } from './market.js'
import { outputOf } from './outputs.js'
import { type Row, rowsOf } from './rows.js'

t.setTimeout(300_000)

const MEASURES = [
  'OHLC',
  'Volume',
  'Count',
  'VWAP',
  'Volatility',
  'NotionalEUR',
  'AvgPrice',
  'VolumeWeightedPricePlacement',
]
const METRICS = {
  generic_metrics: [{ sides: ['Total', 'Bid', 'Unknown'], measures: MEASURES }],
  discrepancy_metrics: [{ references: 'EBBO', aggregations: ['Mean', 'First', 'Last', 'Min', 'Max', 'Sum', 'Std'] }],
  flag_metrics: [{ flags: ['BlockTrade', 'OTCTrade'], measures: ['Volume', 'Count', 'AvgNotional'] }],
  microstructure_metrics: [{ variant: ['TradeFlowImbalance', 'PriceImprovement', 'EffectiveOverQuoted'] }],
}

/** Columns whose doubles are sums or made of sums: merging adds in another order. */
const SUMS =
  /Notional|VWAP|Volatility|AvgPrice|Placement|Discrepancy(?!.*(First|Last|Min|Max)$)|Imbalance|Improvement|Quoted/

// Merging narrow buckets gives what wide ones give directly (semantics 3.9): exactly for counts, integers, extremes and
// edges, within 1e-12 for sums and moments. Seconds become minutes, quarters of an hour, and a day.
for (const [anchor, closed] of [
  ['end', 'right'],
  ['start', 'left'],
]) {
  t.test(`1 s → 1 min → 15 min → 1 day, ${anchor} labels, ${closed} closed`, async t => {
    const base = await smallMarket(folderFor(t))
    const time = { time_bucket_anchor: anchor, time_bucket_closed: closed }
    const raw = (name: string, time_bucket_seconds: number) => ({
      ...time,
      name,
      modules: ['trade'],
      time_bucket_seconds,
      trade_analytics: METRICS,
    })
    const columns = await metricColumns({ ...base, PASSES: [raw('direct', 60)] })
    const merged = (name: string, source_pass: string, resample_rule: string) => ({
      name,
      modules: ['generic'],
      generic_analytics: {
        source_pass,
        resample_rule,
        aggregations: Object.fromEntries(columns.map(column => [column, 'merge'])),
      },
    })
    const config = {
      ...base,
      PASSES: [
        raw('seconds', 1),
        merged('minutes', 'seconds', '1m'),
        merged('quarters', 'minutes', '15min'),
        merged('days', 'quarters', '1D'),
        raw('direct60', 60),
        raw('direct900', 900),
        raw('direct86400', 86_400),
      ],
    }
    const pipeline = basalt(config)
    for (const [chained, direct] of [
      ['minutes', 'direct60'],
      ['quarters', 'direct900'],
      ['days', 'direct86400'],
    ]) {
      const found = await rowsOf(pipeline.stream({ pass: chained }))
      const wanted = inKeyOrder(await rowsOf(pipeline.stream({ pass: direct })))
      t.strictSame(
        found.map(row => exactly(row, columns)),
        wanted.map(row => exactly(row, columns)),
        `${chained}: ${found.length} rows, exact columns`,
      )
      const far = found.flatMap((row, i) =>
        columns.filter(name => SUMS.test(name) && differs(row[name], wanted[i][name])),
      )
      t.strictSame([...new Set(far)], [], `${chained}: sums and moments`)
    }
  })
}

t.test('nothing about the shape of a run is in the output of its later passes', async t => {
  const base = await smallMarket(folderFor(t))
  const config = {
    ...base,
    PASSES: [
      ...base.PASSES,
      {
        name: 'quarters',
        modules: ['generic'],
        generic_analytics: {
          source_pass: 'bars',
          group_by: ['InstrumentId', 'TimeBucket'],
          resample_rule: '15m',
          aggregations: {
            Close: 'last',
            Open: 'first',
            TradeTotalVolume: 'sum',
            TradeTotalVWAP: 'merge',
            TradeTotalMedianPrice: ['mean', 'median'],
          },
          talib_indicators: [{ name: 'EMA', input_col: 'Close', timeperiod: 3 }],
        },
      },
      {
        name: 'hours',
        modules: ['generic'],
        generic_analytics: {
          source_pass: 'quarters',
          group_by: ['InstrumentId', 'TimeBucket'],
          resample_rule: '1h',
          aggregations: { Close: 'last', Open: 'merge', TradeTotalVWAP: 'merge', Ema3: ['max', 'std'] },
        },
      },
    ],
  }
  const expected = await outputOf(config, { workers: 1 })
  for (const shape of [
    { workers: 2, batch_rows: 7 },
    { workers: 2, spill: 'always' as const },
    { workers: 1, memory_budget: '300KB' },
    { workers: 2, memory_budget: '300KB', spill: 'always' as const, batching_strategy: 'streaming' as const },
  ])
    t.strictSame((await outputOf(config, shape)).hashes, expected.hashes, JSON.stringify(shape))
})

async function metricColumns(config: Record<string, unknown>): Promise<string[]> {
  const columns = await basalt(config).columns()
  return columns.filter(({ merge, from }) => merge !== 'key' && !from.startsWith('by itself')).map(({ name }) => name)
}

/** Rows of listings over dates, as later passes have them. */
function inKeyOrder(rows: Row[]): Row[] {
  const place = ({ ListingId, TimeBucket }: Row) => `${String(ListingId).padStart(20, '0')} ${TimeBucket}`
  return rows.toSorted((a, b) => (place(a) < place(b) ? -1 : 1))
}

const exactly = (row: Row, columns: string[]) =>
  [row.ListingId, row.TimeBucket, ...columns.map(name => (SUMS.test(name) ? row[name] === null : row[name]))].join()

function differs(a: Row[string], b: Row[string]): boolean {
  if (a === null || b === null) return a !== b
  return !(Math.abs(Number(a) - Number(b)) <= 1e-11 * Math.max(1, Math.abs(Number(b))))
}
