import '../support/plain-threads.js'
import { join } from 'node:path'
import t from 'tap'
import { basalt } from '../../lib/basalt.js'
import { batchOf, type Column } from '../../lib/core/index.js'
import { Folder } from '../../lib/fold/fold.js'
import { openSink } from '../../lib/io/index.js'
import { folderFor } from '../exec/folder.js'
import { rowsOf } from './rows.js'

t.setTimeout(300_000)

const DAY = '2026-02-03'
const MIDNIGHT = BigInt(Date.parse(DAY)) * 1_000_000n
const GROUP = 200 // rows
const GROUPS = 7 // a file

interface Trade {
  listing: string
  second: number
  price: number
  size: number
}

/** Draws numbers below 1, the same ones for the same seed. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** Trades in no order; those of two files have listings in common. */
const FILES = [
  ['A', 'B', 'C', 'D'],
  ['D', 'E', 'F'],
  ['X', 'Y', 'Z', 'W'],
].map((listings, f): Trade[] => {
  const next = numbers(f + 1)
  return Array.from({ length: GROUP * GROUPS }, () => ({
    listing: listings[Math.floor(next() * listings.length)],
    second: Math.floor(36_000 + next() * 7200),
    price: 100 * next(),
    size: Math.ceil(1000 * next()),
  }))
})

/** Adds up as semantics 3.3 has it: row by row within a row group, then the row groups in their order. */
function sums(width: number): Map<string, { notional: number; rows: number }> {
  const cells = new Map<string, { notional: number; rows: number }>()
  for (const trades of FILES) {
    for (let from = 0; from < trades.length; from += GROUP) {
      const partials = new Map<string, { notional: number; rows: number }>()
      for (const { listing, second, price, size } of trades.slice(from, from + GROUP)) {
        const key = `${listing} ${Math.ceil(second / width) * width}`
        const { notional, rows } = partials.get(key) ?? { notional: 0, rows: 0 }
        partials.set(key, { notional: notional + price * size, rows: rows + 1 })
      }
      for (const [key, { notional, rows }] of partials) {
        const cell = cells.get(key) ?? { notional: 0, rows: 0 }
        cells.set(key, { notional: cell.notional + notional, rows: cell.rows + rows })
      }
    }
  }
  return cells
}

const root = folderFor(t)
for (const [f, trades] of FILES.entries()) {
  const words = [...new Set(trades.map(({ listing }) => listing))]
  const valid = null
  const columns: [string, Column][] = [
    [
      'ListingId',
      {
        type: 'str',
        valid,
        dictionary: { words },
        values: Int32Array.from(trades, ({ listing }) => words.indexOf(listing)),
      },
    ],
    [
      'TradeTimestamp',
      {
        type: 'ts',
        valid,
        values: BigInt64Array.from(trades, ({ second }) => MIDNIGHT + BigInt(second) * 1_000_000_000n),
      },
    ],
    ['Price', { type: 'f64', valid, values: Float64Array.from(trades, ({ price }) => price) }],
    ['Size', { type: 'f64', valid, values: Float64Array.from(trades, ({ size }) => size) }],
  ]
  const batch = batchOf(
    columns.map(([name, { type }]) => ({ name, type })),
    columns.map(([, column]) => column),
    trades.length,
  )
  const path = join(root, `trades/date=${DAY}/mic=M${f}/part-0.parquet`)
  const sink = await openSink('parquet', { path, schema: batch.schema, rowGroupRows: GROUP })
  await sink.write(batch)
  await sink.commit()
}

t.test('sums of rows in no order are those of their row groups, one after the other, to the last bit', async t => {
  const { finishPart } = Folder.prototype
  let together = 0
  t.teardown(() => (Folder.prototype.finishPart = finishPart))
  Folder.prototype.finishPart = function (part, touch, byTime) {
    if (touch === null) together++
    return finishPart.call(this, part, touch, byTime)
  }
  for (const width of [20, 60, 7200]) {
    const expected = sums(width)
    for (const EXECUTION of [
      { workers: 1 },
      { workers: 2, batch_rows: 33 },
      { workers: 3 },
      { workers: 5 }, // more than there are files: listings of one are shared out
      { workers: 1, memory_budget: '20KB' },
      { workers: 2, memory_budget: '20KB', spill: 'always' },
    ]) {
      const name = `${width} s ${JSON.stringify(EXECUTION)}`
      together = 0
      const config = {
        START_DATE: DAY,
        END_DATE: DAY,
        DATASETNAME: 'laws',
        DATA: { root, layout: 'hive', tables: {} },
        EXECUTION,
        PASSES: [
          {
            name: 'bars',
            modules: ['trade'],
            time_bucket_seconds: width,
            trade_analytics: { generic_metrics: [{ measures: ['Notional', 'Count'] }] },
          },
        ],
      }
      for (const order of ['listing', 'time'] as const) {
        const rows = await rowsOf(basalt(config).stream({ order }))
        t.equal(rows.length, expected.size, `${name}, by ${order}`)
        const wrong = rows.filter(({ ListingId, TimeBucket, TradeTotalNotional, TradeTotalCount }) => {
          const second = (Date.parse(String(TimeBucket)) - Date.parse(DAY)) / 1000
          const cell = expected.get(`${ListingId} ${second}`)
          return !cell || cell.notional !== TradeTotalNotional || cell.rows !== Number(TradeTotalCount)
        })
        t.same(wrong, [], name)
      }
      if (name.endsWith('{"workers":1}')) t.equal(together > 0, width < 7200, `${together} row groups ended together`)
    }
  }
})
