import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { basalt } from '../../lib/basalt.js'
import { type Column, columnOf } from '../../lib/core/index.js'
import { folderFor } from '../exec/folder.js'
import { duck } from '../support/duck.js'
import '../support/plain-threads.js'
import { PRICE_SERIES } from './price-series.js'

t.setTimeout(300_000)

const DAY = '2026-02-03'
const ROWS = 30_000
const ORDERS = { listing: 'l, i', time: 'i', shuffled: 'hash(i)' }

/**
 * Writes a day of trades of 60 listings in two files of many small row groups; three listings are in both. Trades come in
 * pairs of one listing, mostly at one instant, whose sequence numbers rise, fall or are null.
 */
async function market(folder: string, order: keyof typeof ORDERS): Promise<string> {
  const day = join(folder, order, 'trades', `date=${DAY}`)
  mkdirSync(day, { recursive: true })
  const trades = `SELECT *, (hash(i // 2, 1) % 60)::BIGINT AS l FROM range(${ROWS}) AS r(i)`
  const files = [
    'l % 2 = 0 OR l < 3 AND i % 2 = 0',
    'l % 2 = 1 AND NOT (l < 3 AND i % 2 = 0) OR l < 3 AND l % 2 = 0 AND i % 4 = 1',
  ]
  await duck(
    files.map(
      (where, f) => `COPY (SELECT 1000 + l * 7 AS ListingId, 'T' || l AS Ticker, i % 3 AS AggressorSide,
          make_timestamp_ns(epoch_ns(TIMESTAMP '${DAY} 08:00:00') + i // 3 * 3000000000) AS TradeTimestamp,
          (hash(i, 2) % 100000) / 997.0 AS Price, (hash(i, 3) % 5000) / 7.0 AS Size,
          CASE WHEN hash(i, 4) % 5 > 0 THEN (hash(i, 5) % 9)::BIGINT END AS ExchangeSequenceNo
        FROM (${trades}) WHERE ${where} ORDER BY ${ORDERS[order]})
        TO '${join(day, `part-${f}.parquet`)}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`,
    ),
  )
  return join(folder, order)
}

const SCALARS = ['Count', 'Volume', 'Notional', 'VWAP', 'AvgPrice', 'OHLC']
const SERIES = ['MedianPrice', 'LowerQuartile', 'Prices', 'Volatility']
const ONE_SIDED = ['Volume', 'MedianPrice', 'Volatility']

/** Returns a hash of what a run makes; asking for VPIN, which needs the whole day, lets no bar leave before its end. */
async function hashOf(root: string, order: 'listing' | 'time', execution: object, merged = false): Promise<string> {
  const pipeline = basalt({
    START_DATE: DAY,
    END_DATE: DAY,
    DATASETNAME: 'groups',
    PACKS: [PRICE_SERIES],
    DATA: { root, layout: 'hive', tables: { trades: { columns: {} } } },
    PASSES: [
      {
        name: 'bars',
        modules: ['trade'],
        time_bucket_seconds: 300,
        trade_analytics: {
          generic_metrics: [{ measures: [...SCALARS, ...SERIES] }, { sides: ['Bid', 'Ask'], measures: ONE_SIDED }],
          microstructure_metrics: [
            { variant: ['TradeTwap', 'RollSpread'] },
            { variant: ['TradeRealizedVariance'], grid_seconds: 20 },
            ...(merged ? [{ variant: ['Vpin'], n: 3, bucket_volume: 5000 }] : []),
          ],
        },
      },
    ],
    EXECUTION: execution,
  })
  const hash = createHash('sha256')
  for await (const batch of pipeline.stream({ order })) {
    for (const { name } of batch.schema.fields.filter(field => !/vpin/i.test(field.name))) {
      const column = columnOf(batch, name) as Column
      const words = column.type === 'str' ? Array.from(column.values, code => column.dictionary.words[code]) : null
      hash.update(words ? words.join() : new Uint8Array(column.values.slice(0, batch.numRows).buffer))
      hash.update(column.valid ?? '')
    }
    hash.update(`${batch.numRows};`)
  }
  return hash.digest('hex')
}

t.test('bars that leave early are those that are merged at the end, to the last bit', async t => {
  const folder = folderFor(t)
  for (const sorted of Object.keys(ORDERS) as (keyof typeof ORDERS)[]) {
    const root = await market(folder, sorted)
    for (const order of ['listing', 'time'] as const) {
      const wanted = await hashOf(root, order, { workers: 1 }, true)
      for (const execution of [{ workers: 1 }, { workers: 2 }, { workers: 3, batch_rows: 100 }]) {
        t.equal(await hashOf(root, order, execution), wanted, `${sorted}, ${order}, ${JSON.stringify(execution)}`)
      }
    }
  }
})

t.test('a thread keeps the listings that it knows, however many they are', async t => {
  const folder = folderFor(t)
  // Numbers at which columns that grow have no room left: what is handed over then is all of their memory.
  for (const listings of [1023, 1024, 2048]) {
    const day = join(folder, `of-${listings}`, 'trades', `date=${DAY}`)
    mkdirSync(day, { recursive: true })
    await duck([
      `COPY (SELECT 'L' || i % ${listings} AS ListingId, 'T' || i % ${listings} AS Ticker, i % 3 AS AggressorSide,
          make_timestamp_ns(epoch_ns(TIMESTAMP '${DAY} 08:00:00') + i * 10000000) AS TradeTimestamp,
          i % 997 / 7.0 AS Price, 1.0 AS Size
        FROM range(131072) AS r(i)) TO '${join(day, 'all.parquet')}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`,
    ])
    const root = join(folder, `of-${listings}`)
    const wanted = await hashOf(root, 'listing', { workers: 1 })
    t.equal(await hashOf(root, 'listing', { workers: 2 }), wanted, `${listings} listings`)
  }
})
