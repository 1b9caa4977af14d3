import t from 'tap'
import { stampText } from '../../lib/core/index.js'
import { folderFor } from '../exec/folder.js'
import { type DuckRow, duck } from '../support/duck.js'
import { objectsOf, runConfig } from '../support/run.js'
import { messagesSql } from './l3-sql.js'
import { DATES, writeMessages } from './order-messages.js'

// Icebergs and characteristics of drawn order messages against SQL that is written from the semantics (5.9, 5.14).
t.setTimeout(120_000)

const SECONDS = 5

const has = (rows: string) => `coalesce(bool_or(coalesce(${rows}, false)), false)::BIGINT`
const rises = (column: string) => ({
  [`L3${column}NonDecreasing`]: `(NOT coalesce(bool_or(${column}_falls), false))::BIGINT`,
  [`L3${column}StrictlyIncreasing`]: `(NOT coalesce(bool_or(${column}_stands), false))::BIGINT`,
})

const ITEMS: Record<string, string> = {
  L3EventCount: 'count(*)',
  L3ExecutionCount: 'count(*) FILTER (executes)',
  L3HasExecution: has('executes'),
  L3HasOrderExecuted: has('OrderExecuted'),
  L3HasContinuousTrading: has("MarketState = 'CONTINUOUS_TRADING'"),
  L3HasOpeningAuction: has("MarketState = 'OPENING_AUCTION'"),
  L3HasMultiRowEvent: has('NOT EndOfEvent'),
  L3HasTradeId: has("TradeId <> ''"),
  L3HasUpdates: has('LobAction = 4'),
  L3ExecutedWithOrdersAhead: has('executes AND OrdersAhead > 0'),
  L3HasNoOpUpdate: has('LobAction = 4 AND Size = OldSize AND Price = OldPrice'),
  L3SizeAheadOrdersAheadConsistent: 'min(((SizeAhead = 0) = (OrdersAhead = 0))::BIGINT)',
  L3ExecutedNotAtTopOfBook: has('executes AND PriceLevel > 1'),
  ...rises('EventNo'),
  ...rises('ExchangeSequenceNo'),
  ...rises('EventTimestamp'),
}

const SIDES: Record<string, string> = { Bid: 'Side = 1', Ask: 'Side = 2', '': 'true' }

const icebergs = Object.entries(SIDES).flatMap(([name, side]) => {
  const rows = `FILTER (iceberg AND ${side})`
  return [
    `coalesce(sum(ExecutionSize) ${rows}, 0) AS IcebergExecutionVolume${name}`,
    `count(*) ${rows} AS IcebergExecutionCount${name}`,
    `avg(revealed) ${rows} AS IcebergAverageSize${name}`,
    `count(*) ${rows} AS IcebergRevealedPeakCount${name}`,
  ]
})

const of = (side: number) => `coalesce(sum(ExecutionSize) FILTER (iceberg AND Side = ${side}), 0)`
const IMBALANCE = `(${of(1)} - ${of(2)})::DOUBLE / nullif(${of(1)} + ${of(2)}, 0) AS IcebergOrderImbalance`

/** Without links each order is an iceberg; one that names none is one by itself. */
const PEAKS = `WITH executed AS (
    SELECT day, l, label, coalesce(who, 'row ' || k) AS who, count(*) AS n FROM kinds WHERE iceberg GROUP BY ALL),
  running AS (SELECT *, sum(n) OVER (PARTITION BY day, l, who ORDER BY label) AS so_far FROM executed)
  SELECT day, l, label, avg(so_far + 1) AS IcebergAveragePeakCount FROM running GROUP BY ALL`

const before = (column: string, sign: string) =>
  `${column} ${sign} lag(${column} IGNORE NULLS) OVER (PARTITION BY day, l, label ORDER BY k)`

t.test('icebergs and characteristics of order messages equal their SQL', async t => {
  const root = folderFor(t)
  await writeMessages(root, { ids: 'str' })
  const { passes } = await runConfig({
    START_DATE: DATES[0],
    END_DATE: DATES[1],
    DATA: { root, layout: 'hive' },
    PASSES: [
      {
        name: 'kinds',
        modules: ['iceberg', 'l3_characteristics'],
        time_bucket_seconds: SECONDS,
        iceberg_analytics: {
          enable_peak_linking: false,
          metrics: [
            {
              sides: ['Bid', 'Ask', 'Total'],
              measures: ['ExecutionVolume', 'ExecutionCount', 'AverageSize', 'RevealedPeakCount'],
            },
            { measures: ['AveragePeakCount', 'OrderImbalance'] },
          ],
        },
        l3_characteristics_analytics: { items: Object.keys(ITEMS) },
      },
    ],
  })
  const numbered = ['EventNo', 'ExchangeSequenceNo', 'EventTimestamp'].flatMap(column => [
    `${before(column, '<')} AS ${column}_falls`,
    `${before(column, '<=')} AS ${column}_stands`,
  ])
  const [expected, peaks] = await duck(
    [
      ...messagesSql(`${root}/l3/**/*.parquet`, SECONDS),
      `CREATE TABLE kinds AS SELECT *, ${numbered.join(', ')}, greatest(ExecutionSize - OldSize, 0) AS revealed,
        LobAction = 3 AND executes AND greatest(ExecutionSize - OldSize, 0) > 0 AND OldSize IS NOT NULL AS iceberg FROM messages`,
    ],
    `SELECT day, l, label, ${icebergs.join(', ')}, ${IMBALANCE},
        ${Object.entries(ITEMS)
          .map(([name, sql]) => `${sql} AS ${name}`)
          .join(', ')}
      FROM kinds GROUP BY ALL ORDER BY day, l, label`,
    PEAKS,
  )
  const rows = objectsOf(passes[0])
  t.ok(rows.length > 500, `${rows.length} rows`)
  t.same(
    rows.map(row => `${row.Date} ${row.ListingId} ${row.TimeBucket}`),
    expected.map(keyOf),
    'the same buckets',
  )
  const peaksOf = new Map(peaks.map(row => [keyOf(row), row]))
  const wrong: string[] = []
  const names = Object.keys(rows[0]).filter(name => /^(L3|Iceberg)/.test(name))
  t.equal(names.length, Object.keys(ITEMS).length + icebergs.length + 2)
  for (const name of names) {
    for (const [i, row] of expected.entries()) {
      const wanted = name in row ? row[name] : (peaksOf.get(keyOf(row))?.[name] ?? null)
      if (!near(rows[i][name], wanted)) wrong.push(`${keyOf(row)} ${name}: ${rows[i][name]}, expected ${wanted}`)
    }
    t.ok(new Set(rows.map(row => String(row[name]))).size > 1, `${name} is not everywhere the same`)
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
