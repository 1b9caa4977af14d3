import t, { type Test } from 'tap'
import { stampText } from '../../lib/core/index.js'
import { writeSample } from '../../lib/sample/write.js'
import { folderFor } from '../exec/folder.js'
import { type DuckRow, duck } from '../support/duck.js'
import { objectsOf, runConfig } from '../support/run.js'

// Executions and announcements of a sample market, against SQL: two tables are joined, and some buckets are in one alone.
t.setTimeout(300_000)

const DATES = ['2026-02-03', '2026-02-04']

const writeMarket = (out: string) =>
  writeSample({
    out,
    tables: ['trades', 'l3', 'imbalance'],
    listings: 6,
    trades: 1500,
    days: 2,
    rowGroupRows: 900,
    seed: 11,
  })

const days = (root: string) => ({
  START_DATE: DATES[0],
  END_DATE: DATES[1],
  DATA: { root, layout: 'hive', tables: { trades: { columns: { TradeTimestampNanoseconds: 'TradeTimestamp' } } } },
})

const files = (root: string, table: string) => `read_parquet('${root}/${table}/**/*.parquet', hive_partitioning = true)`

const keys = (time: string, seconds: number) =>
  `"date"::VARCHAR AS day, ListingId AS l, epoch_ns(${time}) AS t, (t + ${seconds}000000000 - 1) // ${seconds}000000000 * ${seconds}000000000 AS label`

t.test('executions of a sample market equal a full join of their SQL', async t => {
  const root = folderFor(t)
  await writeMarket(root)
  const { passes } = await runConfig({
    ...days(root),
    PASSES: [{ name: 'executions', modules: ['execution'], time_bucket_seconds: 120 }],
  })
  const sides = ['Bid', 'Ask'].map((side, i) => {
    const where = `FILTER (ExecutionSize > 0 AND Side = ${i + 1})`
    return `coalesce(sum(ExecutionSize) ${where}, 0) AS ExecutedVolume${side},
      sum(ExecutionPrice * ExecutionSize) ${where} / sum(ExecutionSize) ${where} AS Vwap${side}`
  })
  const aggressors = { Buy: 'AggressorSide = 1', Sell: 'AggressorSide = 2', Unknown: 'coalesce(AggressorSide, 0) = 0' }
  const breakdown = ['LIT', 'DARK'].flatMap(type =>
    Object.entries(aggressors).flatMap(([side, whose]) => {
      const where = `FILTER (BMLLTradeType = '${type}' AND ${whose})`
      const named = (measure: string) => `${type === 'LIT' ? 'Lit' : 'Dark'}${measure}${side}Aggressor`
      const placed = where.replace('(', '(PricePoint IS NOT NULL AND ')
      const placement = '(2 * greatest(0, least(1, PricePoint)) - 1) * Size'
      return [
        `coalesce(sum(Size) ${where}, 0) AS ${named('Volume')}`,
        `sum(p * Size) ${where} / sum(Size) ${where} AS ${named('VWAP')}`,
        `sum(${placement}) ${placed} / sum(Size) ${placed} AS ${named('VolumeWeightedPricePlacement')}`,
      ]
    }),
  )
  const volumes = [
    ...['Bid', 'Ask'].map(side => `ExecutedVolume${side}`),
    ...['Lit', 'Dark'].flatMap(type => Object.keys(aggressors).map(side => `${type}Volume${side}Aggressor`)),
  ]
  const [expected, [{ alone }]] = await duck(
    [
      `CREATE TABLE orders AS SELECT day, l, label, ${sides.join(', ')} FROM (SELECT *, ${keys('TimestampNanoseconds', 120)}
        FROM ${files(root, 'l3')}) GROUP BY ALL`,
      `CREATE TABLE prints AS SELECT day, l, label, ${breakdown.join(', ')} FROM (
        SELECT *, coalesce(InstrumentCurrencyPrice, Price) AS p, ${keys('TradeTimestamp', 120)}
        FROM ${files(root, 'trades')} WHERE Size > 0) GROUP BY ALL`,
    ],
    // Every listing has rows of both tables on both dates: what adds up is 0 where one has none in the bucket.
    `SELECT * REPLACE (${volumes.map(name => `coalesce(${name}, 0) AS ${name}`).join(', ')}),
      (ExecutedVolumeAsk - ExecutedVolumeBid)::DOUBLE / nullif(ExecutedVolumeAsk + ExecutedVolumeBid, 0) AS TradeImbalance
      FROM orders FULL JOIN prints USING (day, l, label) ORDER BY day, l, label`,
    'SELECT count(*) AS alone FROM orders FULL JOIN prints USING (day, l, label) WHERE orders.VwapBid IS NULL OR LitVolumeBuyAggressor IS NULL',
  )
  // Behind the parts of the two tables.
  const rows = objectsOf(passes[passes.length - 1])
  t.ok(Number(alone) > 20, `${alone} buckets without one or the other`)
  compare(t, rows, expected, 20)
})

t.test('announcements of a sample market equal their SQL', async t => {
  const root = folderFor(t)
  await writeMarket(root)
  const measures = ['IndicativePrice', 'PairedQuantity', 'SignedImbalance', 'ImbalanceShare']
  const values = {
    IndicativePrice: 'IndicativeUncrossingPrice',
    PairedQuantity: 'PairedQuantity',
    SignedImbalance: '[0, 1, -1][1 + ImbalanceSide] * ImbalanceQuantity',
    ImbalanceShare: 'ImbalanceQuantity / nullif(PairedQuantity + ImbalanceQuantity, 0)',
  }
  const { passes } = await runConfig({
    ...days(root),
    PASSES: [
      {
        name: 'calls',
        modules: ['imbalance'],
        time_bucket_seconds: 45,
        imbalance_analytics: {
          announcements: [{ measures, aggregations: ['First', 'Last', 'Min', 'Max'] }],
          counts: ['AnnouncementCount', 'BuyImbalanceCount', 'SellImbalanceCount'],
        },
      },
    ],
  })
  const columns = Object.entries(values).flatMap(([name, value]) => [
    `arg_min(${value}, t) AS ${name}First, arg_max(${value}, t) AS ${name}, min(${value}) AS ${name}Min, max(${value}) AS ${name}Max`,
  ])
  const [expected] = await duck(
    [],
    `SELECT day, l, label, ${columns.join(', ')}, count(*) AS AnnouncementCount,
      count(*) FILTER (ImbalanceSide = 1) AS BuyImbalanceCount, count(*) FILTER (ImbalanceSide = 2) AS SellImbalanceCount
     FROM (SELECT *, ${keys('TimestampNanoseconds', 45)} FROM ${files(root, 'imbalance')}) GROUP BY ALL ORDER BY day, l, label`,
  )
  compare(t, objectsOf(passes[0]), expected, 19)
})

function compare(t: Test, rows: Record<string, unknown>[], expected: DuckRow[], columns: number): void {
  t.ok(rows.length > 50, `${rows.length} rows`)
  const keyOf = ({ day, l, label }: DuckRow) => `${day} ${l} ${stampText(label as bigint)}`
  t.same(
    rows.map(row => `${row.Date} ${row.ListingId} ${row.TimeBucket}`),
    expected.map(keyOf),
    'the same buckets',
  )
  const names = Object.keys(expected[0]).filter(name => /^[A-Z]/.test(name))
  t.ok(names.length >= columns, `${names.length} columns`)
  const wrong = expected.flatMap((row, i) =>
    names
      .filter(name => !near(rows[i][name], row[name]))
      .map(name => `${keyOf(row)} ${name}: ${rows[i][name]}, expected ${row[name]}`),
  )
  t.same(wrong.slice(0, 5), [], `${wrong.length} values differ`)
}

function near(found: unknown, wanted: unknown): boolean {
  if (found === null || wanted === null) return found === wanted
  const [a, b] = [Number(found), Number(wanted)]
  return a === b || Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(b), 1)
}
