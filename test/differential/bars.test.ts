import t from 'tap'
import { stampText } from '../../lib/core/index.js'
import { writeSample } from '../../lib/sample/write.js'
import { folderFor } from '../exec/folder.js'
import { type DuckRow, duck } from '../support/duck.js'
import { objectsOf, runConfig } from '../support/run.js'

// Bars of a synthetic market against a plain loop over its trades, which DuckDB reads and puts in total order. Written
// from the semantics alone (3.1, 5.1, 5.16).
t.setTimeout(240_000)

const CASES = [
  { name: 'ticks', type: 'tick', threshold: 50 },
  { name: 'volumes', type: 'volume', threshold: 30_000.5 },
  { name: 'notionals', type: 'notional', threshold: 2_000_000, base_filter: {} },
  { name: 'imbalances', type: 'imbalance', threshold: 10_000, base_filter: {} },
  { name: 'every_trade', type: 'volume', threshold: 0.001, base_filter: { Classification: ['LIT_AUCTION'] } },
]

const LIT = { Classification: ['LIT_CONTINUOUS'] }

type Case = (typeof CASES)[number]

/** What a trade adds to the bar at hand. */
const ADDS: Record<string, (trade: DuckRow) => number> = {
  tick: () => 1,
  volume: ({ q }) => q as number,
  notional: ({ p, q }) => (p as number) * (q as number),
  imbalance: ({ side, q }) => (side === 1 ? (q as number) : side === 2 ? -(q as number) : 0),
}

interface Bar {
  trades: DuckRow[]
  full: boolean
}

/** Puts trades into bars of their listing and date. */
function barsOf(trades: DuckRow[], { type, threshold }: Case): Bar[][] {
  const days = new Map<string, { bars: Bar[]; sum: number }>()
  for (const trade of trades) {
    const key = `${trade.day} ${trade.l}`
    const day = days.get(key) ?? { bars: [], sum: 0 }
    days.set(key, day)
    if (day.bars.length === 0 || day.bars[day.bars.length - 1].full) {
      day.bars.push({ trades: [], full: false })
      day.sum = 0
    }
    const bar = day.bars[day.bars.length - 1]
    bar.trades.push(trade)
    day.sum += ADDS[type](trade)
    bar.full = Math.abs(day.sum) >= threshold
  }
  return [...days.values()].map(({ bars }) => bars)
}

/** Writes a bar as the row that the semantics say. */
function rowOf({ trades, full }: Bar, index: number): Record<string, unknown> {
  const prices = trades.map(({ p }) => p as number)
  const [first, last] = [trades[0], trades[trades.length - 1]]
  const add = (value: (trade: DuckRow) => number) => trades.reduce((sum, trade) => sum + value(trade), 0)
  return {
    Date: first.day,
    ListingId: first.l,
    BarIndex: BigInt(index),
    TimeBucket: stampText(last.t as bigint),
    BarStart: stampText(first.t as bigint),
    Open: prices[0],
    High: Math.max(...prices),
    Low: Math.min(...prices),
    Close: prices[prices.length - 1],
    Volume: add(({ q }) => q as number),
    Count: BigInt(trades.length),
    VWAP: add(({ p, q }) => (p as number) * (q as number)) / add(({ q }) => q as number),
    IsComplete: full,
  }
}

t.test('every kind of bar equals a plain loop, to the last bit', async t => {
  const out = folderFor(t)
  await writeSample({ out, listings: 8, trades: 6000, days: 2, rowGroupRows: 1000 })
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
