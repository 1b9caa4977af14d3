import t, { type Test } from 'tap'
import { stampText } from '../../lib/core/index.js'
import { TRADE_TABLES, writeSample } from '../../lib/sample/write.js'
import { type DuckRow, duck } from '../support/duck.js'
import { objectsOf, runConfig } from '../support/run.js'

// Dense rows of a sample market, with halts, auctions and two venues, against a series of buckets that bars are joined to.
t.setTimeout(240_000)

interface Case {
  name: string
  seconds: number
  anchor: 'end' | 'start'
  pass: Record<string, unknown>
  /** Intervals as rows (day, l, s, e), ns since the epoch. */
  intervals: (out: string) => string
  pad: number // ns
  across: boolean
}

const STATES = ['CONTINUOUS_TRADING']

const ofStates =
  (states: string[]) =>
  (out: string): string =>
    `
  SELECT day, l, s, e FROM (
    SELECT "date"::VARCHAR AS day, ListingId AS l, MarketState AS state, epoch_ns(TimestampNanoseconds) AS s,
      lead(s, 1, epoch_ns("date"::TIMESTAMP + INTERVAL 1 DAY)) OVER (PARTITION BY day, l ORDER BY s) AS e
    FROM read_parquet('${out}/marketstate/**/*.parquet', hive_partitioning = true))
  WHERE state IN (${states.map(state => `'${state}'`).join(', ')}) AND e > s`

const ofDay =
  (from: number, to: number) =>
  (out: string): string =>
    `
  SELECT DISTINCT "date"::VARCHAR AS day, ListingId AS l, epoch_ns("date"::TIMESTAMP) + ${from}000000000 AS s,
    epoch_ns("date"::TIMESTAMP) + ${to}000000000 AS e
  FROM read_parquet('${out}/trades/**/*.parquet', hive_partitioning = true)`

const cases: Case[] = [
  { name: 'States', seconds: 60, anchor: 'end', pass: {}, intervals: ofStates(STATES), pad: 0, across: false },
  {
    name: 'Padded',
    seconds: 30,
    anchor: 'start',
    pass: {
      dense_analytics: { pad_seconds: 45.5, grid_states: [...STATES, 'POST_TRADE'] },
      fill_across_sessions: true,
    },
    intervals: ofStates([...STATES, 'POST_TRADE']),
    pad: 45_500_000_000,
    across: true,
  },
  {
    name: 'Uniform',
    seconds: 300,
    anchor: 'end',
    pass: { dense_analytics: { mode: 'uniform', time_interval: ['10:00', '14:00'] } },
    intervals: ofDay(36_000, 50_400),
    pad: 0,
    across: false,
  },
]

t.test('dense rows of a sample market equal a series of buckets that bars are joined to', async t => {
  const out = t.testdir({})
  await writeSample({ out, tables: TRADE_TABLES, listings: 14, trades: 3000, days: 2, rowGroupRows: 700, seed: 5 })
  const { passes } = await runConfig({
    START_DATE: '2026-02-03',
    END_DATE: '2026-02-04',
    DEFAULT_FFILL: true,
    DATA: {
      root: out,
      layout: 'hive',
      tables: { trades: { columns: { TradeTimestampNanoseconds: 'TradeTimestamp' } } },
    },
    PASSES: cases.map(({ name, seconds, anchor, pass }) => ({
      name,
      modules: ['trade'],
      timeline_mode: 'dense',
      time_bucket_seconds: seconds,
      time_bucket_anchor: anchor,
      ...pass,
      trade_analytics: { base_filter: {}, generic_metrics: [{ measures: ['Volume', 'Count', 'OHLC'] }] },
    })),
  })
  for (const [i, each] of cases.entries()) await t.test(each.name, t => check(t, each, out, objectsOf(passes[i])))
})

async function check(t: Test, each: Case, out: string, found: Record<string, unknown>[]) {
  const [expected, [{ gaps }]] = await duck(
    [barsOf(each, out), gridOf(each, out)],
    rowsOf(each),
    'SELECT count(*) AS gaps FROM gaps',
  )
  t.ok(found.length > 500, `${found.length} rows`)
  t.ok(each.name === 'Uniform' || Number(gaps) > 0, `${gaps} breaks`)
  const empty = found.filter(row => row.TradeTotalCount === 0n)
  t.ok(empty.length > 50 && empty.some(row => row.Close !== null), `${empty.length} rows without data`)
  t.strictSame(
    found.map(row =>
      ['Date', 'ListingId', 'TimeBucket', 'TradeTotalVolume', 'TradeTotalCount', 'Open', 'Close'].map(
        name => row[name],
      ),
    ),
    expected.map(({ day, l, label, volume, n, open, close }: DuckRow) => [
      day,
      l,
      stampText(label as bigint),
      volume,
      n,
      open,
      close,
    ]),
  )
}

const barsOf = ({ seconds, anchor }: Case, out: string): string => `
  CREATE TABLE bars AS
  SELECT day, l, label, sum(q) AS volume, count(*) AS n, arg_min(p, (t, seq)) AS open, arg_max(p, (t, seq)) AS close FROM (
    SELECT "date"::VARCHAR AS day, ListingId AS l, epoch_ns(TradeTimestamp) AS t, ExchangeSequenceNo AS seq, Size AS q,
      coalesce(InstrumentCurrencyPrice, Price) AS p,
      ((t + ${seconds}000000000 - 1) // ${seconds}000000000 - ${anchor === 'end' ? 0 : 1}) * ${seconds}000000000 AS label
    FROM read_parquet('${out}/trades/**/*.parquet', hive_partitioning = true) WHERE Size > 0)
  GROUP BY ALL`

/** Labels of the grid; runs of neighbours are sessions. */
const gridOf = ({ seconds, anchor, intervals, pad }: Case, out: string): string => `
  CREATE TABLE grid AS
  SELECT DISTINCT day, l, (k + ${anchor === 'end' ? 1 : 0}) * ${seconds}000000000 AS label FROM (
    SELECT day, l, unnest(generate_series((s - ${pad}) // ${seconds}000000000,
      (e + ${pad} + ${seconds}000000000 - 1) // ${seconds}000000000 - 1)) AS k FROM (${intervals(out)}));
  CREATE TABLE gaps AS
  SELECT day, l, before, label AS after FROM (
    SELECT *, lag(label) OVER (PARTITION BY day, l ORDER BY label) AS before FROM grid)
  WHERE label - before > ${seconds}000000000`

/** Grid and bars; a price is the last one at or before the row, unless a break of the grid lies between. */
const rowsOf = ({ across }: Case): string => `
  WITH joined AS (
    SELECT *, last_value(CASE WHEN close IS NOT NULL THEN label END IGNORE NULLS) OVER known AS since,
      last_value(open IGNORE NULLS) OVER known AS o, last_value(close IGNORE NULLS) OVER known AS c
    FROM grid FULL JOIN bars USING (day, l, label)
    WINDOW known AS (PARTITION BY day, l ORDER BY label ROWS UNBOUNDED PRECEDING)),
  judged AS (
    SELECT *, ${across ? 'false' : 'EXISTS (FROM gaps WHERE gaps.day = joined.day AND gaps.l = joined.l AND since <= before AND label >= after)'} AS cut
    FROM joined)
  SELECT day, l, label, coalesce(volume, 0) AS volume, coalesce(n, 0) AS n, CASE WHEN NOT cut THEN o END AS open,
    CASE WHEN NOT cut THEN c END AS close
  FROM judged ORDER BY day, l, label`
