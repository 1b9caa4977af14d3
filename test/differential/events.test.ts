import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { basalt } from '../../lib/basalt.js'
import { stampText } from '../../lib/core/index.js'
import { TRADE_TABLES, writeSample } from '../../lib/sample/write.js'
import { duck } from '../support/duck.js'
import { objectsOf, type PassRows, runConfig } from '../support/run.js'

// Turning points of averages of a sample market, and rows around them: the bars that are known by then, against ASOF
// joins in SQL over the trades themselves.
t.setTimeout(120_000)

const MINUTE = 60_000_000_000n
const OFFSETS = [-3, -2, -1, 0, 1, 2, 3]
const HOURS = 17

/** Rows from 17 hours before an event to 17 after it, so that they see bars of the other date and of none. */
const AROUND = { radius_seconds: HOURS * 3600, extra_observations: 3, passthrough_columns: ['IndicatorValue'] }

function configOf(root: string, anchor: string, tolerance: number | null, spill = 'auto') {
  return {
    START_DATE: '2026-02-03',
    END_DATE: '2026-02-04',
    DATA: { root, layout: 'hive', tables: { reference: {} } },
    EXECUTION: { workers: 2, spill },
    PASSES: [
      {
        name: 'bars',
        modules: ['trade'],
        time_bucket_anchor: anchor,
        trade_analytics: { generic_metrics: [{ measures: ['OHLC', 'Volume', 'Count'] }] },
      },
      { name: 'turns', modules: ['observed_events'], observed_events_analytics: { window: 9 } },
      {
        name: 'around',
        modules: ['external_events'],
        external_event_analytics: { ...AROUND, tolerance_seconds: tolerance },
      },
    ],
  }
}

const sql = (root: string, anchor: string) => `
  WITH bars AS (
    SELECT ListingId AS listing, label, label + ${anchor === 'start' ? MINUTE : 0n} AS known,
      arg_max(p, place) AS close, sum(q) AS volume
    FROM (
      SELECT ListingId, date, Size AS q, coalesce(InstrumentCurrencyPrice, Price) AS p,
        (epoch_ns(TradeTimestampNanoseconds), ExchangeSequenceNo) AS place,
        (epoch_ns(TradeTimestampNanoseconds) + ${MINUTE - 1n}) // ${MINUTE} * ${MINUTE}
          - ${anchor === 'start' ? MINUTE : 0n} AS label
      FROM read_parquet('${root}/trades/**/*.parquet', hive_partitioning = true)
      WHERE Classification = 'LIT_CONTINUOUS' AND Size > 0)
    GROUP BY ListingId, date, label),
  offsets AS (SELECT unnest([${OFFSETS}]) AS i),
  rows AS (
    SELECT e.listing, e.moment + CAST(round(i * ${HOURS * 3600}000000000 / 3.0) AS BIGINT) AS t, e.type, e.moment, i, e.value
    FROM events e, offsets)
  SELECT r.*, b.label, b.close, b.volume
  FROM rows r ASOF LEFT JOIN bars b ON b.listing = r.listing AND b.known <= r.t
  ORDER BY r.listing, t, type, moment, i`

/** The table of events that the turns of a run are. */
function eventsTable(turns: PassRows): string[] {
  const values = objectsOf(turns).map(row => {
    return `(${row.ListingId}, epoch_ns(TIMESTAMP_NS '${String(row.TimeBucket).slice(0, -1)}'), '${row.EventType}', ${row.IndicatorValue})`
  })
  return [
    'CREATE TABLE events (listing BIGINT, moment BIGINT, type VARCHAR, value DOUBLE)',
    `INSERT INTO events VALUES ${values.join()}`,
  ]
}

for (const [anchor, tolerance] of [
  ['end', null],
  ['start', null],
  ['end', 1800],
  ['start', 90],
] as const) {
  t.test(`${anchor} labels, tolerance ${tolerance}`, async t => {
    const root = t.testdir({})
    await writeSample({ out: root, tables: TRADE_TABLES, listings: 6, trades: 12_000, days: 2 })
    const { passes } = await runConfig(configOf(root, anchor, tolerance))
    const [, turns, around] = passes
    // A tolerance is no condition of an ASOF join: the nearest bar is found first, and then dropped.
    const [rows] = await duck(eventsTable(turns), sql(root, anchor))
    const most = tolerance === null ? null : BigInt(tolerance) * 1_000_000_000n
    const delay = anchor === 'start' ? MINUTE : 0n
    const expected = rows.map(row => {
      const { listing, t: at, type, moment, i, value, label, close, volume } = row
      const isOld = most !== null && label !== null && (at as bigint) - (label as bigint) - delay > most
      const metrics = isOld ? [null, null] : [close, volume]
      return [listing, stampText(at as bigint), type, stampText(moment as bigint), i, value, ...metrics]
        .map(String)
        .join()
    })
    const actual = objectsOf(around).map(row =>
      [
        row.ListingId,
        row.TimeBucket,
        row.EventType,
        row.EventAnchorTime,
        row.EventContextIndex,
        row.IndicatorValue,
        row.Close,
        row.TradeTotalVolume,
      ]
        .map(String)
        .join(),
    )
    t.ok(actual.length > 1000, `${actual.length} rows`)
    const found = objectsOf(around).filter(row => row.Close !== null).length
    t.ok(found > 100 && found < actual.length, `${found} of them with metrics`)
    t.strictSame(
      actual.filter((row, i) => row !== expected[i]).slice(0, 3),
      expected.filter((row, i) => row !== actual[i]).slice(0, 3),
    )
    t.equal(actual.length, expected.length)
  })
}

t.test('the same bytes whether results wait in memory or on disk', async t => {
  const root = t.testdir({})
  await writeSample({ out: root, tables: TRADE_TABLES, listings: 3, trades: 3000, days: 2 })
  const written = async (spill: string) => {
    const out = join(root, spill)
    const config = { ...configOf(root, 'end', null, spill), OUTPUT_TARGET: { root: out } }
    const { files } = await basalt(config).run({ passes: ['around'] })
    t.equal(files.length, 1)
    const names = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.parquet'))
    return names.map(name => ({ name, bytes: readFileSync(join(out, name)).toString('base64') }))
  }
  const memory = await written('auto')
  t.strictSame(await written('always'), memory)
  t.equal(memory.length, 1)
})

t.test('modules beside external_events are the pass before it; their rows are written nowhere', async t => {
  const root = t.testdir({})
  await writeSample({ out: root, tables: TRADE_TABLES, listings: 3, trades: 3000, days: 2 })
  const apart = configOf(root, 'start', 600)
  const [bars, turns, around] = apart.PASSES
  const together = {
    ...apart,
    OUTPUT_TARGET: { root },
    PASSES: [bars, turns, { ...bars, ...around, modules: ['trade', 'external_events'] }],
  }
  const ownRows = (await runConfig(together)).passes
  t.strictSame(
    ownRows.map(({ name }) => name),
    ['bars', 'turns', 'around.rows', 'around'],
  )
  t.strictSame(ownRows[3], (await runConfig(apart)).passes[2])
  const { files, passes } = await basalt(together).run()
  t.equal(passes.length, 4)
  t.strictSame(
    files.map(({ path }) => path.split('/').at(-3)),
    ['bars', 'turns', 'around'],
  )
})
