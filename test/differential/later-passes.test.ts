import t, { type Test } from 'tap'
import { stampText } from '../../lib/core/index.js'
import { TRADE_TABLES, writeSample } from '../../lib/sample/write.js'
import { sharedData } from '../io/shared.js'
import { type DuckRow, duck } from '../support/duck.js'
import { objectsOf, runConfig } from '../support/run.js'

// The two passes of the specification, 1-minute bars of listings and 15-minute bars of instruments with an average over
// 14 of them, against SQL over the trades themselves: on a sample market, and on a real day without notionals in euro.
t.setTimeout(120_000)

const QUARTER = 900_000_000_000n

function passesOf(notional: string) {
  return [
    {
      name: 'pass1',
      modules: ['trade'],
      time_bucket_seconds: 60,
      trade_analytics: {
        generic_metrics: [
          { measures: ['Volume', notional], sides: 'Total' },
          { measures: ['OHLC'], sides: 'Total' },
        ],
      },
    },
    {
      name: 'pass2',
      modules: ['generic'],
      time_bucket_seconds: 60,
      generic_analytics: {
        source_pass: 'pass1',
        group_by: ['InstrumentId', 'TimeBucket'],
        resample_rule: '15m',
        aggregations: { TradeTotalVolume: 'sum', [`TradeTotal${notional}`]: 'sum', Close: 'last' },
        talib_indicators: [{ name: 'SMA', input_col: 'Close', timeperiod: 14, output_col: 'SMA_14' }],
      },
    },
  ]
}

/** Instruments' quarters of an hour from rows t, instrument, p, q, notional and their place in total order. */
const QUARTERS = `
  quarters AS (
    SELECT instrument, (t + ${QUARTER - 1n}) // ${QUARTER} * ${QUARTER} AS label, sum(q) AS volume, fsum(notional) AS notional,
      fsum(abs(notional)) AS size, arg_max(p, place) AS close
    FROM rows GROUP BY ALL)
  SELECT *, CASE WHEN count(*) OVER last14 = 14 THEN avg(close) OVER last14 END AS sma FROM quarters
  WINDOW last14 AS (PARTITION BY instrument ORDER BY label ROWS 13 PRECEDING)
  ORDER BY instrument, label`

t.test('on the sample market', async t => {
  const root = t.testdir({})
  await writeSample({ out: root, tables: TRADE_TABLES, listings: 12, trades: 30_000, days: 2 })
  const { passes } = await runConfig({
    START_DATE: '2026-02-03',
    END_DATE: '2026-02-04',
    DATA: { root, layout: 'hive', tables: { reference: {} } },
    EXECUTION: { workers: 2 },
    PASSES: passesOf('NotionalEUR'),
  })
  const [expected] = await duck(
    [],
    `WITH
      reference AS (SELECT * FROM read_parquet('${root}/reference/**/*.parquet', hive_partitioning = true)),
      trades AS (SELECT * FROM read_parquet('${root}/trades/**/*.parquet', hive_partitioning = true)),
      rows AS (
        SELECT r.InstrumentId AS instrument, epoch_ns(t.TradeTimestampNanoseconds) AS t, t.Size AS q,
          t.TradeNotionalEUR AS notional, coalesce(t.InstrumentCurrencyPrice, t.Price) AS p,
          (epoch_ns(t.TradeTimestampNanoseconds), t.ListingId, t.ExchangeSequenceNo) AS place
        FROM trades t JOIN reference r ON r.ListingId = t.ListingId AND r.date = t.date
        WHERE t.Classification = 'LIT_CONTINUOUS' AND t.Size > 0),
    ${QUARTERS}`,
  )
  t.ok(new Set(expected.map(({ instrument }) => instrument)).size < 12, 'instruments have several listings')
  compare(t, objectsOf(passes[1]), expected, 'NotionalEUR')
})

const root = sharedData('us-equities')
const skip = root ? false : 'the real day is not here: set BASALT_SHARED to the folder that holds data/us-equities'

t.test('on a real day of trades', { skip }, async t => {
  const listing = { ListingId: 'symbol_id', Ticker: 'symbol' }
  const { passes } = await runConfig({
    START_DATE: '2013-10-07',
    END_DATE: '2013-10-07',
    EXECUTION: { workers: 2 },
    DATA: {
      root,
      layout: 'hive',
      tables: {
        trades: { columns: { ...listing, TradeTimestamp: 'ts', Price: 'px_e4', Size: 'qty' }, price_scale: 0.0001 },
        reference: { path: 'reference.parquet', columns: { ...listing, InstrumentId: 'instrument_id' } },
      },
    },
    PASSES: passesOf('Notional'),
  })
  const [expected] = await duck(
    [],
    `WITH rows AS (
      SELECT r.instrument_id AS instrument, epoch_ns(t.ts) AS t, t.qty AS q, t.px_e4 / 10000.0 AS p,
        t.px_e4 / 10000.0 * t.qty AS notional, (epoch_ns(t.ts), t.symbol_id, t.file_row_number) AS place
      FROM read_parquet('${root}/trades/**/*.parquet', hive_partitioning = true, file_row_number = true) t
      JOIN read_parquet('${root}/reference.parquet') r USING (symbol_id)),
    ${QUARTERS}`,
  )
  compare(t, objectsOf(passes[1]), expected, 'Notional')
})

function compare(t: Test, actual: ReturnType<typeof objectsOf>, expected: DuckRow[], notional: string): void {
  const exact = (values: unknown[]) => values.map(String).join()
  t.ok(expected.length > 80 && expected.some(({ sma }) => sma !== null), `${expected.length} rows`)
  t.strictSame(
    actual.map(row => exact([row.InstrumentId, row.TimeBucket, Number(row.TradeTotalVolume), row.Close])),
    expected.map(row => exact([row.instrument, stampText(row.label as bigint), Number(row.volume), row.close])),
    'keys, volumes and closes, exactly',
  )
  const far = (a: unknown, b: unknown, scale: number, within: number) =>
    a === null || b === null ? a !== b : !(Math.abs(Number(a) - Number(b)) <= within * scale)
  const wrong = actual.filter((row, i) => {
    const { notional: sum, size, sma } = expected[i]
    return far(row[`TradeTotal${notional}`], sum, Number(size), 1e-12) || far(row.SMA_14, sma, Number(sma), 1e-9)
  })
  t.strictSame(wrong.slice(0, 3), [], 'notionals within 1e-12, averages within 1e-9')
}
