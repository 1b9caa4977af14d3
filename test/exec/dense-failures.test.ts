import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parquetMetadata } from 'hyparquet'
import t from 'tap'
import { basalt } from '../../lib/basalt.js'
import { type Row, rowsOf } from '../laws/rows.js'
import { duck } from '../support/duck.js'
import { folderFor } from './folder.js'

t.setTimeout(120_000)

const GROUP = 2048
const BARS = 2001 // of a listing: the first batch of 8,192 ends within the fifth

/**
 * Six listings, 100 to 105, a row group and a bar a second each, in two files. The grid has twice as many rows, and
 * listings 99 and 106, which the trades lack.
 */
async function market(folder: string) {
  for (const table of ['trades', 'reference']) mkdirSync(join(folder, table), { recursive: true })
  const trades = (from: number, file: string) => `COPY (SELECT ${from} + i // ${GROUP} AS ListingId, 100.0 AS Price,
      TIMESTAMP '2026-02-03 10:00:00' + to_seconds(least(i % ${GROUP}, ${BARS - 1})) AS TradeTimestamp, 10.0 AS Size
      FROM range(${3 * GROUP}) AS r(i)) TO '${file}' (FORMAT parquet, ROW_GROUP_SIZE ${GROUP})`
  const [first, second] = ['a', 'b'].map(part => join(folder, `trades/2026-02-03-${part}.parquet`))
  await duck([
    trades(100, first),
    trades(103, second),
    `COPY (SELECT 99 + i AS ListingId, 'T' || i AS Ticker FROM range(8) AS r(i)) TO '${folder}/reference/all.parquet' (FORMAT parquet)`,
  ])
  return {
    first,
    second,
    config: {
      START_DATE: '2026-02-03',
      END_DATE: '2026-02-03',
      DATA: {
        root: folder,
        layout: '{table}/{date}-*.parquet',
        tables: { reference: { path: 'reference/all.parquet' } },
      },
      PASSES: [
        {
          name: 'bars',
          modules: ['trade'],
          timeline_mode: 'dense',
          time_bucket_seconds: 1,
          time_bucket_anchor: 'start',
          time_bucket_closed: 'left',
          dense_analytics: { mode: 'uniform', time_interval: ['09:59:00', '10:59:00'] },
          trade_analytics: { generic_metrics: [{ measures: ['Volume'] }] },
        },
      ],
    },
  }
}

const ROWS = 3600 // of the grid, a listing

/** Reads a stream to its end, which may be an error. */
async function streamed(config: Record<string, unknown>): Promise<{ rows: Row[]; failure: string }> {
  const rows: Row[] = []
  let failure = ''
  try {
    for await (const batch of basalt(config).stream()) {
      rows.push(
        ...(await rowsOf(
          (async function* () {
            yield batch
          })(),
        )),
      )
    }
  } catch (error) {
    failure = (error as Error).message
  }
  return { rows, failure }
}

const countsOf = (rows: Row[]) => {
  const counts: Record<string, number> = {}
  for (const { ListingId } of rows) counts[String(ListingId)] = (counts[String(ListingId)] ?? 0) + 1
  return counts
}

t.test('what was lost with a symbol batch is not told to be empty', async t => {
  const folder = folderFor(t)
  const { config, first } = await market(folder)
  const EXECUTION = { workers: 1, memory_budget: '600KB' }
  const whole = await streamed({ ...config, EXECUTION })
  t.equal(whole.failure, '')
  const every = Object.fromEntries([99, 100, 101, 102, 103, 104, 105, 106].map(listing => [listing, ROWS]))
  t.strictSame(countsOf(whole.rows), every)

  // The sizes of listing 101 cannot be read; listings can, so dates are cut into symbol batches as before.
  damageSizes(first, 1)
  const { rows, failure } = await streamed({ ...config, EXECUTION })
  t.match(failure, /units failed/)
  const counts = countsOf(rows)
  for (const listing of [99, 104, 105, 106]) t.equal(counts[listing], ROWS, `listing ${listing}`)
  t.equal(counts[101], undefined, 'nothing of the listing that was lost')
  t.same(strangers(rows, whole.rows), [], 'every row that left is one of the whole answer')
})

t.test('nor is what was lost with a date', async t => {
  const { config, second } = await market(folderFor(t))
  const EXECUTION = { workers: 1 }
  const whole = await streamed({ ...config, EXECUTION })
  damageSizes(second, 2)
  const { rows, failure } = await streamed({ ...config, EXECUTION })
  t.match(failure, /units failed/)
  const counts = countsOf(rows)
  t.strictSame(
    [99, 100, 101, 102].map(listing => counts[listing]),
    [ROWS, ROWS, ROWS, ROWS],
  )
  t.ok(counts[104] > 60 && counts[104] < ROWS, `${counts[104]} rows of the listing that the first batch of bars cuts`)
  t.strictSame(
    [105, 106].map(listing => counts[listing]),
    [undefined, undefined],
  )
  t.same(strangers(rows, whole.rows), [], 'every row that left is one of the whole answer')
})

/** Returns rows that another answer lacks. */
function strangers(rows: Row[], whole: Row[]): Row[] {
  const text = (row: Row) => JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? `${value}` : value))
  const known = new Set(whole.map(text))
  return rows.filter(row => !known.has(text(row))).slice(0, 3)
}

/** Overwrites the sizes of a row group. */
function damageSizes(path: string, rowGroup: number): void {
  const bytes = readFileSync(path)
  const { row_groups } = parquetMetadata(new Uint8Array(bytes).buffer)
  const size = row_groups[rowGroup].columns.find(({ meta_data }) => meta_data?.path_in_schema[0] === 'Size')?.meta_data
  const at = Number(size?.dictionary_page_offset ?? size?.data_page_offset)
  bytes.fill(0xff, at, at + Number(size?.total_compressed_size))
  writeFileSync(path, bytes)
}
