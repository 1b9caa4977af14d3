import { join } from 'node:path'
import t, { type Test } from 'tap'
import { Random } from '../../operators/simulation/random.js'
import { folderFor } from '../exec/folder.js'
import { duck } from '../support/duck.js'
import { type InputType, writeTable } from '../support/parquet.js'
import { objectsOf, type PassRows, runConfig } from '../support/run.js'
import { damaged, eventRows, type Message, PlainBook, randomFlow } from './plain-book.js'

// Rebuilt books of random order flows against a plain replay and against SQL; each flow as several feeds would write it.
t.setTimeout(240_000)

const SEED = Number(process.env.BASALT_SEED ?? 1)
const DEPTH = 4

/** How a feed writes a message. */
interface Feed {
  name: string
  settings: Record<string, unknown>
  hasOrders: boolean
  columns: Record<string, [InputType, (message: Message) => number | string | null]>
}

const same = ({ id, newId }: Message) => id === newId

const BASE: Feed['columns'] = {
  LobAction: ['i32', ({ action }) => action],
  Side: ['i32', ({ side }) => side],
  Price: ['f64', ({ price }) => price],
}
const NAMES: Feed['columns'] = {
  OrderId: ['i64', ({ newId }) => newId],
  OldOrderId: ['i64', message => (same(message) ? null : message.id)],
}
const BEFORE: Feed['columns'] = {
  OldPrice: ['f64', ({ oldPrice }) => oldPrice],
  OldSize: ['f64', ({ oldSize }) => oldSize],
}
const EXECUTED: Feed['columns'] = { ExecutionSize: ['f64', ({ action, taken }) => (action === 1 ? taken : null)] }
const AFTER: Feed['columns'] = { Size: ['i64', ({ size }) => size] }

const FULL: Feed = {
  name: 'full',
  settings: {},
  hasOrders: true,
  columns: { ...BASE, ...NAMES, ...AFTER, ...BEFORE, ...EXECUTED },
}

const FEEDS: Feed[] = [
  FULL,
  {
    name: 'text names',
    settings: {},
    hasOrders: true,
    columns: {
      ...FULL.columns,
      OrderId: ['str', ({ newId }) => `o${newId}`],
      OldOrderId: ['str', message => (same(message) ? '' : `o${message.id}`)],
    },
  },
  { name: 'names and what rests', settings: {}, hasOrders: true, columns: { ...BASE, ...NAMES, ...AFTER } },
  {
    name: 'names and what changes',
    settings: { sizes: 'change' },
    hasOrders: true,
    columns: {
      ...BASE,
      ...NAMES,
      Size: ['i64', message => (message.action === 2 || !same(message) ? message.size : message.taken)],
    },
  },
  {
    name: 'no names',
    settings: {},
    hasOrders: false,
    columns: { ...BASE, ...AFTER, ...BEFORE, ...EXECUTED },
  },
]

const instant = (time: number) => {
  const text = (value: number, digits: number) => String(value).padStart(digits, '0')
  const seconds = Math.floor(time / 1e9)
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  return `2026-02-03T${text(h, 2)}:${text(m, 2)}:${text(s, 2)}.${text(time - seconds * 1e9, 9)}Z`
}

function write(folder: string, { columns }: Feed, flows: readonly Message[][]): void {
  const rows = flows.flatMap((flow, listing) => flow.map(message => ({ listing, message })))
  // Row groups cut through listings; a listing's rows stay in order.
  const size = Math.ceil(rows.length / 3)
  const groups = [0, 1, 2].map(g =>
    rows.slice(g * size, (g + 1) * size).map(({ listing, message }) => [
      String(listing),
      instant(message.time),
      ...Object.values(columns).map(([, value]) => {
        const own = value(message)
        return own === null || Number.isNaN(own) ? null : String(own)
      }),
    ]),
  )
  const types = Object.entries(columns).map(([name, [type]]) => ({ name, type }))
  const keys = [
    { name: 'ListingId', type: 'i64' as const },
    { name: 'TimestampNanoseconds', type: 'ts_us' as const },
  ]
  writeTable(join(folder, 'l3.parquet'), { columns: [...keys, ...types], groups })
}

const measuresOf = (hasOrders: boolean) => ['Price', 'Quantity', ...(hasOrders ? ['NumOrders'] : [])]

const levelNames = (hasOrders: boolean) =>
  Array.from({ length: DEPTH }, (_, n) =>
    ['Bid', 'Ask'].flatMap(side => measuresOf(hasOrders).map(measure => `${side}${measure}${n + 1}`)),
  ).flat()

const linesOf = (rows: PassRows, hasOrders: boolean) =>
  objectsOf(rows).map(row =>
    [row.ListingId, row.TimeBucket, ...levelNames(hasOrders).map(name => row[name])].map(String).join(),
  )

/** Compares lines and shows the first that differs: a deep comparison of thousands takes seconds. */
function isSame(t: Test, found: string[], wanted: string[], name: string): void {
  const at = wanted.findIndex((line, i) => line !== found[i])
  t.same([found.length, at < 0 ? null : found[at]], [wanted.length, at < 0 ? null : wanted[at]], name)
}

const run = (folder: string, passes: object[]) =>
  runConfig({ DATA: { root: folder, layout: '{table}.parquet' }, PASSES: passes, EXECUTION: { workers: 1 } })

const flowsOf = (random: Random) => [600, 1, 900].map(count => randomFlow(random, count))

for (const feed of FEEDS) {
  t.test(`a book of ${feed.name} equals a plain replay`, async t => {
    const folder = folderFor(t)
    const flows = flowsOf(new Random(SEED, 1))
    write(folder, feed, flows)
    const l3_book = { top_n: DEPTH, ...feed.settings }
    const { passes } = await run(folder, [{ name: 'book', modules: ['l3_book'], l3_book }])
    const wanted = flows.flatMap((flow, listing) =>
      eventRows(flow, DEPTH, feed.hasOrders).map(([time, levels]) => `${listing},${instant(time)},${levels}`),
    )
    t.ok(wanted.length > 300, `${wanted.length} rows`)
    isSame(t, linesOf(passes[0], feed.hasOrders), wanted, `BASALT_SEED=${SEED}`)
  })
}

t.test('messages that are lost or come twice are counted, and the rest makes the book of a plain replay', async t => {
  const folder = folderFor(t)
  const random = new Random(SEED, 2)
  const flows = flowsOf(random).map(flow => damaged(random, flow))
  write(folder, FULL, flows)
  const l3_book = { top_n: DEPTH, on_impossible: 'count' }
  const { passes, said } = await run(folder, [{ name: 'book', modules: ['l3_book'], l3_book }])
  const wanted = flows.flatMap((flow, listing) =>
    eventRows(flow, DEPTH, true).map(([time, levels]) => `${listing},${instant(time)},${levels}`),
  )
  isSame(t, linesOf(passes[0], true), wanted, `BASALT_SEED=${SEED}`)
  const counts: Record<string, number> = {}
  for (const flow of flows) {
    const book = new PlainBook()
    for (const message of flow) book.apply(message)
    for (const [what, count] of Object.entries(book.wrong)) counts[what] = (counts[what] ?? 0) + count
  }
  t.ok(Object.keys(counts).length >= 3, JSON.stringify(counts))
  const reported = said.flatMap(text => /cannot be: (.*): (\d+)$/.exec(text)?.slice(1) ?? [])
  const found = Object.fromEntries(reported.flatMap((what, i) => (i % 2 ? [] : [[what, Number(reported[i + 1])]])))
  t.match(found, counts)
  t.same(
    Object.values(found).reduce((sum, each) => sum + each, 0),
    Object.values(counts).reduce((sum, each) => sum + each, 0),
  )
  await t.rejects(run(folder, [{ name: 'book', modules: ['l3_book'] }]), /on_impossible: count/)
})

t.test('books at the end of buckets equal running sums in SQL', async t => {
  const folder = folderFor(t)
  const feed = FEEDS[FEEDS.length - 1]
  write(folder, feed, flowsOf(new Random(SEED, 3)))
  const l3_book = { time_index: 'timebucket', top_n: DEPTH }
  const { passes } = await run(folder, [
    { name: 'ends', modules: ['l3_book'], time_bucket_seconds: 30, l3_book },
    { name: 'lefts', modules: ['l3_book'], time_bucket_seconds: 30, time_bucket_closed: 'left', l3_book },
    {
      name: 'starts',
      modules: ['l3_book'],
      time_bucket_seconds: 30,
      time_bucket_anchor: 'start',
      time_bucket_origin: '00:00:07',
      l3_book,
    },
  ])
  const floor = (offset: number) => `((t - ${offset}e9::BIGINT) // 30000000000 * 30000000000 + ${offset}e9::BIGINT)`
  const isEdge = (offset: number) => `(t - ${offset}e9::BIGINT) % 30000000000 = 0`
  const labels = [
    `CASE WHEN ${isEdge(0)} THEN ${floor(0)} ELSE ${floor(0)} + 30000000000 END`,
    `${floor(0)} + 30000000000`,
    `CASE WHEN ${isEdge(7)} THEN ${floor(7)} - 30000000000 ELSE ${floor(7)} END`,
  ]
  for (const [i, label] of labels.entries()) {
    const [rows] = await duck(
      [],
      `WITH messages AS (
        SELECT ListingId AS l, epoch_ns(TimestampNanoseconds) AS t, ${label} AS bucket, LobAction AS action, Side AS side,
          Price AS p, Size::DOUBLE AS q, OldPrice AS op, OldSize AS oq, ExecutionSize AS eq
        FROM read_parquet('${folder}/l3.parquet')),
      deltas AS (
        SELECT l, bucket, side, p, q FROM messages WHERE action IN (2, 4)
        UNION ALL SELECT l, bucket, side, op, -oq FROM messages WHERE action IN (3, 4)
        UNION ALL SELECT l, bucket, side, op, -eq FROM messages WHERE action = 1),
      buckets AS (
        SELECT l, unnest(range(min(bucket), max(bucket) + 1, 30000000000)) AS bucket FROM messages GROUP BY l),
      levels AS (
        SELECT b.l, b.bucket, side, p, sum(q) AS q
        FROM buckets AS b JOIN deltas AS d ON d.l = b.l AND d.bucket <= b.bucket GROUP BY ALL HAVING sum(q) > 0),
      ranked AS (
        SELECT *, row_number() OVER (PARTITION BY l, bucket, side ORDER BY CASE side WHEN 1 THEN -p ELSE p END) AS n FROM levels)
      SELECT b.l, strftime(make_timestamp_ns(b.bucket), '%Y-%m-%dT%H:%M:%S.000000000Z') AS label,
        ${Array.from({ length: DEPTH }, (_, n) =>
          [1, 2].flatMap(side =>
            ['p', 'q'].map(value => `max(${value}) FILTER (side = ${side} AND n = ${n + 1}) AS "${value}${n}${side}"`),
          ),
        )
          .flat()
          .join(', ')}
      FROM buckets AS b LEFT JOIN ranked AS r ON r.l = b.l AND r.bucket = b.bucket
      GROUP BY b.l, b.bucket ORDER BY b.l, b.bucket`,
    )
    t.ok(rows.length > 300, `${rows.length} buckets`)
    isSame(
      t,
      linesOf(passes[i], false),
      rows.map(row => Object.values(row).map(String).join()),
      passes[i].name,
    )
  }
})
