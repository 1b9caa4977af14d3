import { join } from 'node:path'
import t from 'tap'
import { basalt } from '../../lib/basalt.js'
import { stampText } from '../../lib/core/index.js'
import { TRADE_TABLES, writeSample } from '../../lib/sample/write.js'
import { type DuckRow, duck } from '../support/duck.js'
import { objectsOf, runConfig } from '../support/run.js'
import '../support/plain-threads.js'

// Every way to aggregate an earlier pass, under several keys and widths, against SQL over that pass's own file.
t.setTimeout(180_000)

const COLUMNS = ['Close', 'TradeTotalVolume', 'TradeTotalNotionalEUR', 'TradeBidVWAP', 'TradeTotalCount']
const METHODS = ['sum', 'mean', 'min', 'max', 'count', 'std', 'median']
const SQL: Record<string, (column: string) => string> = {
  Sum: x => `fsum(${x})`,
  Mean: x => `favg(${x})`,
  Min: x => `min(${x})`,
  Max: x => `max(${x})`,
  Count: x => `count(${x})`,
  Std: x => `stddev_samp(${x})`,
  Median: x => `median(${x})`,
  WeightedMean: x => `fsum(${x} * TradeTotalVolume) / nullif(sum(TradeTotalVolume) FILTER (${x} IS NOT NULL), 0)`,
}

/** Keys, the rule, and the label of the wider bucket of an end-labelled minute L (ns) in SQL. */
const CASES = [
  { group_by: ['InstrumentId', 'TimeBucket'], rule: '30m', width: 1800e9 },
  { group_by: ['MIC', 'TimeBucket'], rule: '1h', width: 3600e9 },
  { group_by: ['ListingId', 'TimeBucket'], rule: '1D', width: 86_400e9 },
  { group_by: ['Date', 'MIC'], rule: null, width: null },
  { group_by: ['CurrencyCode'], rule: null, width: null },
]

t.test('aggregations of an earlier pass', async t => {
  const root = t.testdir({})
  await writeSample({ out: root, tables: TRADE_TABLES, listings: 9, trades: 6000, days: 3 })
  const aggregations = Object.fromEntries(
    COLUMNS.map(column => [
      column,
      [...METHODS, { method: 'weighted_mean', weight: 'TradeTotalVolume', as: `${column}WeightedMean` }],
    ]),
  )
  const config = {
    START_DATE: '2026-02-03',
    END_DATE: '2026-02-05',
    DATA: { root, layout: 'hive', tables: { reference: {} } },
    OUTPUT_TARGET: { path_template: join(root, '{pass}.parquet') },
    PASSES: [
      {
        name: 'minutes',
        modules: ['trade'],
        trade_analytics: {
          generic_metrics: [
            { measures: ['OHLC', 'Volume', 'NotionalEUR', 'Count'] },
            { measures: 'VWAP', sides: 'Bid' },
          ],
        },
      },
      ...CASES.map(({ group_by, rule }, i) => ({
        name: `case${i}`,
        modules: ['generic'],
        generic_analytics: { source_pass: 'minutes', group_by, resample_rule: rule, aggregations },
      })),
    ],
  }
  await basalt(config).run({ passes: ['minutes'] })
  const { passes } = await runConfig(config)
  const columns = COLUMNS.flatMap(column =>
    Object.entries(SQL).map(([method, sql]) => ({ name: `${column}${method}`, sql: sql(column) })),
  )
  for (const [i, { group_by, width }] of CASES.entries()) {
    const label =
      width === null ? '' : `(epoch_ns(TimeBucket) + ${width - 1}::BIGINT) // ${width}::BIGINT * ${width}::BIGINT`
    const keys = group_by.map(key =>
      key === 'TimeBucket' ? `${label} AS TimeBucket` : key === 'Date' ? 'CAST(Date AS VARCHAR) AS Date' : key,
    )
    const [expected] = await duck(
      [],
      `SELECT ${keys.join(', ')}, ${columns.map(({ name, sql }) => `${sql} AS ${name}`).join(', ')}
       FROM read_parquet('${join(root, 'minutes.parquet')}')
       GROUP BY ${group_by.map((_, k) => k + 1).join(', ')}
       ORDER BY ${group_by.map((_, k) => `${k + 1} NULLS LAST`).join(', ')}`,
    )
    const found = objectsOf(passes[i + 1])
    t.ok(expected.length > 1 && found.length === expected.length, `${group_by}: ${found.length} rows`)
    const wrong = found.flatMap((row, r) =>
      columns
        .filter(({ name }) => differs(row[name], expected[r][name], name))
        .map(({ name }) => `${keyOf(row, group_by)} ${name}: ${row[name]}, expected ${expected[r][name]}`),
    )
    t.same(
      found.map(row => keyOf(row, group_by)),
      expected.map(row => keyOf(row, group_by)),
      'keys',
    )
    t.same(wrong.slice(0, 5), [], 'values')
  }
})

function keyOf(row: DuckRow, keys: string[]): string {
  return keys
    .map(key => (key === 'TimeBucket' && typeof row[key] === 'bigint' ? stampText(row[key]) : String(row[key])))
    .join(' ')
}

/** Counts, extremes and medians are equal; sums of doubles differ by the order in which they are added. */
function differs(a: unknown, b: unknown, name: string): boolean {
  if (a === null || b === null) return a !== b
  if (/(Min|Max|Count|Median)$/.test(name)) return Number(a) !== Number(b)
  return !(Math.abs(Number(a) - Number(b)) <= 1e-11 * Math.max(1e-9, Math.abs(Number(b))))
}
