import '../support/plain-threads.js'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { basalt } from '../../lib/basalt.js'
import { BasaltError, type Column } from '../../lib/core/index.js'
import { ThreadExecutor } from '../../lib/exec/threads.js'
import { encodeRowGroup } from '../../lib/io/parquet/write/group.js'
import { isRaw } from '../../lib/prepare.js'
import { fixture } from '../cli/command.js'
import { smallMarket } from '../laws/market.js'
import { folderFor } from './folder.js'

t.setTimeout(300_000)

const columns = [
  { name: 'Price', type: 'f64' as const, nullable: true },
  { name: 'Ticker', type: 'str' as const, nullable: false },
]

function rowsOf(count: number): Column[] {
  const valid = Uint8Array.from({ length: count }, (_, i) => +(i % 5 > 0))
  return [
    { type: 'f64', values: Float64Array.from({ length: count }, (_, i) => i / 7), valid },
    { type: 'str', values: new Int32Array(count).fill(1), valid: null, dictionary: { words: ['A', 'B'] } },
  ]
}

t.test('output goes before what is to be folded, and its memory goes along', async t => {
  const { passes, packs } = await basalt(await smallMarket(folderFor(t), { rowGroupRows: 50 })).prepare()
  const [{ plan, files }] = passes.filter(isRaw)
  const executor = await ThreadExecutor.open(1, { packs, passes: [plan], files, reference: null }, 60)
  const order: string[] = []
  const parts = files[0].rowGroups.map((_, rowGroup) => ({ part: rowGroup, rowGroup }))
  t.ok(parts.length > 10)
  const stretch = {
    pass: plan,
    file: files[0],
    parts,
    spans: null,
    where: { op: 'true' as const },
    batchRows: 100,
    byTime: false,
    rowsBefore: 0,
  }
  const fold = (name: string) => executor.fold(stretch, () => order.push('row group')).then(() => order.push(name))
  const folds = ['first', 'second', 'third'].map(fold)
  const given = rowsOf(1000)
  const { spent, ...encoded } = await executor.encode(columns, given, 1000, { codec: 'zstd' })
  order.push('encoded')
  t.strictSame(encoded, encodeRowGroup(columns, rowsOf(1000), 1000, { codec: 'zstd' }))
  t.same(
    given.map(({ values, valid }) => [values.length, valid?.length ?? 0]),
    [
      [0, 0],
      [0, 0],
    ],
    'no copy stays behind',
  )
  t.strictSame(
    spent?.map(({ byteLength }) => byteLength),
    rowsOf(1000).map(({ values }) => values.byteLength),
    'the memory of values comes back',
  )
  await Promise.all(folds)
  await executor.close()
  t.ok(order.indexOf('encoded') < order.indexOf('first'), `after ${order.indexOf('encoded')} row groups`)
  t.equal(order.length, 4 + 3 * parts.length)
})

t.test('a fault of an encoder comes back as it is, and the thread lives on', async t => {
  const executor = await ThreadExecutor.open(1, { packs: [], passes: [], files: [], reference: null }, 60)
  const [price, ticker] = rowsOf(10)
  const nulls = { ...ticker, valid: new Uint8Array(10) }
  const failure = await executor.encode(columns, [price, nulls], 10, { codec: 'none' }).catch(error => error)
  t.match(failure, { name: 'BasaltError', fault: 'internal', where: { field: 'Ticker' } })
  t.equal((await executor.encode(columns, rowsOf(10), 10, { codec: 'none' })).rows, 10)
  await executor.close()
})

t.test('a worker that dies while it encodes ends the run, and no file is there', async t => {
  const folder = folderFor(t)
  const config = { ...(await smallMarket(folder)), PACKS: [fixture('ends-encoders.mjs')], EXECUTION: { workers: 2 } }
  for (const name of ['bars', '{date}']) {
    const root = join(folder, name)
    const target = { root, path_template: `{root}/${name}.parquet`, row_group_rows: 23 }
    const failure = await basalt({ ...config, OUTPUT_TARGET: target })
      .run()
      .catch(error => error)
    t.ok(failure instanceof BasaltError, String(failure))
    t.match(failure.message, /\.parquet: a worker thread ended/)
    t.ok(existsSync(root))
    t.same(readdirSync(root), ['_basalt'], 'a manifest and nothing else')
  }
})
