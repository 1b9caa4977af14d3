import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { writeSample } from '../../lib/sample/write.js'
import { type DuckRow, duck } from '../support/duck.js'
import { type Cell, objectsOf, type PassRows, type RunRows, runConfig } from '../support/run.js'

// Trades without mids of their own, as of the quotes of table l2, against DuckDB's ASOF JOIN.
t.setTimeout(240_000)

const DAYS = ['2026-02-03', '2026-02-04']
const HORIZONS = { '100ms': 100_000_000, '1s': 1_000_000_000, '1m': 60_000_000_000 }

const ANALYTICS = {
  impact_metrics: [
    { variant: 'EffectiveSpread', horizon: [null, ...Object.keys(HORIZONS)] },
    { variant: ['RealizedSpread', 'PriceImpact'], horizon: Object.keys(HORIZONS) },
    { variant: 'PriceImpact', horizon: '1s', unit: 'bps' },
  ],
  generic_metrics: [{ measures: 'Count' }],
}

const config = (root: string, execution = {}) => ({
  START_DATE: DAYS[0],
  END_DATE: DAYS[1],
  DATA: { root, layout: 'hive' },
  EXECUTION: execution,
  PASSES: [{ name: 'costs', modules: ['trade'], time_bucket_seconds: 60, trade_analytics: ANALYTICS }],
})

/** Stamps on a grid of 50 ms, so that trades and snapshots meet; one snapshot in five is no valid quote. */
async function writeRandom(root: string, order: string): Promise<void> {
  const stamp = (day: string, ms: string) => `TIMESTAMP_NS '${day} 09:00:00' + INTERVAL (50 * (${ms})) MILLISECOND`
  const random = (i: string, salt: number, below: number) => `(hash(${i}, ${salt}) % ${below})::BIGINT`
  for (const [d, day] of DAYS.entries()) {
    const seed = 100 * d
    for (const table of ['trades', 'l2']) mkdirSync(join(root, table, `date=${day}`), { recursive: true })
    await duck([
      `COPY (SELECT ${random('i', seed + 1, 7)} AS ListingId, ${stamp(day, random('i', seed + 2, 6000))} AS TradeTimestamp,
          100 + ${random('i', seed + 3, 20)} / 10 AS Price, 1 + ${random('i', seed + 4, 9)} AS Size, ${random('i', seed + 5, 3)}::TINYINT AS AggressorSide
          FROM range(4000) r(i) ORDER BY ${order.replace('time', 'TradeTimestamp').replace('any', 'hash(i)')})
        TO '${join(root, 'trades', `date=${day}`, 'part-0.parquet')}' (ROW_GROUP_SIZE 2048)`,
      `COPY (SELECT 1 + ${random('i', seed + 11, 7)} AS ListingId, ${stamp(day, random('i', seed + 12, 5900))} AS EventTimestamp,
          i AS BMLLSequenceNo,
          CASE WHEN ${random('i', seed + 15, 10)} = 0 THEN NULL ELSE 100 + ${random('i', seed + 13, 15)} / 10 END AS BidPrice1,
          CASE WHEN ${random('i', seed + 16, 10)} = 0 THEN NULL ELSE 100.4 + ${random('i', seed + 14, 15)} / 10 END AS AskPrice1
          FROM range(6000) r(i) ORDER BY ${order.replace('time', 'EventTimestamp').replace('any', 'hash(i, 3)')})
        TO '${join(root, 'l2', `date=${day}`, 'part-0.parquet')}' (ROW_GROUP_SIZE 2048)`,
    ])
  }
}

/** Mids of valid quotes, the last of equal stamps; each trade with the one before it, and those that stand later on. */
function sqlOf(root: string): string {
  const horizons = Object.entries(HORIZONS)
  const join = (name: string, condition: string) =>
    `ASOF LEFT JOIN mids ${name} ON tr.d = ${name}.d AND tr.l = ${name}.l AND ${condition}`
  return `
  WITH l2 AS (SELECT "date"::VARCHAR AS d, ListingId AS l, epoch_ns(EventTimestamp) AS t, BMLLSequenceNo AS s, BidPrice1 AS b, AskPrice1 AS a
      FROM read_parquet('${root}/l2/**/*.parquet', hive_partitioning = true)),
    mids AS (SELECT d, l, t, arg_max((a + b) / 2, s) AS m FROM l2 WHERE b <= a GROUP BY ALL),
    ends AS (SELECT d, l, max(t) AS last FROM l2 GROUP BY ALL),
    tr AS (SELECT "date"::VARCHAR AS d, ListingId AS l, epoch_ns(TradeTimestamp) AS t, Price AS p,
        CASE AggressorSide WHEN 1 THEN 1 WHEN 2 THEN -1 ELSE 0 END AS side
      FROM read_parquet('${root}/trades/**/*.parquet', hive_partitioning = true)),
    seen AS (SELECT tr.*, r.m AS ref,
        ${horizons.map(([tag, ns]) => `CASE WHEN tr.t + ${ns} <= e.last THEN h${tag}.m END AS m${tag}`).join(', ')}
      FROM tr ${join('r', 'r.t < tr.t')} ${horizons.map(([tag, ns]) => join(`h${tag}`, `h${tag}.t <= tr.t + ${ns}`)).join(' ')}
      LEFT JOIN ends e ON tr.d = e.d AND tr.l = e.l)
  SELECT d, l::VARCHAR AS l, (ceil(t / 60e9) * 60e9)::BIGINT::VARCHAR AS label, count(*) AS n,
    avg(2 * side * (p - ref)) FILTER (side <> 0 AND ref IS NOT NULL) AS effective,
    ${horizons
      .flatMap(([tag]) => {
        const rows = `FILTER (side <> 0 AND ref IS NOT NULL AND m${tag} IS NOT NULL)`
        return [
          `avg(2 * side * (p - ref)) ${rows} AS effective${tag}`,
          `avg(2 * side * (p - m${tag})) ${rows} AS realized${tag}`,
          `avg(2 * side * (m${tag} - ref)) ${rows} AS impact${tag}`,
        ]
      })
      .join(', ')},
    avg(1e4 * 2 * side * (m1s - ref) / ref) FILTER (side <> 0 AND ref IS NOT NULL AND m1s IS NOT NULL) AS bps
  FROM seen GROUP BY d, l, label`
}

const NAMES = [
  ['EffectiveSpread', 'effective'],
  ...Object.keys(HORIZONS).flatMap(tag => [
    [`EffectiveSpread${tag}`, `effective${tag}`],
    [`RealizedSpread${tag}`, `realized${tag}`],
    [`PriceImpact${tag}`, `impact${tag}`],
  ]),
  ['PriceImpact1sBps', 'bps'],
]

/** The pass itself, and not the quotes that it takes. */
const costsOf = ({ passes }: RunRows) => objectsOf(passes.find(({ name }) => name === 'costs') as PassRows)

const isClose = (a: Cell | DuckRow[string], b: Cell | DuckRow[string]): boolean =>
  a === null || b === null ? a === b : Math.abs(Number(a) - Number(b)) <= 1e-9 * Math.max(1, Math.abs(Number(b)))

const labelOf = (text: unknown): string => String(BigInt(Date.parse(String(text).replace(/\.\d+Z$/, 'Z'))) * 1_000_000n)

t.test('mark-outs as of quotes equal an ASOF JOIN, whatever the order of rows', async (t: Test) => {
  for (const order of ['ListingId, time', 'time', 'any']) {
    const root = t.testdir({})
    await writeRandom(root, order)
    const [expected] = await duck([], sqlOf(root))
    const shapes = [{ workers: 1 }, { workers: 2, batch_rows: 100 }, { workers: 2, memory_budget: '1MB' }]
    const found = []
    for (const shape of shapes) found.push(costsOf(await runConfig(config(root, shape))))
    t.same(found[1], found[0], `${order}: batches of 100 rows`)
    t.same(found[2], found[0], `${order}: symbol batches`)
    const byKey = new Map(expected.map(row => [`${row.d} ${row.l} ${row.label}`, row]))
    t.equal(found[0].length, expected.length, `${order}: rows`)
    let nulls = 0
    const wrong = found[0].filter(row => {
      const other = byKey.get(`${row.Date} ${row.ListingId} ${labelOf(row.TimeBucket)}`)
      nulls += NAMES.filter(([name]) => row[name] === null).length
      return !other || NAMES.some(([name, sql]) => !isClose(row[name], other[sql]))
    })
    t.same(wrong.slice(0, 2), [], `${order}: every bucket`)
    t.ok(nulls > 50, `${nulls} nulls: before the first quote, behind the last, of listings without any`)
  }
})

t.test('mark-outs of a sample market equal those of the mids that its trades carry', async t => {
  const root = t.testdir({})
  const options = { listings: 12, trades: 4000, days: 1, markets: ['XLON'], seed: 3 }
  await writeSample({ out: root, tables: ['trades', 'l2'], ...options })
  const bare = join(root, 'bare')
  mkdirSync(join(bare, `trades/date=${DAYS[0]}/mic=XLON`), { recursive: true })
  const files = `${root}/trades/**/*.parquet`
  await duck([
    `COPY (SELECT COLUMNS(c -> c NOT LIKE '%TradeMid%' AND c NOT IN ('date', 'mic')) FROM read_parquet('${files}', hive_partitioning = true))
    TO '${bare}/trades/date=${DAYS[0]}/mic=XLON/part-0.parquet'`,
  ])
  const each = { timeline_mode: 'sparse_original' }
  const passes = [{ ...config(root).PASSES[0], ...each }]
  const carried = costsOf(await runConfig({ ...config(root), PASSES: passes }))
  rmSync(join(root, 'trades'), { recursive: true })
  const tables = { trades: { path: `${bare}/trades/date=*/mic=*/*.parquet` } }
  const found = costsOf(await runConfig({ ...config(root), PASSES: passes, DATA: { root, layout: 'hive', tables } }))
  t.equal(found.length, carried.length)
  // A trade carries no mid of a moment without a quote; the last valid one stands on there (semantics 5.1).
  const values = found.flatMap((row, i) => NAMES.map(([name]) => [row[name], carried[i][name]]))
  const both = values.filter(([a, b]) => a !== null && b !== null)
  t.ok(both.length > 10_000, `${both.length} values`)
  t.equal(both.filter(([a, b]) => !isClose(a, b)).length, 0, 'every mid')
  t.ok(values.length - both.length < values.length / 20)
  const other = values.filter(([a, b]) => (a === null) !== (b === null)).length
  t.ok(other < values.length / 100, `${other} of ${values.length} mids are known of one alone`)
})
