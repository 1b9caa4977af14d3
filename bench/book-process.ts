import type { Column, Day } from '../lib/core/index.js'
import { columnOf, concat, doublesOfInput, take } from '../lib/core/index.js'
import { discover, readTable } from '../lib/io/index.js'
import { l3BookKernel } from '../operators/index.js'
import { answer, timed } from './process.js'
import { DAY } from './trades.sql.js'

// The rebuild alone: messages are read first, and put to the kernel listing by listing, as a run would.
const { root, repetitions } = JSON.parse(process.argv[2]) as { root: string; repetitions: number }

const INPUTS = ['LobAction', 'Side', 'Price', 'Size', 'OrderId', 'OldPrice', 'OldSize', 'ExecutionSize']
const PARAMETERS = {
  byBucket: false,
  depth: 1,
  sizes: 'after',
  onImpossible: 'error',
  orders: true,
  states: false,
  columns: INPUTS.slice(4).join(),
}

const days = await daysOf()
let rows = 0
const runs = []
for (let i = 0; i <= repetitions; i++) {
  const run = await timed(async () => {
    rows = 0
    for (const day of days) rows += l3BookKernel.rows(day, PARAMETERS, () => {})[0].values.length
  })
  if (i > 0) runs.push(run)
}
answer({ version: process.version, runs, rows })

/** Returns the messages of each listing, which the files have one after another. */
async function daysOf(): Promise<Day[]> {
  const { files } = await discover({ root, layout: 'hive', table: 'l3', bmll: { folder: '', prefix: '' } })
  const all: Day[] = []
  for (const file of files) {
    const names = ['ListingId', 'TimestampNanoseconds', ...INPUTS]
    const types: Record<string, 'i64' | 'i32' | 'ts'> = {
      ListingId: 'i64',
      TimestampNanoseconds: 'ts',
      OrderId: 'i64',
      LobAction: 'i32',
      Side: 'i32',
    }
    const batches = await readTable(
      [file],
      names.map(name => ({ name, source: name, type: types[name] ?? 'f64' })),
    )
    const [listing, time, ...inputs] = names.map(name => concat(batches.map(batch => columnOf(batch, name) as Column)))
    const listings = listing.values as BigInt64Array
    const midnight = BigInt(Date.parse(DAY)) * 1_000_000n
    for (let from = 0, to = 0; from < listings.length; from = to) {
      while (to < listings.length && listings[to] === listings[from]) to++
      const index = Int32Array.from({ length: to - from }, (_, i) => from + i)
      const instants = time.values as BigInt64Array
      all.push({
        length: index.length,
        midnight,
        time: Float64Array.from(index, row => Number(instants[row] - midnight)),
        columns: inputs.map(column => asInput(take(column, index, index.length))),
      })
    }
  }
  return all
}

/** Numbers are kept as doubles, NaN for null; names as they are. */
function asInput(column: Column): Column {
  return column.type === 'i64' ? column : { type: 'f64', values: doublesOfInput(column), valid: null }
}
