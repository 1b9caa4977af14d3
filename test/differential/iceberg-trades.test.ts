import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { type DuckRow, duck } from '../support/duck.js'
import { objectsOf, type PassRows, type RunRows, runConfig } from '../support/run.js'

// Trades tagged by executions of order messages, against a join in DuckDB that looks at every pair.
t.setTimeout(120_000)

const DAY = '2026-02-03'

/** Settings of iceberg_analytics, as the config and as SQL have them. */
const CASES = [
  {
    analytics: {},
    tolerance: 500,
    price: true,
    least: 0,
    matchTolerance: 500,
    matchPrice: true,
    exact: 0,
    types: true,
    side: true,
  },
  {
    analytics: {
      match_tolerance_seconds: 0.0001,
      price_match: false,
      min_revealed_qty: 3,
      trade_match_tolerance_seconds: 0.0009,
      trade_match_price_match: false,
      trade_match_size_tolerance: 1,
      trade_match_trade_types: [],
    },
    tolerance: 100,
    price: false,
    least: 3,
    matchTolerance: 900,
    matchPrice: false,
    exact: 1,
    types: false,
    side: true,
  },
  {
    analytics: { trade_match_exclude_exact: false, match_tolerance_seconds: 0 },
    tolerance: 0,
    price: true,
    least: 0,
    matchTolerance: 500,
    matchPrice: true,
    exact: -1, // nothing is taken to be equal: every match counts
    types: true,
    side: true,
  },
]

const SHAPES = [{ workers: 1 }, { workers: 2, batch_rows: 77, memory_budget: '300KB' }]

const configOf = (root: string, analytics: object, execution: object) => ({
  START_DATE: DAY,
  END_DATE: DAY,
  DATA: { root, layout: 'hive' },
  EXECUTION: execution,
  PASSES: [
    {
      name: 'flags',
      modules: ['trade'],
      preprocess_modules: ['iceberg'],
      iceberg_analytics: analytics,
      trade_analytics: {
        use_tagged_trades: true,
        flag_metrics: [
          { flags: 'IcebergExecution', measures: ['Count', 'Volume'], sides: ['Total', 'Bid', 'Ask', 'Unknown'] },
        ],
      },
    },
    {
      name: 'tagged',
      modules: ['generic'],
      generic_analytics: {
        source_pass: 'iceberg_trades',
        group_by: ['ListingId', 'IcebergTag'],
        aggregations: { Size: ['sum', 'count'] },
      },
    },
  ],
})

/** Stamps on a grid of 100 µs over half a second, so that many trades have several executions near them. */
async function write(root: string, order: string): Promise<void> {
  const random = (salt: number, below: number) => `(hash(i, ${salt}) % ${below})::BIGINT`
  const stamp = (salt: number) =>
    `TIMESTAMP_NS '${DAY} 09:00:00' + INTERVAL (100 * (1 + ${random(salt, 5000)})) MICROSECOND`
  for (const table of ['trades', 'l3']) mkdirSync(join(root, table, `date=${DAY}`), { recursive: true })
  const place = (table: string) => join(root, table, `date=${DAY}`, 'part-0.parquet')
  await duck([
    `COPY (SELECT ${random(1, 3)} AS ListingId, ${stamp(2)} AS TradeTimestamp, 100 + ${random(3, 4)} / 10 AS Price,
        1 + ${random(4, 9)} AS Size, ${random(5, 3)}::TINYINT AS AggressorSide,
        CASE ${random(6, 3)} WHEN 0 THEN 'LIT' WHEN 1 THEN 'DARK' ELSE 'OTC' END AS BMLLTradeType
      FROM range(3000) r(i) ORDER BY ${order.replace('time', 'TradeTimestamp')}) TO '${place('trades')}' (ROW_GROUP_SIZE 2048)`,
    `COPY (SELECT 1 + ${random(11, 3)} AS ListingId, ${stamp(12)} AS TimestampNanoseconds, i AS EventNo,
        CASE ${random(13, 3)} WHEN 0 THEN 1 WHEN 1 THEN 3 ELSE 4 END AS LobAction, 1 + ${random(14, 2)} AS Side,
        CASE WHEN ${random(15, 4)} > 0 THEN 1 + ${random(16, 9)} ELSE 0 END AS ExecutionSize, 1 + ${random(17, 9)} AS OldSize,
        CASE WHEN ${random(18, 5)} > 0 THEN 100 + ${random(19, 4)} / 10 END AS ExecutionPrice,
        CASE WHEN ${random(20, 5)} > 0 THEN 100 + ${random(21, 4)} / 10 END AS OldPrice
      FROM range(3000) r(i) ORDER BY ${order.replace('time', 'TimestampNanoseconds')}) TO '${place('l3')}' (ROW_GROUP_SIZE 2048)`,
  ])
}

/** Returns common table expressions that end in `tagged`: trades with their tag. */
function taggedSql(root: string, settings: (typeof CASES)[number]): string {
  const { tolerance, price, least, matchTolerance, matchPrice, exact, types } = settings
  const near = (µs: number, samePrice: boolean) =>
    `e.l = tr.l AND abs(e.t - tr.t) <= ${µs * 1000}${samePrice ? ' AND e.p = tr.p' : ''}`
  return `WITH
    tr AS (SELECT ListingId AS l, epoch_ns(TradeTimestamp) AS t, Price AS p, Size AS z, AggressorSide AS side, BMLLTradeType AS type
      FROM '${root}/trades/**/*.parquet'),
    e AS (SELECT ListingId AS l, epoch_ns(TimestampNanoseconds) AS t, coalesce(ExecutionPrice, OldPrice) AS p, ExecutionSize AS z,
        CASE WHEN LobAction = 3 THEN greatest(ExecutionSize - OldSize, 0) ELSE 0 END AS revealed, Side AS side
      FROM '${root}/l3/**/*.parquet' WHERE ExecutionSize > 0 AND coalesce(ExecutionPrice, OldPrice) IS NOT NULL),
    found AS (SELECT *, EXISTS (FROM e WHERE ${near(tolerance, price)} AND e.revealed > ${least}) AS reveals,
        EXISTS (FROM e WHERE ${near(matchTolerance, matchPrice)} AND e.side = 3 - tr.side) AS matches,
        EXISTS (FROM e WHERE ${near(matchTolerance, matchPrice)} AND e.side = 3 - tr.side AND abs(e.z - tr.z) <= ${exact}) AS equals
      FROM tr),
    tagged AS (SELECT *, (CASE WHEN reveals THEN 1 ELSE 0 END)
        + (CASE WHEN matches AND NOT equals AND side <> 0 AND ${types ? "type IN ('LIT', 'DARK')" : 'true'} THEN 2 ELSE 0 END) AS tag
      FROM found)`
}

const rowsOf = ({ passes }: RunRows, name: string) => objectsOf(passes.find(pass => pass.name === name) as PassRows)

const texts = (rows: readonly DuckRow[]) => rows.map(row => Object.values(row).map(String).join(' ')).sort()

t.test('tags of trades equal a join of every pair, whatever the order of rows', async t => {
  for (const order of ['ListingId, time', 'hash(i, 7)']) {
    const root = t.testdir({})
    await write(root, order)
    for (const [c, settings] of CASES.entries()) {
      const sums = ['true', 'side = 2', 'side = 1', 'side = 0'].flatMap(where => [
        `count(*) FILTER (tag > 0 AND ${where})`,
        `coalesce(sum(z) FILTER (tag > 0 AND ${where}), 0)`,
      ])
      const [flags, tags] = await duck(
        [],
        `${taggedSql(root, settings)} SELECT l, ${sums.join(', ')} FROM tagged GROUP BY l`,
        `${taggedSql(root, settings)} SELECT l, ['', 'L3_REVEALED', 'TRADE_MATCH', 'BOTH'][tag + 1], sum(z), count(*) FROM tagged
          WHERE tag > 0 GROUP BY l, tag`,
      )
      t.ok(tags.length >= 6, `${tags.length} tags of listings`)
      for (const shape of c === 0 ? SHAPES : SHAPES.slice(1)) {
        const run = await runConfig(configOf(root, settings.analytics, shape))
        const found = rowsOf(run, 'flags').map(row => ({
          l: row.ListingId,
          ...Object.fromEntries(
            ['', 'Bid', 'Ask', 'Unknown'].flatMap(side =>
              ['Count', 'Volume'].map(measure => [measure + side, row[`IcebergExecution${measure}${side}`]]),
            ),
          ),
        }))
        t.same(texts(found as DuckRow[]), texts(flags), `${order}, case ${c}: flags`)
        const listed = rowsOf(run, 'tagged').map(row => ({
          l: row.ListingId,
          tag: row.IcebergTag,
          z: row.SizeSum,
          n: row.SizeCount,
        }))
        t.same(texts(listed as DuckRow[]), texts(tags), `${order}, case ${c}: tagged trades`)
      }
    }
  }
})
