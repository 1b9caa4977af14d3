import { join } from 'node:path'
import t from 'tap'
import { answerOf, SIDES, sqlBySide } from '../../bench/by-side.js'
import { folderFor } from '../exec/folder.js'
import { duck } from '../support/duck.js'

const MEASURES = ['Volume', 'Count', 'VWAP', 'OHLC', 'AvgPrice', 'StdPrice', 'LargestTrade', 'LargeVolume'] as const
const WHERE = { Total: 'true', Bid: 'AggressorSide = 2', Ask: 'AggressorSide = 1' }

t.test("the rivals' pivoted form gives what filters in one pass give", async t => {
  const trades = join(folderFor(t), 'trades.parquet')
  const copied = `COPY (SELECT i % 7 AS "ListingId", make_timestamp_ns(i * 1000000007) AS "TradeTimestamp",
       CAST(hash(i, 1) % 3 AS TINYINT) AS "AggressorSide", 100 + hash(i, 2) % 50 / 8 AS "Price",
       CAST(hash(i, 3) % 12000 AS DOUBLE) AS "Size", 1.5 AS "TradeNotionalEUR"
     FROM range(2000) AS t(i)) TO '${trades}' (FORMAT parquet)`
  const plain = SIDES.flatMap(side => {
    const f = `FILTER (${WHERE[side]})`
    return [
      `coalesce(sum(Size) ${f}, 0) AS ${side}_Volume`,
      `count(*) ${f} AS ${side}_Count`,
      `sum(Price * Size) ${f} / sum(Size) ${f} AS ${side}_VWAP`,
      `arg_min(Price, TradeTimestamp) ${f} AS ${side}_Open`,
      `max(Price) ${f} AS ${side}_High`,
      `min(Price) ${f} AS ${side}_Low`,
      `arg_max(Price, TradeTimestamp) ${f} AS ${side}_Close`,
      `avg(Price) ${f} AS ${side}_AvgPrice`,
      `stddev_samp(Price) ${f} AS ${side}_StdPrice`,
      `max(Size) ${f} AS ${side}_LargestTrade`,
      `coalesce(sum(Size) FILTER (${WHERE[side]} AND Size >= 10000), 0) AS ${side}_LargeVolume`,
    ]
  })
  const sorted = (sql: string) => `FROM (${sql}) ORDER BY ListingId, TimeBucket`
  const [expected, found] = await duck(
    [copied],
    sorted(`SELECT ListingId, date_trunc('minute', TradeTimestamp) AS TimeBucket, ${plain.join(', ')}
      FROM read_parquet('${trades}') GROUP BY ALL`),
    sorted(sqlBySide(trades, MEASURES)),
  )

  t.ok(expected.length > 100)
  t.equal(found.length, expected.length)
  t.ok(expected.some(row => row.Bid_Count === 0n || row.Ask_Count === 0n))
  const { exact, sums, deviations } = answerOf(MEASURES)
  const names = Object.values({ ...exact, ...sums, ...deviations })
  t.equal(names.length, plain.length)
  for (const [i, row] of found.entries()) {
    const apart = names.filter(name => {
      const [x, y] = [row[name], expected[i][name]]
      return x === null || y === null ? x !== y : Math.abs(Number(x) - Number(y)) > 1e-9
    })
    if (apart.length > 0) return t.fail(`row ${i}`, { apart, found: row, expected: expected[i] })
  }
})
