import t from 'tap'
import { TRADE_TABLES, writeSample } from '../../lib/sample/write.js'
import { folderFor } from '../exec/folder.js'
import { sharedData } from '../io/shared.js'
import { duck } from '../support/duck.js'
import { objectsOf, runConfig } from '../support/run.js'
import { barsOf, rowOf } from './plain-bars.js'

// Bars of a synthetic market and of a real day against a plain loop over their trades, which DuckDB reads and puts in
// total order.
t.setTimeout(240_000)

const CASES = [
  { name: 'ticks', type: 'tick', threshold: 50 },
  { name: 'volumes', type: 'volume', threshold: 30_000.5 },
  { name: 'notionals', type: 'notional', threshold: 2_000_000, base_filter: {} },
  { name: 'imbalances', type: 'imbalance', threshold: 10_000, base_filter: {} },
  { name: 'every_trade', type: 'volume', threshold: 0.001, base_filter: { Classification: ['LIT_AUCTION'] } },
]

const LIT = { Classification: ['LIT_CONTINUOUS'] }

t.test('every kind of bar equals a plain loop, to the last bit', async t => {
  const out = folderFor(t)
  await writeSample({ out, tables: TRADE_TABLES, listings: 8, trades: 6000, days: 2, rowGroupRows: 1000 })
  const config = {
    START_DATE: '2026-02-03',
    END_DATE: '2026-02-04',
    // DuckDB reads UTC stamps in µs: both sides take the column that is cut to them, and ties go by sequence.
    DATA: {
      root: out,
      layout: 'hive',
      tables: { trades: { columns: { TradeTimestampNanoseconds: 'TradeTimestamp' } } },
    },
    PASSES: CASES.map(({ name, ...bars_analytics }) => ({ name, modules: ['bars'], bars_analytics })),
    EXECUTION: { workers: 2 },
  }
  const { passes } = await runConfig(config)
  const [trades] = await duck(
    [],
    `SELECT "date"::VARCHAR AS day, ListingId AS l, epoch_ns(TradeTimestamp) AS t, Size::DOUBLE AS q,
        coalesce(InstrumentCurrencyPrice, Price) AS p, AggressorSide AS side, Classification AS class
      FROM read_parquet('${out}/trades/**/*.parquet', hive_partitioning = true, file_row_number = true)
      WHERE Size > 0 AND coalesce(InstrumentCurrencyPrice, Price) IS NOT NULL
      ORDER BY "date", ListingId, TradeTimestamp, ExchangeSequenceNo, mic, file_row_number`,
  )
  for (const [i, each] of CASES.entries()) {
    const { Classification: classes }: { Classification?: string[] } = each.base_filter ?? LIT
    const counted = classes ? trades.filter(trade => classes.includes(trade.class as string)) : trades
    const expected = barsOf(counted, each).flatMap(bars => bars.map(rowOf))
    const found = objectsOf(passes[i]).map(row =>
      Object.fromEntries(Object.keys(expected[0]).map(key => [key, row[key]])),
    )
    t.ok(expected.length > 20 && expected.some(({ IsComplete }) => IsComplete), `${expected.length} bars`)
    t.strictSame(found, expected, each.name)
  }
})

const root = sharedData('us-equities')
const skip = root ? false : 'the real day is not here: set BASALT_SHARED to the folder that holds data/us-equities'

t.test('and those of a real day, of integers, ties in the order of the file', { skip }, async t => {
  const cases = CASES.filter(({ name }) => ['ticks', 'volumes', 'notionals'].includes(name))
  const { passes } = await runConfig({
    START_DATE: '2013-10-07',
    END_DATE: '2013-10-07',
    DATA: {
      root,
      layout: 'hive',
      tables: {
        trades: {
          columns: { ListingId: 'symbol_id', TradeTimestamp: 'ts', Price: 'px_e4', Size: 'qty' },
          price_scale: 0.0001,
        },
      },
    },
    PASSES: cases.map(({ name, type, threshold }) => ({
      name,
      modules: ['bars'],
      bars_analytics: { type, threshold },
    })),
    EXECUTION: { workers: 2 },
  })
  const [trades] = await duck(
    [],
    `SELECT "date"::VARCHAR AS day, symbol_id AS l, epoch_ns(ts) AS t, qty::DOUBLE AS q, px_e4 / 10000.0 AS p
      FROM read_parquet('${root}/trades/**/*.parquet', hive_partitioning = true, file_row_number = true)
      WHERE qty > 0 ORDER BY "date", symbol_id, ts, mic, filename, file_row_number`,
  )
  for (const [i, each] of cases.entries()) {
    const expected = barsOf(trades, each).flatMap(bars => bars.map(rowOf))
    const rows = objectsOf(passes[i])
    t.equal(typeof rows[0].Volume, 'bigint')
    // Lines: a deep comparison of thousands of rows takes seconds. Volumes are whole numbers on both sides.
    const lineOf = (row: Record<string, unknown>) =>
      Object.keys(expected[0])
        .map(key => `${key} ${row[key]}`)
        .join()
    t.ok(expected.length > 100, `${expected.length} bars`)
    const wrong = expected.flatMap((row, bar) => (lineOf(row) === lineOf(rows[bar] ?? {}) ? [] : [lineOf(row)]))
    t.same([rows.length, wrong.slice(0, 3)], [expected.length, []], each.name)
  }
})
