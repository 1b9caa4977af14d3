import '../support/plain-threads.js'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import t from 'tap'
import { basalt } from '../../lib/basalt.js'
import type { Column } from '../../lib/core/index.js'
import type { RunEvent } from '../../lib/exec/events.js'
import { ThreadExecutor } from '../../lib/exec/threads.js'
import { encodeRowGroup } from '../../lib/io/parquet/write/group.js'
import { isRaw } from '../../lib/prepare.js'
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

t.test('output goes before what is to be folded, and its memory stays', async t => {
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
  const encoded = await executor.encode(columns, given, 1000, { codec: 'zstd' })
  order.push('encoded')
  t.strictSame(encoded, encodeRowGroup(columns, rowsOf(1000), 1000, { codec: 'zstd' }))
  t.strictSame(given, rowsOf(1000), 'nothing is given away')
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

t.test('a thread that ends over output takes nothing along', async t => {
  const folder = folderFor(t)
  const pack = join(folder, 'pack.mjs')
  const left = join(folder, 'left')
  writeFileSync(pack, endsOverOutput(left))
  setFlagsFromString('--max-old-space-size=48') // of threads to come: a heap is full sooner
  const config = {
    ...(await smallMarket(folder)),
    PACKS: [pack],
    EXECUTION: { workers: 2, stall_seconds: 4 },
  }
  const run = async (harm: string, count: number, name: string) => {
    writeFileSync(left, `${harm} ${count}`)
    const root = join(folder, 'out')
    rmSync(root, { recursive: true, force: true })
    const target = { root, path_template: `{root}/${name}.parquet`, row_group_rows: 23 }
    const retries: RunEvent[] = []
    const onEvent = (event: RunEvent) => event.kind === 'retry' && retries.push(event)
    const { passes, files } = await basalt({ ...config, OUTPUT_TARGET: target }).run({ onEvent })
    t.strictSame(passes[0].failed, [])
    t.equal(passes[0].retries, retries.length)
    const harmed = count - Number(readFileSync(left, 'utf8').split(' ')[1])
    return { retries, harmed, bytes: files.map(({ sha256 }) => sha256) }
  }
  for (const [name, ...harms] of [
    ['bars', 'exit 2', 'heap 1', 'loop 1'],
    ['{date}', 'exit 5'],
  ]) {
    const { retries, bytes } = await run('exit', 0, name)
    t.strictSame(retries, [])
    t.ok(bytes.length > 0)
    for (const each of harms) {
      const [harm, count] = each.split(' ')
      const again = await run(harm, Number(count), name)
      t.ok(again.harmed > 0, each) // a thread that has not loaded the pack yet does its work
      const problem = new RegExp(`^a worker thread ended: ${reasons[harm as keyof typeof reasons]}`)
      t.match(again.retries, Array(again.harmed).fill({ file: /out.*\.parquet$/, error: { problem } }))
      t.equal(again.retries.length, again.harmed, each)
      t.strictSame(again.bytes, bytes, each)
    }
  }
})

const reasons = { exit: 'it exited', heap: '.*memory', loop: 'it showed no sign of life for 4 s' }

/** A pack that harms threads as they hand over a row group of the output: how, and how often, a file says. */
const endsOverOutput = (left: string) => `
import { readFileSync, writeFileSync } from 'node:fs'
import { isMainThread, parentPort } from 'node:worker_threads'
const harm = {
  exit() { process.exit(7) },
  loop() { for (;;); },
  heap() { const all = []; for (;;) all.push(new Array(1e5).fill({})) },
}
if (!isMainThread) {
  const post = parentPort.postMessage
  parentPort.postMessage = function (message, given) {
    const [kind, count] = readFileSync('${left}', 'utf8').split(' ')
    if (message.encoded && count > 0) {
      writeFileSync('${left}', kind + ' ' + (count - 1))
      harm[kind]()
    }
    post.call(this, message, given)
  }
}
`
