import { join } from 'node:path'
import t from 'tap'
import { basalt } from '../../lib/basalt.js'
import { type Column, columnOf } from '../../lib/core/index.js'
import { discover, readTable } from '../../lib/io/index.js'
import { writeSample } from '../../lib/sample/write.js'
import { folderFor } from '../exec/folder.js'
import { bindingsOf, rowsOf as columnOfRows } from '../io/shared.js'
import { writeTable } from '../support/parquet.js'
import { objectsOf, runConfig } from '../support/run.js'

// The order messages of a simulated market say what its snapshots show. Two seeds, every listing and instant.
t.setTimeout(300_000)

const LEVELS = Array.from({ length: 10 }, (_, i) =>
  ['Bid', 'Ask'].flatMap(side => ['Price', 'Quantity', 'NumOrders'].map(measure => `${side}${measure}${i + 1}`)),
).flat()

const levelsUpTo = (depth: number) => LEVELS.slice(0, 6 * depth)

interface Snapshot {
  instant: string
  state: string
  levels: string
}

/** Returns columns of each file of a table. */
async function columnsOf(root: string, table: string, names: string[]): Promise<unknown[][][]> {
  const { files } = await discover({ root, layout: 'hive', table, bmll: { folder: '', prefix: '' } })
  const read = files.map(async file => {
    const batches = await readTable([file], bindingsOf(file))
    return names.map(name => columnOfRows(batches, name))
  })
  return Promise.all(read)
}

/** Returns the last snapshot of each instant of a listing that has messages, in order of time, as it was written. */
async function written(root: string, depth: number): Promise<Map<string, Snapshot[]>> {
  const messages = await columnsOf(root, 'l3', ['ListingId', 'TimestampNanoseconds'])
  const told = new Set(
    messages.flatMap(([listings, instants]) => listings.map((each, row) => `${each} ${instants[row]}`)),
  )
  const names = ['ListingId', 'TimestampNanoseconds', 'MarketState', ...levelsUpTo(depth)]
  const snapshots = new Map<string, Snapshot[]>()
  for (const [listings, instants, states, ...levels] of await columnsOf(root, 'l2', names)) {
    for (let row = 0; row < listings.length; row++) {
      if (!told.has(`${listings[row]} ${instants[row]}`)) continue // a market state began
      const all = snapshots.get(String(listings[row])) ?? []
      snapshots.set(String(listings[row]), all)
      const snapshot = {
        instant: instants[row] as string,
        state: states[row] as string,
        levels: levels.map(column => column[row]).join(),
      }
      if (all[all.length - 1]?.instant === snapshot.instant) all[all.length - 1] = snapshot
      else all.push(snapshot)
    }
  }
  return snapshots
}

/** Leaves out what is not shown, what shows levels and state of the snapshot shown before, and empty books before the first. */
function changes(all: readonly Snapshot[], isShown: (snapshot: Snapshot) => boolean): Snapshot[] {
  let last: Snapshot | undefined
  return all.filter(snapshot => {
    const isNew = last ? last.levels !== snapshot.levels || last.state !== snapshot.state : /[^,]/.test(snapshot.levels)
    if (!isShown(snapshot) || !isNew) return false
    last = snapshot
    return true
  })
}

for (const seed of [1, 2]) {
  t.test(`books from messages equal the snapshots of each instant, seed ${seed}`, async t => {
    const root = folderFor(t)
    await writeSample({ out: root, tables: ['l2', 'l3'], listings: 3, trades: 1500, days: 1, seed })
    const { passes } = await runConfig({
      START_DATE: '2026-02-03',
      END_DATE: '2026-02-03',
      DATA: { root, layout: 'hive' },
      PASSES: [
        { name: 'whole', modules: ['l3_book'] },
        { name: 'touch', modules: ['l3_book'], l3_book: { top_n: 1 } },
        {
          name: 'calls',
          modules: ['l3_book'],
          l3_book: { top_n: 3, market_states: ['OPENING_AUCTION', 'CLOSING_AUCTION'] },
        },
      ],
    })
    for (const [pass, depth] of [10, 1, 3].entries()) {
      const calls = passes[pass].name === 'calls'
      const rows = objectsOf(passes[pass])
      const snapshots = await written(root, depth)
      for (const [listing, all] of snapshots) {
        const expected = changes(all, ({ state }) => !calls || /^(OPEN|CLOS)ING_AUCTION$/.test(state))
        const found = rows.filter(row => String(row.ListingId) === listing)
        const lines = found.map(row =>
          [row.TimeBucket, row.MarketState, ...levelsUpTo(depth).map(name => row[name])].join(),
        )
        const wanted = expected.map(({ instant, state, levels }) => [instant, state, levels].join())
        const wrong = wanted.findIndex((line, i) => line !== lines[i])
        t.equal(lines[wrong], wanted[wrong], `${passes[pass].name}, listing ${listing}: first that differs`)
        t.equal(lines.length, wanted.length, `${wanted.length} of ${all.length} snapshots`)
        t.ok(wanted.length > (calls ? 20 : 300))
      }
      t.ok(snapshots.size === 3)
    }
  })
}

t.test('a rebuilt book can be read as snapshots: what l2 and l2tw make of them is the same', async t => {
  const root = folderFor(t)
  await writeSample({ out: root, tables: ['l2', 'l3'], listings: 3, trades: 1000, days: 1, seed: 5 })
  const run = { START_DATE: '2026-02-03', END_DATE: '2026-02-03' }
  await basalt({
    ...run,
    DATA: { root, layout: 'hive' },
    PASSES: [
      { name: 'rebuilt', modules: ['l3_book'], output: { path_template: `${root}/rebuilt/date={date}/a.parquet` } },
    ],
  }).run()
  const metrics = async (tables: object) => {
    const l2_analytics = {
      liquidity: [
        { levels: [1, 5], measures: ['Price', 'CumQuantity', 'CumOrders'] },
        { levels: 1, measures: 'Price', aggregations: 'TWA' }, // quantities of an empty book begin with its state
      ],
      spreads: [{ aggregations: ['Last', 'TWA'] }],
      microstructure_metrics: [{ variant: 'OrderFlowImbalance' }],
    }
    const pass = { name: 'metrics', modules: ['l2', 'l2tw'], time_bucket_seconds: 300, l2_analytics }
    const config = { ...run, DATA: { root, layout: 'hive', tables }, PASSES: [pass] }
    return objectsOf((await runConfig(config)).passes[0])
  }
  const direct = await metrics({})
  const columns = { EventTimestamp: 'TimeBucket' }
  const rebuilt = await metrics({ l2: { path: `${root}/rebuilt/date={date}/a.parquet`, columns } })
  const keyOf = (row: (typeof direct)[number]) => `${row.ListingId} ${row.TimeBucket}`
  const own = new Map(direct.map(row => [keyOf(row), row]))
  t.ok(rebuilt.length > 100, `${rebuilt.length} of ${direct.length} buckets`)
  // A state that begins makes a snapshot, but changes no level.
  const isSame = (a: unknown, b: unknown) =>
    typeof a === 'number' && typeof b === 'number' ? Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a)) : a === b
  const wrong = rebuilt.flatMap(row => {
    const expected = own.get(keyOf(row)) ?? {}
    const names = Object.keys(row).filter(name => !['MarketState', 'CurrencyCode'].includes(name))
    return names.filter(name => !isSame(row[name], expected[name])).map(name => `${keyOf(row)} ${name}`)
  })
  t.same(wrong.slice(0, 3), [])
})

t.test('more rows than are made at a time leave in order, a book a second', async t => {
  const folder = folderFor(t)
  const listings = ['1', '2', '3', '4']
  writeTable(join(folder, 'l3.parquet'), {
    columns: [
      { name: 'ListingId', type: 'i64' },
      { name: 'TimestampNanoseconds', type: 'ts' },
      { name: 'LobAction', type: 'i32' },
      { name: 'Side', type: 'i32' },
      { name: 'OrderId', type: 'i64' },
      { name: 'Price', type: 'f64' },
      { name: 'Size', type: 'f64' },
    ],
    groups: [
      listings.flatMap(listing => [
        [listing, '08:00:00', '2', '1', '1', listing, '5'],
        [listing, '16:00:00', '3', '1', '1', null, null],
      ]),
    ],
  })
  const config = {
    DATA: { root: folder, layout: '{table}.parquet' },
    PASSES: [
      { name: 'book', modules: ['l3_book'], time_bucket_seconds: 1, l3_book: { top_n: 1, time_index: 'timebucket' } },
    ],
    EXECUTION: { workers: 1 },
  }
  const SECONDS = 8 * 3600
  let row = 0
  let wrong = 0
  const start = BigInt(Date.parse('2026-02-03T08:00:00Z')) * 1_000_000n
  for await (const batch of basalt(config).stream()) {
    const [listing, time, price] = ['ListingId', 'TimeBucket', 'BidPrice1'].map(name => columnOf(batch, name) as Column)
    for (let i = 0; i < batch.numRows; i++, row++) {
      const [at, second] = [Math.floor(row / (SECONDS + 1)), row % (SECONDS + 1)]
      const isRight =
        listing.values[i] === BigInt(at + 1) &&
        time.values[i] === start + BigInt(second) * 1_000_000_000n &&
        (second < SECONDS ? price.values[i] === at + 1 : price.valid?.[i] === 0)
      if (!isRight) wrong++
    }
  }
  t.equal(row, 4 * (SECONDS + 1))
  t.equal(wrong, 0)
})
