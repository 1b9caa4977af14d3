import fc from 'fast-check'
import { parquetMetadata } from 'hyparquet'
import t from 'tap'
import { ThreadExecutor } from '../../lib/exec/threads.js'
import { folderFor } from '../exec/folder.js'
import { sharedData } from '../io/shared.js'
import { realDayConfig, smallMarket } from './market.js'
import { filesOf, outputOf, type Shape } from './outputs.js'

t.setTimeout(300_000)

const TINY = '300KB' // less than a date of the small market is estimated at

/** Shapes that have to be tried, whatever chance proposes. */
const NAMED: Shape[] = [
  { workers: 1, batch_rows: 1000 },
  { workers: 2, batch_rows: 100_000 },
  { workers: 3, batch_rows: 7 },
  { workers: 1, memory_budget: TINY },
  { workers: 2, memory_budget: TINY, batching_strategy: 'streaming' },
  { workers: 2, memory_budget: '1GB', batching_strategy: 'heuristic' },
]

const anyShape = fc.record<Shape>({
  workers: fc.constantFrom(1, 2),
  batch_rows: fc.integer({ min: 1, max: 5000 }),
  memory_budget: fc.constantFrom('200KB', TINY, '500KB', '1GB'),
  batching_strategy: fc.constantFrom('heuristic', 'streaming'),
})

t.test('nothing about the shape of a run is in its output', async t => {
  const config = await smallMarket(folderFor(t))
  const expected = await outputOf(config, { workers: 1 })
  t.strictSame((await outputOf(config, { workers: 1 })).hashes, expected.hashes, 'same run twice')
  for (const shape of NAMED) {
    const { hashes, units } = await outputOf(config, shape)
    t.strictSame(hashes, expected.hashes, JSON.stringify(shape))
    if (shape.memory_budget === TINY) t.ok(units > 4, `${units} units: dates were cut into symbol batches`)
    else t.equal(units, 2, 'one unit a date')
  }
  const holds = async (shape: Shape) => {
    const { hashes } = await outputOf(config, shape)
    for (const [format, hash] of Object.entries(hashes)) if (hash !== expected.hashes[format]) throw new Error(format)
  }
  await t.resolves(fc.assert(fc.asyncProperty(anyShape, holds), { numRuns: 2 }))
})

t.test('nor who encoded the row groups of its files', async t => {
  const config = await smallMarket(folderFor(t))
  const encode = ThreadExecutor.prototype.encode
  let onThreads = 0
  t.teardown(() => (ThreadExecutor.prototype.encode = encode))
  ThreadExecutor.prototype.encode = function (...group) {
    onThreads++
    return encode.apply(this, group)
  }
  const oneFile = '{root}/bars.parquet'
  for (const path_template of [oneFile, '{root}/{date}.parquet']) {
    for (const compression of ['snappy', 'zstd']) {
      const target = { path_template, compression, row_group_rows: 23 }
      onThreads = 0
      const expected = await filesOf(config, { workers: 1 }, target)
      t.equal(onThreads, 0, 'a run without threads')
      const groups = expected.map(bytes => parquetMetadata(new Uint8Array(bytes).buffer).row_groups.length)
      t.equal(groups.length, path_template === oneFile ? 1 : 2)
      t.ok(Math.min(...groups) > 5, `${groups} row groups`)
      for (const workers of [2, 3]) {
        onThreads = 0
        const found = await filesOf(config, { workers }, target)
        t.equal(
          onThreads,
          groups.reduce((sum, count) => sum + count),
          'row groups encoded on threads',
        )
        t.equal(found.length, expected.length)
        for (const [i, bytes] of expected.entries()) t.ok(bytes.equals(found[i]), `${workers} workers, file ${i}`)
      }
    }
  }
})

const shared = sharedData('us-equities')
t.test(
  'nor on a real day',
  { skip: shared ? false : 'set BASALT_SHARED to the folder that holds data/us-equities to run it' },
  async t => {
    const config = realDayConfig(shared as string)
    const expected = await outputOf(config, { workers: 1 })
    const shapes: Shape[] = [
      { workers: 2, batch_rows: 1000 },
      { workers: 3, memory_budget: '4MB', batch_rows: 100_000, batching_strategy: 'streaming' },
    ]
    for (const shape of shapes) {
      const { hashes, units } = await outputOf(config, shape)
      t.strictSame(hashes, expected.hashes, JSON.stringify(shape))
      t.equal(units > 1, shape.memory_budget !== undefined, `${units} units`)
    }
  },
)
