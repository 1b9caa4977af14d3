import '../support/plain-threads.js'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import t from 'tap'
import { basalt } from '../../lib/basalt.js'
import type { RunEvent } from '../../lib/exec/events.js'
import { halveListings } from '../../lib/plan/index.js'
import { outputsIn } from '../faults/job.js'
import { duck } from '../support/duck.js'
import { folderFor } from './folder.js'

t.setTimeout(300_000)
setFlagsFromString('--max-old-space-size=48') // of threads to come: a heap is full sooner

const DAYS = ['2026-02-03', '2026-02-04']
const ALONE = 5 // listings of ROWS bars, one after the other: 8,192 leave before the last row group is done
const ROWS = 3000
const SHARED = 2 // listings of 130 bars, in that row group, in no order

const folder = folderFor(t)
for (const [day, date] of DAYS.entries()) {
  mkdirSync(join(folder, `date=${date}`))
  // The size says which listing a row is of, and on which day.
  await duck([
    `COPY (SELECT CASE WHEN i < ${ALONE * ROWS} THEN i // ${ROWS} ELSE ${ALONE} + i % ${SHARED} END AS ListingId,
        TIMESTAMP '${date} 10:00:00' + to_seconds(i % ${ROWS}) AS TradeTimestamp, 100.0 + i % 7 AS Price,
        ListingId + ${1000 * day}.0 AS Size FROM range(${ALONE * ROWS + SHARED * 130}) AS r(i))
      TO '${join(folder, `date=${date}`, 'trades.parquet')}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`,
  ])
}

/** A metric that harms its thread where it sees rows of more than `most` listings of the first day, or of one of them. */
const harmful = join(folder, 'harmful')
writeFileSync(
  join(folder, 'pack.mjs'),
  `
import { readFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'
import { kernel, metric } from '${new URL('../../lib/index.js', import.meta.url).href}'
const harm = {
  exit() { process.exit(9) },
  buffer() { new ArrayBuffer(2 ** 46) },
  heap() { const all = []; for (;;) all.push(new Array(1e5).fill({})) },
}
export const greedy = kernel({
  name: 'greedy', doc: 'holds a lot', input: 'f64', fields: { total: { type: 'f64', identity: 0 } }, result: 'f64',
  update({ total }, { count, index, slots, f64 }) {
    const { kind, most, listing } = JSON.parse(readFileSync('${harmful}', 'utf8'))
    const seen = new Set()
    for (let k = 0; k < count; k++) {
      total[slots[index[k]]] += f64[index[k]]
      if (f64[index[k]] < 1000) seen.add(f64[index[k]])
    }
    if (!isMainThread && (seen.size > most || seen.has(listing))) harm[kind]()
  },
  merge(into, at, from, count) { for (let k = 0; k < count; k++) into.total[at[k]] += from.total[k] },
  read: ({ total }, group) => total[group],
})
export const greedyVolume = metric({
  module: 'trade', family: 'generic_metrics', pick: 'Greedy', name: 'Trade{Side}Greedy', unit: 'shares',
  doc: 'Σq', formula: 'Σq', merge: '–', empty: 'null',
  uses: () => ({ greedy: { kernel: 'greedy', inputs: [{ op: 'col', name: 'Size' }] } }),
})`,
)

interface Harm {
  kind?: 'exit' | 'heap' | 'buffer'
  most?: number
  listing?: number
}

function open({ kind = 'heap', most = 99, listing = -1 }: Harm, workers = 2) {
  writeFileSync(harmful, JSON.stringify({ kind, most, listing }))
  const root = join(folder, 'out')
  rmSync(root, { recursive: true, force: true })
  return basalt({
    PACKS: [join(folder, 'pack.mjs')],
    START_DATE: DAYS[0],
    END_DATE: DAYS[1],
    DATASETNAME: 'greedy',
    DATA: { root: folder, layout: 'date={date}/{table}.parquet', tables: { trades: { columns: {} } } },
    OUTPUT_TARGET: { root, path_template: '{root}/{date}.parquet' },
    EXECUTION: { workers },
    PASSES: [
      {
        name: 'bars',
        modules: ['trade'],
        time_bucket_seconds: 1,
        trade_analytics: { generic_metrics: [{ measures: ['OHLC', 'Volume', 'Greedy'] }] },
      },
    ],
  })
}

async function run(harm: Harm, workers?: number) {
  const events: RunEvent[] = []
  const { passes } = await open(harm, workers).run({ onEvent: event => events.push(event) })
  const cuts = events.flatMap(event => (event.kind === 'cut' ? [event] : []))
  const [{ failed, retries, units, rowsIn, rowsOut }] = passes
  const problems = failed.map(({ unit, error }) => `${unit}: ${error.problem}`)
  return { problems, retries, units, rowsIn, rowsOut, cuts, files: outputsIn(join(folder, 'out')) }
}

/** Streams the pass; also tells how many rows had left when a unit was first cut. */
async function stream(harm: Harm) {
  let rows = 0
  let early = -1
  const onEvent = ({ kind }: RunEvent) => {
    if (kind === 'cut' && early < 0) early = rows
  }
  const seen: string[] = []
  for await (const batch of open(harm).stream({ pass: 'bars', onEvent })) {
    rows += batch.numRows
    seen.push(
      ...batch
        .toArray()
        .map(row => JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? `${value}` : value))),
    )
  }
  return { seen, early }
}

const whole = await run({})

t.test('nothing is cut without need, and nothing on the main thread', async t => {
  t.strictSame(whole.problems, [])
  t.strictSame([whole.cuts, whole.retries, whole.units, whole.files.size], [[], 0, 2, 2])
  const alone = await run({ most: 0 }, 1)
  t.strictSame([alone.cuts, alone.files], [[], whole.files])
})

t.test('a unit that is too much for a thread is done in batches of its listings', async t => {
  const { problems, cuts, retries, units, files, ...rows } = await run({ most: 2 })
  t.strictSame(problems, [])
  t.strictSame(files, whole.files, 'the same bytes')
  t.strictSame(rows, { rowsIn: whole.rowsIn, rowsOut: whole.rowsOut })
  t.ok(cuts.length > 1)
  t.equal(units, 2 + cuts.length)
  t.equal(retries, 3 * cuts.length, 'three threads, and then a cut')
  const [{ unit, into, error }] = cuts
  t.equal(unit, `bars@${DAYS[0]}`)
  t.strictSame(into, [
    { unit: `bars@${DAYS[0]}.1`, listings: 3 },
    { unit: `bars@${DAYS[0]}.2`, listings: ALONE + SHARED - 3 },
  ])
  t.match(error.message, /trades\.parquet, row group \d+: a worker thread ended: .*memory/)
})

t.test('what gets no memory for an array is not tried again as it is', async t => {
  const { problems, cuts, retries, files } = await run({ kind: 'buffer', most: 2 })
  t.strictSame(problems, [])
  t.strictSame(files, whole.files, 'the same bytes')
  t.ok(cuts.length > 1)
  t.equal(retries, cuts.length, 'a cut at once')
  t.match(cuts[0].error.message, /trades\.parquet, row group \d+: Array buffer allocation failed/)
})

t.test('rows that have left are not repeated', async t => {
  const expected = await stream({})
  const { seen, early } = await stream({ most: 2 })
  t.ok(early > 0, `${early} rows had left`)
  t.equal(seen.length, expected.seen.length)
  t.equal(
    seen.findIndex((row, i) => row !== expected.seen[i]),
    -1,
  )
})

t.test('a listing that is too much by itself is given up and named, and the other date is done', async t => {
  const { problems, cuts, files } = await run({ listing: ALONE })
  t.ok(cuts.length > 1)
  t.match(problems, [
    /^bars@2026-02-03(\.[12])+: listing 5 alone: a worker thread ended: .* \(given up after 3 tries\)$/,
  ])
  t.equal(problems.length, 1)
  t.strictSame(files, new Map([...whole.files].filter(([name]) => name.includes(DAYS[1]))))
})

t.test('what ends a thread for another reason is not cut', async t => {
  const { problems, cuts } = await run({ kind: 'exit', most: 2 })
  t.strictSame(cuts, [])
  t.match(problems, [/^bars@2026-02-03: a worker thread ended: it exited \(given up after 3 tries\)$/])
})

t.test('halves have about as many rows', async t => {
  const halves = (...rows: number[]) =>
    halveListings(rows.map(rows => ({ rows }))).map(half => half.map(({ rows }) => rows))
  t.strictSame(halves(1, 1), [[1], [1]])
  t.strictSame(halves(9, 1, 1), [[9], [1, 1]])
  t.strictSame(halves(1, 1, 9), [[1, 1], [9]])
  t.strictSame(halves(2, 2, 2, 2), [
    [2, 2],
    [2, 2],
  ])
  t.strictSame(halves(4, 4, 4), [[4, 4], [4]])
})
