import t from 'tap'
import { TRADE_TABLES, writeSample } from '../../lib/sample/write.js'
import { folderFor } from '../exec/folder.js'
import { duck } from '../support/duck.js'
import { objectsOf, runConfig } from '../support/run.js'

// Aggressive orders of a synthetic market against SQL, which finds them as islands between gaps.
t.setTimeout(240_000)

const CASES = [
  { name: 'moments', deltat: 0.00001 },
  { name: 'seconds', deltat: 1.5 },
  { name: 'minutes', deltat: 60, base_filter: { Classification: ['LIT_CONTINUOUS', 'DARK'] } },
]

const MINUTE = '60000000000'

/** Orders of the rows of a query that has l, day, t, p, q, side and number. */
const islands = (rows: string, gap: number, more: string) => `
  WITH executions AS (${rows}),
  apart AS (
    SELECT *, CASE WHEN side = lag(side) OVER w AND t - lag(t) OVER w <= ${gap} THEN 0 ELSE 1 END AS opens
    FROM executions WINDOW w AS (PARTITION BY day, l ORDER BY number)),
  islands AS (SELECT *, sum(opens) OVER (PARTITION BY day, l ORDER BY number) - 1 AS island FROM apart)
  SELECT day AS "Date", l AS "ListingId", island::BIGINT AS "OrderIndex",
    strftime(make_timestamp_ns((min(t) + ${MINUTE} - 1) // ${MINUTE} * ${MINUTE}), '%Y-%m-%dT%H:%M:%S.000000000Z') AS "TimeBucket",
    any_value(side) AS "AggressorSide", sum(q) AS "Size", sum(p * q) / sum(q) AS "Price",
    (max(t) - min(t)) / 1000 AS "Duration", min(p) AS "MinPrice", max(p) AS "MaxPrice",
    count(*) AS "NumExecutions", arg_max(p, number) - arg_min(p, number) AS "PriceDiff"${more}
  FROM islands GROUP BY day, l, island ORDER BY day, l, island`

/** Says what differs first; sums of doubles may differ in their last bits. */
function firstDifference(found: Record<string, unknown>[], wanted: Record<string, unknown>[]): string | null {
  if (found.length !== wanted.length) return `${found.length} rows, not ${wanted.length}`
  for (const [i, row] of wanted.entries()) {
    for (const [name, value] of Object.entries(row)) {
      const own = found[i][name]
      const near =
        typeof value === 'number' && typeof own === 'number'
          ? Math.abs(value - own) <= 1e-10 * Math.max(1, Math.abs(value))
          : own === value
      if (!near) return `row ${i}, ${name}: ${own}, not ${value}`
    }
  }
  return null
}

t.test('aggressive orders of trades equal those of SQL', async t => {
  const out = folderFor(t)
  await writeSample({ out, tables: TRADE_TABLES, listings: 6, trades: 5000, days: 2, rowGroupRows: 1000 })
  const { passes } = await runConfig({
    START_DATE: '2026-02-03',
    END_DATE: '2026-02-04',
    // DuckDB reads UTC stamps in µs: both sides take the column that is cut to them, and ties go by sequence.
    DATA: {
      root: out,
      layout: 'hive',
      tables: { trades: { columns: { TradeTimestampNanoseconds: 'TradeTimestamp' } } },
    },
    PASSES: CASES.map(({ name, ...aggressive_preprocess }) => ({
      name,
      modules: ['aggressive_preprocess'],
      aggressive_preprocess,
    })),
    EXECUTION: { workers: 2 },
  })
  for (const [i, { name, deltat, base_filter }] of CASES.entries()) {
    const classes = base_filter?.Classification.map(each => `'${each}'`).join()
    const rows = `
      SELECT "date"::VARCHAR AS day, ListingId AS l, epoch_ns(TradeTimestamp) AS t, Size::DOUBLE AS q,
        coalesce(InstrumentCurrencyPrice, Price) AS p, coalesce(AggressorSide, 0) AS side,
        ExchangeSequenceNo AS number, TradeNotionalEUR AS eur, PreTradeMid AS pre, PostTradeMid1000ms AS post,
        MarketState AS state, BestBidPrice AS b, BestAskPrice AS a
      FROM read_parquet('${out}/trades/**/*.parquet', hive_partitioning = true)
      WHERE Size > 0 AND coalesce(InstrumentCurrencyPrice, Price) IS NOT NULL
        ${classes ? `AND (Classification IN (${classes}))` : ''}`
    const first = (column: string) => `arg_min(${column}, number) FILTER (${column} IS NOT NULL)`
    const quoted = (column: string) => `arg_min(${column}, number) FILTER (a IS NOT NULL AND b IS NOT NULL)`
    const more = `, sum(eur) AS "TradeNotionalEUR", ${first('pre')} AS "PreTradeMid", ${first('state')} AS "MarketState",
      arg_max(post, number) FILTER (post IS NOT NULL) AS "PostTradeMid1000ms",
      arg_max(b, number) FILTER (b IS NOT NULL) AS "BestBidPrice",
      CASE WHEN ${quoted('a')} <> ${quoted('b')}
        THEN (sum(p * q) / sum(q) - ${quoted('b')}) / (${quoted('a')} - ${quoted('b')}) END AS "PricePoint"`
    const [wanted] = await duck([], islands(rows, Math.round(deltat * 1e9), more))
    const found = objectsOf(passes[i])
    const joined = wanted.filter(({ NumExecutions }) => Number(NumExecutions) > 1).length
    t.ok(wanted.length > 300 && joined > 30, `${name}: ${wanted.length} orders, ${joined} of several executions`)
    const plain = found.map(row => ({ ...row, Size: Number(row.Size) }))
    t.equal(firstDifference(plain, wanted), null, name)
  }
})
