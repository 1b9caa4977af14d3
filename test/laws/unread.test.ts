import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { basalt } from '../../lib/basalt.js'
import { type Column, columnOf } from '../../lib/core/index.js'
import type { PassReport } from '../../lib/exec/events.js'
import { Random } from '../../operators/simulation/random.js'
import { folderFor } from '../exec/folder.js'
import { writeRows } from '../io/write/files.js'
import { duck } from '../support/duck.js'
import '../support/plain-threads.js'
import { writeStripped } from './stripped.js'
import { tradeRows } from './trade-rows.js'

t.setTimeout(300_000)

const DAY = '2026-02-03'
const ROWS = 24_000
const SEED = Number(process.env.BASALT_SEED ?? 1)

const ORDERS = { listing: 'ListingId, TradeTimestamp', time: 'TradeTimestamp', shuffled: 'hash(n)' }
type Order = keyof typeof ORDERS

/** Writes the same trades by DuckDB and by the project's own writer, whose files have page indexes. */
async function market(folder: string, writer: 'duckdb' | 'basalt', order: Order): Promise<string> {
  const root = join(folder, `${writer}-${order}`)
  for (const kind of ['stated', 'stripped']) mkdirSync(join(root, kind, `date=${DAY}`), { recursive: true })
  const path = join(root, 'stated', `date=${DAY}`, 'trades.parquet')
  if (writer === 'duckdb') {
    await duck([
      `COPY (SELECT * EXCLUDE n FROM (${TRADES}) ORDER BY ${ORDERS[order]}) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`,
    ])
  } else {
    const [rows] = await duck([], `SELECT * EXCLUDE n FROM (${TYPED}) ORDER BY ${ORDERS[order]}`)
    await writeRows(
      path,
      tradeRows(rows),
      { rowGroupRows: 16_384 },
      { pageBytes: 8192, encoding: order === 'time' ? undefined : 'plain' },
    )
  }
  writeStripped(path, join(root, 'stripped', `date=${DAY}`, 'trades.parquet'))
  return root
}

const TRADES = `SELECT i AS n, 1000 + hash(i, 1) % 40 AS ListingId, 'T' || hash(i, 1) % 40 AS Ticker,
    make_timestamp_ns(epoch_ns(TIMESTAMP '${DAY} 08:00:00') + i * 1000000000) AS TradeTimestamp,
    CASE WHEN hash(i, 2) % 50 = 0 THEN 'nan'::DOUBLE WHEN hash(i, 2) % 51 > 0 THEN (hash(i, 2) % 100000) / 997.0 END AS Price,
    (hash(i, 3) % 5000) / 7.0 AS Size, i // 1000 AS Thousand,
    CASE WHEN hash(i, 1) % 40 > 20 THEN repeat('venue ', 12) || hash(i, 1) % 5 END AS Venue,
    CASE WHEN i > 9000 THEN i::INTEGER END AS Late, i % 12000 < 6000 AS Odd
  FROM range(${ROWS}) AS r(i)`

const TYPED = `SELECT n, ListingId::BIGINT AS ListingId, Ticker, epoch_ns(TradeTimestamp) AS TradeTimestamp, Price, Size,
    Thousand, Venue, Late, Odd FROM (${TRADES})`

interface Made {
  hash: string
  report: PassReport
}

async function made(root: string, config: object, execution: object, order: 'listing' | 'time'): Promise<Made> {
  const { filter, UNIVERSE } = config as { filter?: object; UNIVERSE?: string }
  const pipeline = basalt({
    START_DATE: DAY,
    END_DATE: DAY,
    DATASETNAME: 'unread',
    DATA: {
      root,
      layout: 'date={date}/{table}.parquet',
      tables: { trades: { columns: {}, ...(filter && { filter }) } },
    },
    ...(UNIVERSE && { UNIVERSE }),
    PASSES: [
      {
        name: 'bars',
        modules: ['trade'],
        time_bucket_seconds: 600,
        trade_analytics: { generic_metrics: [{ measures: ['Count', 'OHLC', 'Volume', 'VWAP', 'Volatility'] }] },
      },
    ],
    EXECUTION: execution,
  })
  const hash = createHash('sha256')
  let report: PassReport | undefined
  const onEvent = (event: { kind: string; report?: PassReport }) => {
    if (event.kind === 'end') report = event.report
  }
  for await (const batch of pipeline.stream({ order, onEvent: onEvent as never })) {
    for (const { name } of batch.schema.fields) {
      const column = columnOf(batch, name) as Column
      const words = column.type === 'str' ? Array.from(column.values, code => column.dictionary.words[code]) : null
      hash.update(words ? words.join() : new Uint8Array(column.values.slice(0, batch.numRows).buffer))
      hash.update(column.valid ?? '')
    }
    hash.update(`${batch.numRows};`)
  }
  return { hash: hash.digest('hex'), report: report! }
}

const MIDNIGHT = Date.parse(`${DAY}T00:00:00Z`) * 1e6

function conditionOf(random: Random): object {
  const filter: Record<string, unknown> = {}
  const time = MIDNIGHT + (8 * 3600 + random.below(ROWS)) * 1e9
  const listings = Array.from(
    { length: 1 + random.below(5) },
    () => 1000 + random.below(random.chance(0.1) ? 5000 : 40),
  )
  const choices: Record<string, () => unknown> = {
    EventTime: () =>
      random.chance(0.5) ? { min: time, max: time + random.below(4000) * 1e9 } : { max_exclusive: time },
    ListingId: () => (random.chance(0.8) ? listings : { not: listings }),
    Ticker: () => listings.map(listing => `T${listing - 1000}`),
    Thousand: () => random.pick<unknown>([random.below(30), { min: random.below(30) }, { not: [3, 4] }]),
    Venue: () =>
      random.pick<unknown>([{ is_null: random.chance(0.5) }, `${'venue '.repeat(12)}${random.below(7)}`, 'a', 'z']),
    Late: () =>
      random.pick<unknown>([{ is_null: true }, { is_null: false }, { min: 20_000 }, { max: random.below(30_000) }]),
    Odd: () => random.chance(0.5),
    Price: () => ({ min: random.below(120) }),
  }
  const names = Object.keys(choices)
  for (let k = 1 + random.below(2); k > 0; k--) {
    const name = random.pick(names)
    filter[name] = choices[name]()
  }
  return random.chance(0.3) ? { UNIVERSE: `listing=${listings}`, filter } : { filter }
}

for (const writer of ['duckdb', 'basalt'] as const) {
  t.test(`${writer}: what is not read changes nothing`, async t => {
    const folder = folderFor(t)
    let unread = 0
    let skipped = 0
    let trials = 0
    for (const [k, order] of (Object.keys(ORDERS) as Order[]).entries()) {
      const root = await market(folder, writer, order)
      const random = new Random(SEED, k)
      for (let trial = 0; trial < 12; trial++) {
        const condition = conditionOf(random)
        const execution = random.pick([
          { workers: 1 },
          { workers: 2 },
          { workers: 2, memory_budget: '1MB' },
          { workers: 1, batch_rows: 100 },
        ])
        const sequence = random.pick(['listing', 'time'] as const)
        const pruned = await made(join(root, 'stated'), condition, execution, sequence)
        const whole = await made(join(root, 'stripped'), condition, { workers: 1 }, sequence)
        const what = `${order}, trial ${trial}: ${JSON.stringify(condition)}`
        if (pruned.hash !== whole.hash) t.fail(what)
        t.equal(pruned.report.rowsIn, whole.report.rowsIn, what)
        t.equal(whole.report.unread, 0)
        trials++
        unread += pruned.report.unread
        if (pruned.report.unread > 0) skipped++
      }
    }
    t.comment(`${skipped} of ${trials} runs read less, ${Math.round((100 * unread) / trials / ROWS)} % of all rows`)
    t.ok(skipped > trials / 5 && unread > (trials * ROWS) / 8)
  })
}
