import '../support/plain-threads.js'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { basalt } from '../../lib/basalt.js'
import { ThreadExecutor } from '../../lib/exec/threads.js'
import { SpillFile } from '../../lib/io/index.js'
import { folderFor } from '../exec/folder.js'
import { marketConfig, smallMarket } from './market.js'
import { outputOf, type Shape } from './outputs.js'
import { shuffleTrades } from './shuffled.js'

t.setTimeout(300_000)

const TINY = '100KB' // a twentieth of what a date of these markets is estimated at
const SHAPES: Shape[] = [
  { workers: 1, memory_budget: TINY },
  { workers: 2, memory_budget: TINY, batch_rows: 7, spill: 'always' },
  { workers: 3, memory_budget: TINY, batching_strategy: 'streaming' },
]

/** Bars, whose listings' days are read whole, beside metrics of all other kinds. */
const SEQUENCES = [{ name: 'bars', modules: ['bars'], bars_analytics: { type: 'tick', threshold: 7 } }]

const folder = folderFor(t)
const market = await smallMarket(folder, { listings: 12 })
const shuffled = join(folder, 'shuffled')
await shuffleTrades(market.DATA.root, shuffled, 1, 300)
const unordered = { ...marketConfig(shuffled), DATA: { root: shuffled, layout: 'hive', tables: {} } }

/** Counts the files of shredded rows that are made while something runs, on whatever thread. */
async function counted<T>(run: () => Promise<T>): Promise<{ made: number; result: T }> {
  const { leave } = SpillFile.prototype
  const { shred } = ThreadExecutor.prototype
  let made = 0
  SpillFile.prototype.leave = function () {
    made++
    return leave.call(this)
  }
  ThreadExecutor.prototype.shred = function (order) {
    made++
    return shred.call(this, order)
  }
  try {
    return { result: await run(), made }
  } finally {
    SpillFile.prototype.leave = leave
    ThreadExecutor.prototype.shred = shred
  }
}

t.test('rows that went through disk by listing make the same bytes', async t => {
  const temp_dir = join(folder, 'temp')
  mkdirSync(temp_dir)
  for (const [name, config] of Object.entries({ bars: unordered, sequences: { ...unordered, PASSES: SEQUENCES } })) {
    const { made, result: expected } = await counted(() => outputOf(config, { workers: 1 }))
    t.equal(made, 0, `${name}: nothing is put on disk where there is room`)
    for (const shape of SHAPES) {
      const { made, result } = await counted(() => outputOf(config, { ...shape, temp_dir } as Shape))
      t.strictSame(result.hashes, expected.hashes, `${name} ${JSON.stringify(shape)}`)
      t.ok(result.units > 4, `${result.units} units`)
      t.ok(made > 0, `${made} files`)
      t.strictSame(readdirSync(temp_dir), [], 'none is left')
    }
  }
})

t.test('files are read once, whatever the number of batches', async t => {
  const bytesOf = async (EXECUTION: object) => {
    const root = t.testdir()
    const { bytes, passes } = await basalt({ ...unordered, EXECUTION, OUTPUT_TARGET: { root } }).run()
    return { read: bytes.read, spilled: bytes.spilled, units: passes[0].units, rows: passes[0].rowsIn }
  }
  const whole = await bytesOf({ workers: 1 })
  for (const workers of [1, 2]) {
    const cut = await bytesOf({ workers, memory_budget: TINY })
    t.ok(cut.units > 4, `${cut.units} units`)
    t.ok(cut.spilled > 0, `${cut.spilled} bytes were spilled`)
    t.strictSame([cut.read, cut.rows], [whole.read, whole.rows], 'bytes read, rows in')
  }
})

t.test('progress ends where it was said to end', async t => {
  for (const workers of [1, 2]) {
    let last = { rows: 0, total: -1 }
    let units = 0
    await basalt({
      ...unordered,
      EXECUTION: { workers, memory_budget: TINY },
      OUTPUT_TARGET: { root: t.testdir() },
    }).run({
      onEvent: event => {
        if (event.kind === 'progress') last = event
        if (event.kind === 'unit') units++
      },
    })
    t.ok(units > 4)
    t.equal(last.rows, last.total, `${last.rows} of ${last.total} rows`)
  }
})

t.test('a wrong row is named by its place in its own file', async t => {
  const root = join(folder, 'wrong')
  await shuffleTrades(market.DATA.root, root, 1, 300)
  const problems = async (EXECUTION: object) => {
    const config = {
      ...marketConfig(root),
      DATA: { root, layout: 'hive', tables: { trades: { columns: { TradeTimestamp: 'MissingTime' } } } },
    }
    return basalt({ ...config, EXECUTION, OUTPUT_TARGET: { root: t.testdir() } })
      .run()
      .then(
        ({ passes }) => [...new Set(passes[0].failed.map(({ error }) => error.message))],
        error => [error.message],
      )
  }
  t.strictSame(await problems({ workers: 2, memory_budget: TINY }), await problems({ workers: 1 }))
})

t.test('bytes that were changed on disk are an io fault, and nothing is written', async t => {
  const { get } = SpillFile.prototype
  t.teardown(() => (SpillFile.prototype.get = get))
  let damaged = 0
  SpillFile.prototype.get = function (place, into, what) {
    return get.call(this, { ...place, crc: damaged++ === 3 ? place.crc ^ 1 : place.crc }, into, what)
  }
  const root = t.testdir()
  const { passes } = await basalt({
    ...unordered,
    EXECUTION: { workers: 1, memory_budget: TINY },
    OUTPUT_TARGET: { root, path_template: '{root}/{date}.parquet' },
  }).run()
  t.equal(passes[0].failed.length, 1, 'one batch')
  const [{ error }] = passes[0].failed
  t.equal(error.fault, 'io')
  t.match(error.message, /spilled rows were changed on disk: \d+ rows at byte \d+ fails its checksum/)
  t.strictSame(readdirSync(root).filter(name => name.endsWith('.parquet')).length, 1, 'the other date is whole')
})

t.test('a folder that cannot be written to is an io fault of its dates', async t => {
  const temp_dir = join(folder, 'a file')
  writeFileSync(temp_dir, '')
  const { passes } = await basalt({
    ...unordered,
    EXECUTION: { workers: 1, memory_budget: TINY, temp_dir },
    OUTPUT_TARGET: { root: t.testdir() },
  }).run()
  t.ok(passes[0].failed.length > 0)
  for (const { error } of passes[0].failed) t.equal(error.fault, 'io', error.message)
  t.equal(readFileSync(temp_dir, 'utf8'), '')
})
