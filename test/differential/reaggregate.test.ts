import { join } from 'node:path'
import t, { type Test } from 'tap'
import { basalt } from '../../lib/basalt.js'
import { stampText } from '../../lib/core/index.js'
import { folderFor } from '../exec/folder.js'
import { type DuckRow, duck } from '../support/duck.js'
import { objectsOf, type PassRows, runConfig } from '../support/run.js'
import { basketConfig, basketMarket } from './baskets.js'

// Bars of a sample market into baskets, beside SQL over the same bars and the same membership.
t.setTimeout(120_000)

const SUMS = ['TradeTotalVolume', 'TradeTotalCount', 'TradeTotalNotionalEUR']
const AVERAGES = ['TradeTotalVWAP', 'Open', 'High', 'Low', 'Close', 'TradeBidVWAP']
const LABELS = ['Ticker', 'MIC', 'MarketState']

t.test('baskets of a sample market equal their SQL', { timeout: 120_000 }, async t => {
  const root = folderFor(t)
  await basketMarket(root)
  const config = basketConfig(root)
  const { passes, said } = await runConfig(config)
  await basalt({ ...config, OUTPUT_TARGET: { root, path_template: '{root}/{pass}.parquet' } }).run({ passes: ['bars'] })
  const [bars] = passes
  const nulls = objectsOf(bars).filter(row => row.TradeBidVWAP === null).length
  t.ok(nulls > 100, `${nulls} bars lack a price`)
  t.match(said.join('\n'), /rows whose ListingId is in no IndexId: \d\d/)
  await check(t, passes[1], 'sum(TradeTotalNotionalEUR) OVER (PARTITION BY ListingId, "Date")', root)
  await check(t, passes[2], 'TradeTotalNotionalEUR', root)
})

async function check(t: Test, pass: PassRows, weight: string, root: string): Promise<void> {
  const columns = [
    ...SUMS.map(name => `sum(${name}) AS ${name}`),
    ...AVERAGES.map(name => `sum(${name} * w) / sum(w) FILTER (${name} IS NOT NULL) AS ${name}`),
    ...LABELS.map(name => `last(${name} ORDER BY label, ListingId) FILTER (${name} IS NOT NULL) AS ${name}`),
  ]
  const [expected] = await duck(
    [
      `CREATE TABLE members AS SELECT * FROM '${join(root, 'members.parquet')}'`,
      `CREATE TABLE rows AS SELECT *, epoch_ns(TimeBucket) AS label, ${weight} AS w FROM '${join(root, 'bars.parquet')}'`,
    ],
    `SELECT "Date"::VARCHAR AS day, IndexId, (label + 899999999999) // 900000000000 * 900000000000 AS bucket,
        ${columns.join(', ')}
      FROM rows JOIN members m USING (ListingId)
      WHERE IndexId IS NOT NULL AND m."Date" = (
        SELECT max(o."Date") FROM members o WHERE o.ListingId = rows.ListingId AND o."Date" <= rows."Date")
      GROUP BY ALL ORDER BY IndexId, bucket`.replace('"Date"::VARCHAR', 'rows."Date"::VARCHAR'),
  )
  const rows = objectsOf(pass)
  t.ok(rows.length > 100, `${rows.length} rows of ${pass.name}`)
  t.same(
    rows.map(row => `${row.Date} ${row.IndexId} ${row.TimeBucket}`),
    expected.map(row => `${row.day} ${row.IndexId} ${stampText(row.bucket as bigint)}`),
    'the same baskets and buckets',
  )
  const wrong = rows.flatMap((row, i) =>
    [...SUMS, ...AVERAGES, ...LABELS]
      .filter(name => !near(row[name], expected[i][name]))
      .map(name => `${row.IndexId} ${row.TimeBucket} ${name}: ${row[name]}, expected ${expected[i][name]}`),
  )
  t.same(wrong.slice(0, 5), [], `${wrong.length} values of ${pass.name} differ`)
}

/** Sums of doubles are added in another order by DuckDB; all else is equal. */
function near(found: unknown, wanted: DuckRow[string]): boolean {
  if (typeof found !== 'number' || wanted === null) return String(found) === String(wanted)
  return Math.abs(found - Number(wanted)) <= 1e-12 * Math.abs(Number(wanted))
}
