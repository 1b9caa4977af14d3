import t, { type Test } from 'tap'
import { stampText } from '../../lib/core/index.js'
import { folderFor } from '../exec/folder.js'
import { type DuckRow, duck } from '../support/duck.js'
import { objectsOf, runConfig } from '../support/run.js'
import { DATES, LEVELS, writeBooks } from './books.js'
import { booksSql, type Grid, lastSql, SHARES, STANDING, standingSql, VALUES } from './books-sql.js'

// Books of drawn snapshots, against window functions. What a bucket takes over from those before it is the point.
t.setTimeout(300_000)

/** BASALT_SEED=7 tries other books. */
const seed = Number(process.env.BASALT_SEED ?? 1)

const STATE = 'CONTINUOUS_TRADING'
const AGE_SECONDS = 0.7
const SLOT_SECONDS = 5
const YEAR = 252 * 86_400

const CASES: Record<string, Grid> = {
  Sparse: { seconds: 30, anchor: 'end', closed: 'right' },
  Left: { seconds: 20, anchor: 'start', closed: 'left' },
  Dense: { seconds: 30, anchor: 'end', closed: 'right', dense: [32_280, 33_660] },
}

const clock = (seconds: number) => new Date(seconds * 1000).toISOString().slice(11, 19)

const both = { aggregations: ['Last', 'TWA'] }
const METRICS = {
  liquidity: [
    { sides: 'Bid', levels: 1, measures: 'Price', ...both },
    { sides: 'Ask', levels: 5, measures: 'Price', ...both },
    { sides: 'Bid', levels: 2, measures: 'Quantity', ...both },
    { levels: LEVELS, measures: 'CumQuantity', ...both },
    { sides: 'Bid', levels: LEVELS, measures: 'CumNotional', ...both },
  ],
  spreads: [
    { variant: ['Abs', 'BPS'], ...both },
    { variant: 'Abs', aggregations: 'TWA', market_states: STATE, output_name_pattern: 'InStateSpread{variant}' },
  ],
  imbalances: [
    { levels: LEVELS, measure: ['CumQuantity', 'CumNotional'], ...both },
    { levels: 2, measure: 'Quantity', ...both },
  ],
  prices: [{ source: ['Mid', 'WeightedMid'] }],
  ohlc: [{ source: ['Mid', 'Bid', 'Ask', 'WeightedMid'] }],
  volatility: [
    { source: 'Mid' },
    { source: 'Mid', subsample_seconds: SLOT_SECONDS, output_name_pattern: 'Slots{source}' },
  ],
  microstructure_metrics: [
    { variant: 'OrderFlowImbalance' },
    { variant: 'OrderFlowImbalance', levels: 2 },
    { variant: ['QuoteSlope', 'LogQuoteSlope'], ...both },
    { variant: 'DepthTotal', within_bps: 17, ...both },
  ],
  quality: [...Object.keys(SHARES), 'EventCount'],
}

const passOf = (name: string, { seconds, anchor, closed, dense }: Grid, modules: string[], l2_analytics: object) => ({
  name,
  modules,
  time_bucket_seconds: seconds,
  time_bucket_anchor: anchor,
  time_bucket_closed: closed,
  ...(dense && {
    timeline_mode: 'dense',
    dense_analytics: { mode: 'uniform', time_interval: dense.map(clock) },
  }),
  l2_analytics,
})

const AGED = {
  metric_prefix: 'Young',
  max_quote_age_seconds: AGE_SECONDS,
  spreads: [{ variant: 'Abs', aggregations: 'TWA', output_name_pattern: 'Spread{variant}' }],
  quality: ['CoverageShare', 'StaleShare'],
}

t.test('metrics of books equal their SQL', async t => {
  const root = folderFor(t)
  await writeBooks(root, { seed })
  const { passes } = await runConfig({
    START_DATE: DATES[0],
    END_DATE: DATES[1],
    DATA: { root, layout: 'hive' },
    PASSES: Object.entries(CASES).flatMap(([name, grid]) => [
      passOf(name, grid, ['l2', 'l2tw'], METRICS),
      passOf(`${name}Aged`, grid, ['l2tw'], AGED),
    ]),
    EXECUTION: { batch_rows: 500 },
  })
  for (const [i, [name, grid]] of Object.entries(CASES).entries()) {
    await t.test(name, t => check(t, grid, root, objectsOf(passes[2 * i]), objectsOf(passes[2 * i + 1])))
  }
})

type Found = ReturnType<typeof objectsOf>

async function check(t: Test, grid: Grid, root: string, rows: Found, aged: Found): Promise<void> {
  const [standing, last] = await duck(
    booksSql(`${root}/l2/**/*.parquet`, grid),
    standingSql(STATE, AGE_SECONDS * 1e9),
    lastSql(grid, SLOT_SECONDS * 1e9, YEAR),
  )
  const lasts = new Map(last.map(row => [keyOf(row), row]))
  const found = rows.map((row, i): Record<string, unknown> => ({ ...aged[i], ...row }))
  t.ok(found.length > 100, `${found.length} rows`)
  t.same(
    found.map(row => `${row.Date} ${row.ListingId} ${row.TimeBucket}`),
    standing.map(keyOf),
    'the same buckets',
  )
  const empty = standing.filter(row => Number(row.EventCount) === 0).length
  t.equal(empty > 20, grid.dense !== undefined, `${empty} buckets without snapshots`)
  const names = Object.keys(found[0]).filter(name => !/^(Date|ListingId|TimeBucket|.*MarketState)$/.test(name))
  const wrong: string[] = []
  for (const name of names) {
    t.ok(name in standing[0] || name in last[0], `${name} is compared`)
    t.ok(new Set(found.map(row => String(row[name]))).size > 3, `${name} is not everywhere the same`)
    for (const [i, row] of standing.entries()) {
      const own = lasts.get(keyOf(row))?.[name] ?? null
      const wanted = name in row ? row[name] : own === null && name.startsWith('OrderFlow') ? 0 : own
      const nulls = name in row && /Share$/.test(name) && wanted === null ? 0 : wanted
      if (!near(found[i][name], nulls)) wrong.push(`${keyOf(row)} ${name}: ${found[i][name]}, expected ${nulls}`)
    }
  }
  t.same(wrong.slice(0, 5), [], `${wrong.length} values differ`)
  for (const name of [...Object.keys(VALUES), ...Object.keys(STANDING).map(each => `${each}TWA`)])
    t.ok(names.includes(name), name)
  t.same(standing.filter((row, i) => !addsUp(found[i], row)).map(keyOf), [], 'shares of the bucket add up to it')
}

/** Coverage, crossed, one-sided, without any price, and before the first snapshot of the day: that is the bucket. */
function addsUp(found: Record<string, unknown>, { empty, seen }: DuckRow): boolean {
  const known = ['CoverageShare', 'CrossedShare', 'OneSidedShare'].map(name => Number(found[name]))
  const all = known.reduce((sum, share) => sum + share, Number(empty ?? 0) + 1 - Number(seen ?? 0))
  return Math.abs(all - 1) < 1e-12 && Number(found.LockedShare) <= known[0] + 1e-15
}

const keyOf = ({ day, l, label }: DuckRow) => `${day} ${l} ${stampText(label as bigint)}`

/** Tells whether two values agree: both null, or equal but for rounding, in differences of prices near 10 at most 1e-12. */
function near(found: unknown, wanted: unknown): boolean {
  if (found === null || wanted === null) return found === wanted
  const [a, b] = [Number(found), Number(wanted)]
  return a === b || Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(b), 1)
}

t.test('means of minutes merge to those of five minutes', async t => {
  const root = folderFor(t)
  await writeBooks(root, { seed })
  const metrics = {
    spreads: [{ variant: ['Abs', 'BPS'], aggregations: 'TWA' }],
    prices: [{ source: ['Mid', 'Bid'] }],
    liquidity: [{ levels: LEVELS, measures: 'CumQuantity', aggregations: 'TWA' }],
    imbalances: [{ levels: LEVELS, aggregations: 'TWA' }],
    quality: [...Object.keys(SHARES), 'EventCount'],
    microstructure_metrics: [{ variant: 'OrderFlowImbalance' }],
  }
  const names = [
    ...['SpreadAbs', 'SpreadBps', 'Mid', 'Bid', 'BidCumQuantity5', 'AskCumQuantity5', 'ImbalanceCumQuantity5'].map(
      name => `${name}TWA`,
    ),
    ...Object.keys(SHARES),
    'EventCount',
    'OrderFlowImbalance1',
  ]
  const minutes: Grid = { seconds: 60, anchor: 'end', closed: 'right', dense: [32_400, 34_200] }
  const { passes } = await runConfig({
    START_DATE: DATES[0],
    END_DATE: DATES[1],
    DATA: { root, layout: 'hive' },
    PASSES: [
      passOf('minutes', minutes, ['l2', 'l2tw'], metrics),
      passOf('direct', { ...minutes, seconds: 300 }, ['l2', 'l2tw'], metrics),
      {
        name: 'merged',
        modules: ['generic'],
        generic_analytics: {
          source_pass: 'minutes',
          group_by: ['Date', 'ListingId', 'TimeBucket'],
          resample_rule: '5m',
          aggregations: Object.fromEntries(names.map(name => [name, 'merge'])),
        },
      },
    ],
  })
  const [direct, merged] = [1, 2].map(i => objectsOf(passes[i]))
  t.ok(direct.length > 40, `${direct.length} rows`)
  t.same(
    merged.map(row => `${row.Date} ${row.ListingId} ${row.TimeBucket}`),
    direct.map(row => `${row.Date} ${row.ListingId} ${row.TimeBucket}`),
  )
  const wrong = direct.flatMap((row, i) =>
    names
      .filter(name => {
        const [a, b] = [merged[i][name], row[name]]
        if (a === null || b === null) return a !== b
        return Math.abs(Number(a) - Number(b)) > 1e-12 * Math.max(Math.abs(Number(b)), 1)
      })
      .map(name => `${row.ListingId} ${row.TimeBucket} ${name}: ${merged[i][name]}, direct ${row[name]}`),
  )
  t.same(wrong.slice(0, 5), [], `${wrong.length} values differ`)
})
