import { join } from 'node:path'
import t from 'tap'
import { stampText } from '../../lib/core/index.js'
import { TRADE_TABLES, writeSample } from '../../lib/sample/write.js'
import { type DuckRow, duck } from '../support/duck.js'
import { objectsOf, runConfig } from '../support/run.js'

// Every characteristic of a sample market against SQL that is written from the semantics. The market is clean, so that
// some of its rows are first made null, empty, unknown, cancelled or published at once.
const SECONDS = 10
const WIDTH = `${SECONDS}000000000`

const has = (rows: string) => `coalesce(bool_or(coalesce(${rows}, false)), false)::BIGINT`
const flag = (column: string) => has(`upper(${column}) IN ('Y', 'YES', 'T', 'TRUE', '1')`)
const delay = 'epoch_us(PublicationTimestamp) - epoch_us(TradeTimestamp)'

const ITEMS: Record<string, string> = {
  TradeEventCount: 'count(*)',
  TradeVolume: 'coalesce(sum(Size), 0)',
  TradeHasZeroSize: has('Size = 0'),
  TradeHasCancellations: has('Size < 0'),
  TradeHasUnknownAggressorSide: has('coalesce(AggressorSide, 0) = 0'),
  TradeHasKnownAggressorSide: has('AggressorSide IN (1, 2)'),
  TradeHasUnknownType: has("coalesce(BMLLTradeType, 'UNKNOWN') = 'UNKNOWN'"),
  TradeHasUnknownMarketState: has("coalesce(MarketState, 'UNKNOWN') = 'UNKNOWN'"),
  TradeHasLitTrades: has("BMLLTradeType = 'LIT'"),
  TradePubEqualsTradeTimestampRatio: `count(*) FILTER (${delay} = 0) / nullif(count(PublicationTimestamp), 0)`,
  TradePubTradeTimestampAvgDiffS: `avg((${delay}) / 1e6)`,
  TradeHasMultipleExecutionVenues: '(count(DISTINCT ExecutionVenue) > 1)::BIGINT',
  TradeHasCrossingTrade: flag('CrossingTrade'),
  TradeHasNegotiatedTrade: flag('NegotiatedTrade'),
  TradeHasAlgorithmicTrade: flag('AlgorithmicTrade'),
  TradeHasBlockTrade: flag('IsBlock'),
  TradeHasTradeId: has("TradeId <> ''"),
}

/** What trade says of the same pass, to see that neither module changes the other. */
const TRADE = "coalesce(sum(Size) FILTER (Size > 0 AND Classification = 'LIT_CONTINUOUS'), 0)"

/** Spoils a share of the rows of a column: one in `every`, chosen by the row's number. */
const spoil = (column: string, every: number, value: string) =>
  `CASE WHEN hash(nr, '${column}') % ${every} = 0 THEN ${value} ELSE ${column} END`

t.test('every characteristic of a spoilt sample market equals its SQL', { timeout: 120_000 }, async t => {
  const folder = t.testdir({ clean: {}, spoilt: { trades: {} } })
  const spoilt = join(folder, 'spoilt')
  await writeSample({
    out: join(folder, 'clean'),
    tables: TRADE_TABLES,
    listings: 6,
    trades: 5000,
    days: 2,
    rowGroupRows: 1000,
  })
  const size = spoil('Size', 9, `CASE hash(nr) % 3 WHEN 0 THEN 0 WHEN 1 THEN -Size ELSE NULL END`)
  const stamps = `CASE WHEN hash(nr, 'at once') % 2 = 0 THEN TradeTimestamp ELSE PublicationTimestamp END`
  await duck(
    [
      `CREATE TABLE clean AS SELECT *, row_number() OVER () AS nr
        FROM read_parquet('${folder}/clean/trades/**/*.parquet', hive_partitioning = true)`,
      `COPY (SELECT * EXCLUDE (nr, TradeTimestampNanoseconds) REPLACE (
          ${size} AS Size,
          CASE WHEN hash(nr, 'never') % 3 = 0 THEN NULL ELSE ${stamps} END AS PublicationTimestamp,
          ${spoil('AggressorSide', 5, 'NULL')} AS AggressorSide,
          ${spoil('BMLLTradeType', 4, 'NULL')} AS BMLLTradeType,
          ${spoil('MarketState', 3, "CASE hash(nr) % 2 WHEN 0 THEN 'UNKNOWN' END")} AS MarketState,
          ${spoil('ExecutionVenue', 2, 'NULL')} AS ExecutionVenue,
          ${spoil('CrossingTrade', 5, "'Y'")} AS CrossingTrade,
          ${spoil('NegotiatedTrade', 5, "'true'")} AS NegotiatedTrade,
          ${spoil('AlgorithmicTrade', 5, "'1'")} AS AlgorithmicTrade,
          ${spoil('TradeId', 2, "CASE hash(nr) % 2 WHEN 0 THEN '' END")} AS TradeId)
        FROM clean ORDER BY nr)
        TO '${spoilt}/trades' (FORMAT parquet, PARTITION_BY ("date", mic), OVERWRITE, ROW_GROUP_SIZE 2048)`,
    ],
    'SELECT 1',
  )
  const { passes } = await runConfig({
    START_DATE: '2026-02-03',
    END_DATE: '2026-02-04',
    DATA: { root: spoilt, layout: 'hive' },
    PASSES: [
      {
        name: 'bars',
        modules: ['trade', 'trade_characteristics'],
        time_bucket_seconds: SECONDS,
        trade_analytics: { generic_metrics: [{ measures: ['Volume'] }] },
      },
    ],
  })
  const rows = objectsOf(passes[0])
  const checks = Object.entries({ ...ITEMS, TradeTotalVolume: TRADE })
  const [expected] = await duck(
    [
      `CREATE TABLE rows AS SELECT *, f + (t > f)::BIGINT * ${WIDTH} AS label FROM (
        SELECT *, "date"::VARCHAR AS day, epoch_ns(TradeTimestamp) AS t, epoch_ns(TradeTimestamp) // ${WIDTH} * ${WIDTH} AS f
        FROM read_parquet('${spoilt}/trades/**/*.parquet', hive_partitioning = true))`,
    ],
    `SELECT day, ListingId AS l, label, ${checks.map(([name, sql]) => `${sql} AS ${name}`).join(', ')}
      FROM rows GROUP BY ALL ORDER BY day, l, label`,
  )
  t.ok(rows.length > 500, `${rows.length} rows`)
  t.same(
    rows.map(row => `${row.Date} ${row.ListingId} ${row.TimeBucket}`),
    expected.map(keyOf),
    'the same buckets',
  )
  const wrong: string[] = []
  for (const [name] of checks) {
    const found = rows.map(row => row[name])
    for (const [i, row] of expected.entries()) {
      if (!near(found[i], row[name])) wrong.push(`${keyOf(row)} ${name}: ${found[i]}, expected ${row[name]}`)
    }
    t.ok(new Set(found.map(String)).size > 1, `${name} is not everywhere the same`)
  }
  t.same(wrong.slice(0, 5), [], `${wrong.length} values differ`)
})

const keyOf = ({ day, l, label }: DuckRow) => `${day} ${l} ${stampText(label as bigint)}`

/** Tells whether two values agree: both null, or equal; means to 1e-12. */
function near(found: unknown, wanted: unknown): boolean {
  if (found === null || wanted === null) return found === wanted
  const [a, b] = [Number(found), Number(wanted)]
  return a === b || Math.abs(a - b) <= 1e-12 * Math.abs(b)
}
