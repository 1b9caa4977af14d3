import { basalt as open } from 'basalt'
import t from 'tap'
import { fixture } from '../cli/command.js'
import { folderFor } from '../exec/folder.js'
import { rowsOf } from '../laws/rows.js'
import { duck } from '../support/duck.js'
import { libraryConfig } from './market.js'

t.setTimeout(300_000)

const folder = folderFor(t)
const base = { ...(await libraryConfig(folder)), PACKS: [fixture('own-sequence.mjs')] }
const withPass = (pass: object) => ({ ...base, PASSES: [{ name: 'own', ...pass }] })
const stretches = withPass({ modules: ['stretches'] })

t.test('a pack brings a module that makes rows of its own, of text too', async t => {
  const [one, two] = await Promise.all(
    [1, 2].map(workers => rowsOf(open({ ...stretches, EXECUTION: { workers } }).stream())),
  )
  t.strictSame(two, one)
  const [expected] = await duck(
    [],
    `WITH trades AS (
        SELECT "date"::VARCHAR AS day, ListingId AS l, Classification AS class, row_number() OVER (PARTITION BY "date", ListingId
          ORDER BY TradeTimestampNanoseconds, ExchangeSequenceNo, mic, file_row_number) AS place
        FROM read_parquet('${base.DATA.root}/trades/**/*.parquet', hive_partitioning = true, file_row_number = true)
        WHERE Size > 0),
      marked AS (
        SELECT *, place - row_number() OVER (PARTITION BY day, l, class ORDER BY place) AS stretch FROM trades)
      SELECT day, l, class, count(*) AS n FROM marked GROUP BY day, l, class, stretch ORDER BY day, l, min(place)`,
  )
  t.ok(expected.length > 20, `${expected.length} stretches`)
  t.strictSame(
    one.map(({ Date: day, ListingId: l, Class, Trades: n }) => ({ day, l, class: Class, n })),
    expected,
  )
  t.ok(one.some(({ Trades }) => Trades === 1n) && one.some(({ Trades }) => Trades !== 1n))
  t.same(
    one.filter(({ Trades, Inverse }) => Inverse !== (Trades === 1n ? null : 1 / (Number(Trades) - 1))),
    [],
    'null, never infinity',
  )
  t.same((await open(stretches).columns()).map(({ name, type }) => `${name} ${type}`).slice(0, 3), [
    'Date date',
    'ListingId i64',
    'TimeBucket ts',
  ])
})

t.test('what such a module cannot be used for is told', async t => {
  const misplaced = withPass({ modules: ['trade'], trade_analytics: { generic_metrics: [{ measures: 'Misplaced' }] } })
  await t.rejects(open(misplaced).plan(), {
    message: /kernel 'class_stretches' makes rows; a metric needs one that makes a value a bucket/,
  })
  const cases = {
    length: 'made \\d+ values of Trades and \\d+ of TimeBucket',
    type: 'made Trades of type i32, not i64',
    number: 'made 3 columns, not 4',
  }
  for (const [wrong, end] of Object.entries(cases)) {
    const pass = withPass({ modules: ['stretches'], stretches_analytics: { wrong } })
    const message = new RegExp(`Date 2026-02-03, ListingId \\d+: kernel 'class_stretches' ${end}`)
    await t.rejects(rowsOf(open(pass).stream()), { message }, wrong)
  }
})
