import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { duck } from '../support/duck.js'
import { objectsOf, runConfig } from '../support/run.js'

// What trades take of quotes does not depend on how these lie in row groups: each makes a piece of its listings' day.
t.setTimeout(240_000)

const DAY = '2026-02-03'
const QUOTES = 30_000

const random = (i: string, salt: number, below: number) => `(hash(${i}, ${salt}) % ${below})::BIGINT`

/** Four listings of many quotes, and one of so few that row groups go by without any. */
const listing = `CASE WHEN ${random('i', 1, 1200)} = 0 THEN 5 ELSE 1 + ${random('i', 9, 4)} END`

/** Quotes of distinct stamps, one in five no valid one; states that come and go, each for a minute or more. */
const quotes = `SELECT ${listing} AS ListingId,
    TIMESTAMP_NS '${DAY} 09:00:00' + INTERVAL (i * 100 + ${random('i', 2, 90)}) MILLISECOND AS EventTimestamp,
    CASE WHEN ${random('i', 3, 10)} > 0 THEN 100 + ${random('i', 4, 15)} / 10 END AS BidPrice1,
    CASE WHEN ${random('i', 5, 10)} > 0 THEN 100.4 + ${random('i', 6, 15)} / 10 END AS AskPrice1,
    10 + ${random('i', 7, 90)} AS BidQuantity1, 10 + ${random('i', 8, 90)} AS AskQuantity1,
    CASE WHEN (i // 700 + ${listing}) % 3 = 0 THEN 'INTRADAY_AUCTION' ELSE 'CONTINUOUS_TRADING' END AS MarketState
  FROM range(${QUOTES}) r(i)`
const trades = `SELECT 1 + ${random('i', 21, 6)} AS ListingId,
    TIMESTAMP_NS '${DAY} 08:59:50' + INTERVAL (i * 190) MILLISECOND AS TradeTimestamp,
    100 + ${random('i', 22, 20)} / 10 AS Price, 1 + ${random('i', 23, 9)} AS Size, 1 + ${random('i', 24, 2)}::TINYINT AS AggressorSide
  FROM range(16_000) r(i)`

async function write(root: string, tradeOrder: string, quoteOrder: string, rowGroup: number): Promise<void> {
  for (const table of ['trades', 'l2']) mkdirSync(join(root, table, `date=${DAY}`), { recursive: true })
  const copy = (rows: string, table: string, size: number) =>
    `COPY (${rows}) TO '${join(root, table, `date=${DAY}`, 'part-0.parquet')}' (ROW_GROUP_SIZE ${size})`
  await duck([
    copy(`SELECT * FROM (${quotes}) ORDER BY ${quoteOrder}`, 'l2', rowGroup),
    copy(`SELECT * FROM (${trades}) ORDER BY ${tradeOrder}`, 'trades', 2048),
  ])
}

const config = (root: string, tolerance: object, execution: object) => ({
  START_DATE: DAY,
  END_DATE: DAY,
  DATA: { root, layout: 'hive' },
  EXECUTION: execution,
  PASSES: [
    {
      name: 'costs',
      modules: ['trade'],
      time_bucket_seconds: 20,
      trade_analytics: {
        ...tolerance,
        impact_metrics: [
          { variant: 'EffectiveSpread', horizon: [null, '1s'] },
          { variant: 'RealizedSpread', horizon: ['100ms', '1s', '30s', '5m'] },
        ],
        discrepancy_metrics: [{ references: ['BestBid', 'WeightedMid'] }],
      },
    },
  ],
})

const ORDERS = ['EventTimestamp', 'ListingId, EventTimestamp', 'hash(EventTimestamp)']

for (const [tradeOrder, tolerance] of [
  ['TradeTimestamp', {}],
  ['ListingId, TradeTimestamp', { tolerance_seconds: 2 }],
] as const) {
  t.test(`quotes in pieces, trades by ${tradeOrder}`, async t => {
    const rows = async (order: string, size: number, execution: object) => {
      const root = join(t.testdirName, `${order}-${size}`)
      rmSync(root, { recursive: true, force: true })
      await write(root, tradeOrder, order, size)
      const run = await runConfig(config(root, tolerance, execution))
      return objectsOf(run.passes.find(({ name }) => name === 'costs') as never)
    }
    const whole = await rows('ListingId, EventTimestamp', 122_880, { workers: 1 })
    t.ok(whole.length > 200)
    for (const order of ORDERS)
      for (const execution of [{ workers: 1 }, { workers: 2, batch_rows: 77 }])
        t.strictSame(await rows(order, 2048, execution), whole, `${order} ${JSON.stringify(execution)}`)
  })
}
