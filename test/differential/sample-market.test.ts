import t, { type Test } from 'tap'
import { stampText } from '../../lib/core/index.js'
import { TRADE_TABLES, writeSample } from '../../lib/sample/write.js'
import { type DuckRow, duck } from '../support/duck.js'
import { objectsOf, type PassRows, runConfig } from '../support/run.js'
import { seriesChecks } from './series-sql.js'
import {
  type Check,
  changeChecks,
  discrepancyChecks,
  FLAGS,
  flagChecks,
  genericChecks,
  impactChecks,
  microstructureChecks,
  REFERENCES,
} from './trade-sql.js'

// A synthetic market of two days and two venues, in everything that the trade module computes, against SQL.
const SECONDS = 300
const GRID = { seconds: 60, tag: '1m' }
const sides = ['Total', 'Bid', 'Ask', 'Unknown']
const aggregations = ['Mean', 'First', 'Last', 'Min', 'Max', 'Sum', 'Median', 'Std']
const references = Object.keys(REFERENCES)
const classes = ['AuctionTrade', 'OTCTrade', 'BlockTrade'].map(flag => FLAGS[flag])
const volatility = (name: string) => name.endsWith('Volatility')
const series = seriesChecks(SECONDS, GRID.seconds, GRID.tag)

const GENERIC = [
  'Volume',
  'Count',
  'Notional',
  'NotionalEUR',
  'NotionalUSD',
  'RetailCount',
  'BlockCount',
  'AuctionNotional',
  'OTCVolume',
  'VWAP',
  'Volatility',
  'OHLC',
  'AvgPrice',
  'MedianPrice',
  'VolumeWeightedPricePlacement',
]

interface Case {
  name: string
  analytics: Record<string, unknown>
  checks: Check[]
  series?: typeof series
  /** Rows beside those of the base filter that make a bucket exist. */
  exists?: string
  /** The base filter is off: trades of unknown side count. */
  all?: boolean
}

const cases: Case[] = [
  {
    name: 'generic',
    analytics: { generic_metrics: [{ sides, measures: GENERIC }] },
    checks: genericChecks(),
    series: series.filter(({ name }) => volatility(name)),
    exists: `participant = 'RETAIL' OR ${classes.join(' OR ')}`,
  },
  {
    name: 'generic_of_all',
    analytics: { generic_metrics: [{ sides, measures: GENERIC }] },
    checks: genericChecks(),
    series: series.filter(({ name }) => volatility(name)),
    all: true,
  },
  {
    name: 'discrepancy',
    analytics: { discrepancy_metrics: [{ references, sides, aggregations }] },
    all: true,
    checks: references.flatMap(reference => discrepancyChecks(reference, false)),
  },
  {
    name: 'signed',
    analytics: { discrepancy_metrics: [{ references: ['EBBO', 'MidPrice'], sides, aggregations, signed: true }] },
    all: true,
    checks: ['EBBO', 'MidPrice'].flatMap(reference => discrepancyChecks(reference, true)),
  },
  {
    name: 'flags',
    analytics: { flag_metrics: [{ flags: Object.keys(FLAGS), measures: ['Volume', 'Count', 'AvgNotional'], sides }] },
    checks: flagChecks(),
    exists: Object.values(FLAGS).join(' OR '),
  },
  {
    name: 'change',
    analytics: {
      change_metrics: [
        { measures: ['PreTradeElapsedTimeChg', 'PostTradeElapsedTimeChg'], scopes: ['Local', 'Primary'] },
        { measures: 'PricePoint', scopes: ['Local', 'Primary', 'Venue'] },
      ],
    },
    all: true,
    checks: changeChecks(),
  },
  {
    name: 'impact',
    analytics: {
      impact_metrics: ['equal', 'share', 'notional'].flatMap(weighting =>
        ['price', 'bps'].flatMap(unit => [
          { variant: 'EffectiveSpread', horizon: [null, '1s', '5m'], weighting, unit, with_counts: true },
          { variant: ['RealizedSpread', 'PriceImpact'], horizon: ['1s', '5m'], weighting, unit, with_counts: true },
        ]),
      ),
    },
    all: true,
    checks: impactChecks(),
  },
  {
    name: 'microstructure',
    analytics: {
      enable_retail_imbalance: true,
      microstructure_metrics: [
        {
          variant: microstructureChecks()
            .map(({ name }) => name)
            .filter(name => name !== 'RetailTradeImbalance'),
        },
        { variant: ['TradeTwap', 'RollSpread'] },
        {
          variant: series
            .map(({ name }) => name)
            .filter(name => name.endsWith(GRID.tag))
            .map(name => name.slice(0, -2)),
          grid_seconds: GRID.seconds,
        },
      ],
    },
    checks: microstructureChecks(),
    series: series.filter(({ name }) => !volatility(name)),
    exists: 'true', // shares are of all trades
  },
]

// Two days of 800 columns, and as much SQL, take their time on a busy machine.
t.setTimeout(240_000)

t.test('every trade metric of a sample market equals its SQL', { timeout: 240_000 }, async t => {
  const out = t.testdir({})
  await writeSample({ out, tables: TRADE_TABLES, listings: 8, trades: 6000, days: 2, rowGroupRows: 1000 })
  const { passes } = await runConfig({
    START_DATE: '2026-02-03',
    END_DATE: '2026-02-04',
    // DuckDB holds UTC stamps in µs: both sides take the column that is cut to them, and ties go by sequence.
    DATA: {
      root: out,
      layout: 'hive',
      tables: { trades: { columns: { TradeTimestampNanoseconds: 'TradeTimestamp' } } },
    },
    PASSES: cases.map(({ name, analytics, all }) => ({
      name,
      modules: ['trade'],
      time_bucket_seconds: SECONDS,
      trade_analytics: { ...analytics, ...(all && { base_filter: {} }) },
    })),
  })
  for (const [i, each] of cases.entries()) await t.test(each.name, t => check(t, each, passes[i], out))
})

async function check(
  t: Test,
  { checks, series = [], exists = 'false', all = false }: Case,
  pass: PassRows,
  out: string,
) {
  const keys = ['Date', 'ListingId', 'TimeBucket', 'MIC', 'Ticker', 'InstrumentId', 'CurrencyCode', 'MarketState']
  const made = pass.columns.map(({ name }) => name).filter(name => !keys.includes(name))
  t.same(made.toSorted(), [...checks, ...series].map(({ name }) => name).toSorted(), 'every column is checked')

  const columns = checks.map(({ sql, scale }, i) => `${sql} AS v${i}${scale ? `, ${scale} AS s${i}` : ''}`)
  const having = `count(*) FILTER (q > 0 AND (lit OR ${exists})) > 0`
  const [expected, ...values] = await duck(
    [tableOf(out, all ? 'true' : "Classification = 'LIT_CONTINUOUS'")],
    `SELECT day, l, label, ${columns.join(', ')} FROM rows GROUP BY ALL HAVING ${having} ORDER BY day, l, label`,
    ...series.map(({ query }) => query),
  )
  const rows = objectsOf(pass)
  t.ok(rows.length > 200, `${rows.length} rows`)
  t.same(
    rows.map(row => `${row.Date} ${row.ListingId} ${row.TimeBucket}`),
    expected.map(keyOf),
    'the same buckets',
  )

  const wrong: string[] = []
  const compare = (row: number, name: string, wanted: unknown, within?: number, scale?: unknown) => {
    const found = rows[row][name]
    if (!near(found, wanted, within, scale)) wrong.push(`${keyOf(expected[row])} ${name}: ${found}, expected ${wanted}`)
  }
  const present = new Map<string, number>()
  for (const [row, bucket] of expected.entries()) {
    present.set(keyOf(bucket), row)
    for (const [i, { name, within }] of checks.entries()) compare(row, name, bucket[`v${i}`], within, bucket[`s${i}`])
  }
  for (const [s, { name, within, noise = 0 }] of series.entries()) {
    const found = new Map(values[s].map(bucket => [keyOf(bucket), bucket.value as number]))
    for (const [key, row] of present) {
      const wanted = found.get(key) ?? null
      if (Math.max(Math.abs(wanted ?? 0), Math.abs(Number(rows[row][name]))) >= noise)
        compare(row, name, wanted, within)
    }
  }
  t.same(wrong.slice(0, 5), [], `${wrong.length} of ${expected.length * made.length} values differ`)
  // A metric that is empty everywhere proves nothing; auctions and crosses have no aggressor.
  const empty = made.filter(name => rows.every(row => row[name] === null || Number(row[name]) === 0))
  t.comment(`${expected.length * made.length} values; never filled: ${empty.join(' ') || 'none'}`)
}

/** Makes the rows of the sample with the names that the SQL uses, their end/right label and place in total order. */
function tableOf(out: string, base: string): string {
  const width = `${SECONDS}000000000`
  return `CREATE TABLE rows AS
    SELECT *, f + (t > f)::BIGINT * ${width} AS label, row_number() OVER (ORDER BY t, seq, day, mic, nr) AS place FROM (
      SELECT *, "date"::VARCHAR AS day, ListingId AS l, file_row_number AS nr, ExchangeSequenceNo AS seq,
        epoch_ns(TradeTimestamp) AS t, t // ${width} * ${width} AS f, Size AS q,
        coalesce(InstrumentCurrencyPrice, Price) AS p, AggressorSide AS side,
        CASE AggressorSide WHEN 1 THEN 1 WHEN 2 THEN -1 ELSE 0 END AS d,
        TradeNotionalEUR AS eur, TradeNotionalUSD AS usd, Classification AS class, BMLLTradeType AS type,
        BMLLParticipantType AS participant, MarketState AS state, PricePoint AS point,
        ${base} AS lit
      FROM read_parquet('${out}/trades/**/*.parquet', hive_partitioning = true, file_row_number = true))`
}

const keyOf = ({ day, l, label }: DuckRow) => `${day} ${l} ${stampText(label as bigint)}`

/** Tells whether two values agree: both null, or apart by no more than `within` of the larger of value and scale. */
function near(found: unknown, wanted: unknown, within = 0, scale: unknown = null): boolean {
  if (found === null || wanted === null) return found === wanted
  const [a, b] = [Number(found), Number(wanted)]
  return a === b || Math.abs(a - b) <= within * Math.max(Math.abs(b), Math.abs(Number(scale)))
}
