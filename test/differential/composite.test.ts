import t from 'tap'
import { writeSample } from '../../lib/sample/write.js'
import { duck } from '../support/duck.js'
import { objectsOf, type PassRows, runConfig } from '../support/run.js'

// The book of an instrument over its markets, against what the market itself has recorded and against SQL.
t.setTimeout(240_000)

const DAY = '2026-02-03'

const config = (root: string, pass: Record<string, unknown>, execution = {}) => ({
  START_DATE: DAY,
  END_DATE: DAY,
  DATA: { root, layout: 'hive', reference: { path: `${root}/reference/date={date}/*.parquet` } },
  EXECUTION: execution,
  PASSES: [{ name: 'made', ...pass }],
})

const rowsOf = async (root: string, pass: Record<string, unknown>, execution = {}) => {
  const { passes } = await runConfig(config(root, pass, execution))
  return objectsOf(passes.find(({ name }) => name === 'made') as PassRows)
}

const text = (value: unknown) => (value === null || value === undefined ? '' : String(value))

t.test('the best prices of all markets are those that the market recorded', async t => {
  const root = t.testdir({})
  const markets = ['XLON', 'XPAR', 'XAMS']
  await writeSample({
    out: root,
    tables: ['reference', 'l2', 'cbbo'],
    listings: 9,
    trades: 3000,
    days: 1,
    markets,
    seed: 8,
  })
  const pass = {
    modules: ['cbbo_preprocess'],
    cbbo_preprocess: { levels_in: 1, top_n: 1, time_index: 'event' },
  }
  const made = await rowsOf(root, pass)
  const files = (table: string) => `read_parquet('${root}/${table}/**/*.parquet', hive_partitioning = true)`
  // Of events of one instant the market records each, and the book shows the last.
  const [recorded] = await duck(
    [],
    `WITH last AS (SELECT InstrumentId::VARCHAR AS i, epoch_ns(TimestampNanoseconds) AS t,
        arg_max(struct_pack(b := BidPrice1, bq := BidQuantity1, a := AskPrice1, aq := AskQuantity1), BMLLSequenceNo) AS q
      FROM ${files('cbbo')} GROUP BY ALL),
    changed AS (SELECT *, lag(q) OVER (PARTITION BY i ORDER BY t) AS before FROM last)
    SELECT i, make_timestamp_ns(t)::VARCHAR AS t, q.b AS b, q.bq AS bq, q.a AS a, q.aq AS aq FROM changed WHERE q IS DISTINCT FROM before ORDER BY i, t`,
  )
  const seen = new Set(
    made.map(row =>
      [row.InstrumentId, row.BidPrice1, row.BidQuantity1, row.AskPrice1, row.AskQuantity1].map(text).join(),
    ),
  )
  t.ok(recorded.length > 2000, `${recorded.length} quotes`)
  t.ok(Math.abs(made.length - recorded.length) < recorded.length / 100, `${made.length} rows of ${recorded.length}`)
  const missing = recorded.filter(({ i, b, bq, a, aq }) => !seen.has([i, b, bq, a, aq].map(text).join()))
  t.ok(missing.length < recorded.length / 200, `${missing.length} quotes are of no row`)
  for (const shape of [
    { workers: 1, batch_rows: 100 },
    { workers: 2, memory_budget: '2MB', spill: 'always' },
  ])
    t.same(await rowsOf(root, pass, shape), made, JSON.stringify(shape))

  const wide = { ...pass, cbbo_preprocess: { ...pass.cbbo_preprocess, include_mic_wide: true, mic_whitelist: markets } }
  const byMarket = await rowsOf(root, wide)
  t.ok(byMarket.length >= made.length, `${byMarket.length} rows, those that only a market shows too`)
  const apart = byMarket.filter(row =>
    ['Bid', 'Ask'].some(side => {
      const best = row[`${side}Price1`]
      const at = markets.filter(mic => row[`${mic}${side}Price1`] === best)
      const quantity = at.reduce((sum, mic) => sum + Number(row[`${mic}${side}Quantity1`]), 0)
      return best !== null && quantity !== row[`${side}Quantity1`]
    }),
  )
  t.same(apart.slice(0, 2), [], 'what markets have at the best price adds up to the quantity there')
  t.same(await rowsOf(root, wide, { workers: 2, memory_budget: '2MB', spill: 'always' }), byMarket)
})

t.test('times at the best bid equal those of SQL', async t => {
  const root = t.testdir({})
  await writeSample({ out: root, tables: ['reference', 'l2', 'cbbo'], listings: 6, trades: 800, days: 1, seed: 4 })
  const made = await rowsOf(root, { modules: ['cbbo_analytics'], time_bucket_seconds: 300 })
  const files = (table: string) => `read_parquet('${root}/${table}/**/*.parquet', hive_partitioning = true)`
  // Both tables cut the day into pieces in which nothing changes; a piece counts in the bucket that it lies in.
  const W = 300_000_000_000
  const [expected] = await duck(
    [
      `CREATE TABLE own AS SELECT l.ListingId AS l, r.InstrumentId AS i, epoch_ns(l.TimestampNanoseconds) AS t, l.L2EventNo AS s, BidPrice1 AS b, BidQuantity1 AS q
        FROM ${files('l2')} l JOIN (SELECT DISTINCT ListingId, InstrumentId FROM ${files('reference')}) r USING (ListingId)`,
      `CREATE TABLE best AS SELECT InstrumentId AS i, epoch_ns(TimestampNanoseconds) AS t, arg_max(BidPrice1, BMLLSequenceNo) AS c FROM ${files('cbbo')} GROUP BY ALL`,
      'CREATE TABLE last AS SELECT l, i, t, arg_max(b, s) AS b, arg_max(q, s) AS q FROM own GROUP BY ALL',
      `CREATE TABLE cuts AS SELECT DISTINCT l, i, t FROM (
        SELECT l, i, t FROM last
        UNION ALL SELECT o.l, o.i, best.t FROM best JOIN (SELECT DISTINCT l, i FROM last) o USING (i)
        UNION ALL SELECT l, i, unnest(range((min(t) // ${W}) * ${W}, max(t) + ${2 * W}, ${W})) FROM last GROUP BY l, i)`,
      `CREATE TABLE pieces AS SELECT l, i, t, lead(t) OVER (PARTITION BY l ORDER BY t) AS until FROM cuts`,
    ],
    `WITH pair AS (SELECT p.*, o.b, o.q, c.c FROM pieces p ASOF LEFT JOIN last o ON p.l = o.l AND o.t <= p.t ASOF LEFT JOIN best c ON p.i = c.i AND c.t <= p.t),
    buckets AS (SELECT DISTINCT l, ((t + ${W - 1}) // ${W}) * ${W} AS label FROM last)
    SELECT l::VARCHAR AS l, make_timestamp_ns(label)::VARCHAR AS label,
      sum(until - t) FILTER (b = c) / sum(until - t) FILTER (b IS NOT NULL AND c IS NOT NULL) AS share,
      sum((until - t) * q) FILTER (b = c) / sum(until - t) FILTER (b IS NOT NULL AND c IS NOT NULL) AS quantity,
      sum(until - t) FILTER (b IS NOT NULL AND c IS NOT NULL) AS known
    FROM pair JOIN buckets USING (l) WHERE t >= label - ${W} AND t < label GROUP BY l, label`,
  )
  const found = new Map(expected.map(row => [`${row.l} ${String(row.label).slice(0, 19)}`, row]))
  t.ok(made.length > 300, `${made.length} buckets`)
  let compared = 0
  const wrong = made.filter(row => {
    const other = found.get(`${row.ListingId} ${String(row.TimeBucket).slice(0, 19).replace('T', ' ')}`)
    if (!other?.known) return row.TimeAtCBB !== null
    compared++
    // DuckDB reads stamps of a zone in µs, of which a bucket has 3·10⁸.
    const close = (a: unknown, b: unknown) => Math.abs(Number(a) - Number(b ?? 0)) <= 1e-6 * Math.max(1, Number(b ?? 0))
    return !close(row.TimeAtCBB, other.share) || !close(row.QuantityAtCBB, other.quantity)
  })
  t.same(wrong.slice(0, 2), [])
  t.ok(compared > 250, `${compared} buckets compared`)
})
