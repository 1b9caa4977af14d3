import { spawn } from 'node:child_process'
import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import * as arrow from 'apache-arrow'
import { basalt, columnOf, type RecordBatch, type RunEvent } from 'basalt'
import t from 'tap'
import { stringify } from 'yaml'
import { ended, ROOT } from '../cli/command.js'
import { folderFor } from '../exec/folder.js'
import { libraryConfig } from './market.js'

t.setTimeout(300_000)

const folder = folderFor(t)
const config = await libraryConfig(folder)

async function rowsIn(batches: AsyncIterable<RecordBatch>): Promise<number> {
  let rows = 0
  for await (const batch of batches) rows += batch.numRows
  return rows
}

t.test('a stream is a Readable and an async iterable of record batches', async t => {
  const pipeline = basalt(config)
  const stream = pipeline.stream({ pass: 'bars' })
  t.ok(stream instanceof Readable)
  const schema = await pipeline.schema('bars')
  let rows = 0
  for await (const batch of stream) {
    t.ok(batch.numRows > 0 && batch.numRows <= 8192)
    t.same(batch.schema.fields.map(String), schema.fields.map(String))
    t.equal(columnOf(batch, 'Close')?.type, 'f64')
    rows += batch.numRows
  }
  t.ok(rows > 1000)
  t.equal(await rowsIn(pipeline.stream()), rows, 'again')
  const viaEvents: RecordBatch[] = await pipeline.stream().toArray()
  t.equal(
    viaEvents.reduce((total, { numRows }) => total + numRows, 0),
    rows,
  )
  t.same(
    (await pipeline.columns()).map(({ name }) => name),
    schema.fields.map(({ name }) => name),
  )
})

t.test('batches are those of Arrow to a program that has apache-arrow by itself', async t => {
  const batches = await basalt(config).stream().toArray()
  t.ok(batches.length > 0 && batches.every(batch => batch instanceof arrow.RecordBatch))
  const table = new arrow.Table(batches)
  const read = arrow.tableFromIPC(arrow.tableToIPC(table))
  const closes = (of: arrow.Table) => [...(of.getChild('Close') ?? [])]
  t.equal(read.numRows, table.numRows)
  t.same(closes(read), closes(table))
  t.ok(arrow.DataType.isUtf8(table.schema.fields.find(({ name }) => name === 'MIC')?.type))
})

t.test('a config is an object, a path, or a list of both', async t => {
  const rows = await rowsIn(basalt(config).stream())
  const path = join(folder, 'config.yaml')
  writeFileSync(path, stringify(config))
  t.equal(await rowsIn(basalt(path).stream()), rows)
  const { PASSES, ...rest } = config
  t.equal(
    await rowsIn(basalt([path, { END_DATE: '2026-02-03' }]).stream()),
    await rowsIn(basalt({ ...config, END_DATE: '2026-02-03' }).stream()),
  )
  t.equal(await rowsIn(basalt([rest, { PASSES }]).stream()), rows)
  await t.rejects(basalt(rest).plan(), { name: 'ConfigError', fault: 'config', message: /PASSES/ })
  await t.rejects(rowsIn(basalt(config).stream({ pass: 'bar' })), { fault: 'config', message: /did you mean 'bars'/ })
})

t.test('plan and run', async t => {
  const pipeline = basalt(config)
  const plan = await pipeline.plan()
  t.match(plan, { workers: 2, passes: [{ name: 'bars', rows: 3000, units: [{}, {}] }] })
  t.strictSame(JSON.parse(JSON.stringify(plan)), plan, 'plain data')
  const events: RunEvent[] = []
  const report = await pipeline.run({ passes: ['bars'], onEvent: event => events.push(event) })
  t.match(report, { passes: [{ pass: 'bars', units: 2, failed: [], rowsIn: 3000 }], files: [{ path: /\.parquet$/ }] })
  t.equal(report.files[0].rows, report.passes[0].rowsOut)
  const kinds = new Set(events.map(({ kind }) => kind))
  for (const kind of ['start', 'progress', 'unit', 'written', 'end'] as const) t.ok(kinds.has(kind), kind)
})

t.test('a signal ends a run', async t => {
  const controller = new AbortController()
  const run = basalt(config).run({
    fresh: true, // what is there already makes no progress
    signal: controller.signal,
    onEvent: ({ kind }) => kind === 'progress' && controller.abort(),
  })
  await t.rejects(run, { name: 'AbortError' })
})

/** Runs a script that uses the library; it has to end by itself. */
function script(text: string) {
  const program = `import { basalt } from 'basalt'\nconst pipeline = basalt(${JSON.stringify(config)})\n${text}`
  const { NODE_OPTIONS: _, ...env } = process.env
  const child = spawn(process.execPath, ['--max-old-space-size=2048', '--input-type=module', '-e', program], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const guard = setTimeout(() => child.kill('SIGKILL'), 60_000)
  return ended(child).finally(() => clearTimeout(guard))
}

t.test('who leaves early stops the workers: the process ends by itself', async t => {
  const broken = await script(`
    for await (const batch of pipeline.stream()) { console.log(batch.numRows > 0); break }
    for await (const batch of pipeline.stream({ order: 'time' })) break`)
  t.match(broken, { code: 0, stdout: 'true\n', stderr: '' })
  const destroyed = await script(`
    const stream = pipeline.stream()
    stream.once('data', () => stream.destroy())
    stream.once('close', () => console.log('closed'))
    const never = pipeline.stream()
    never.destroy()`)
  t.match(destroyed, { code: 0, stdout: 'closed\n', stderr: '' })
  const threads = await script(`
    const stream = pipeline.stream()
    await stream[Symbol.asyncIterator]().next()
    stream.destroy()
    await new Promise(done => stream.once('close', done))
    console.log(process.getActiveResourcesInfo().filter(name => /Worker|MessagePort|FileHandle/.test(name)).length)`)
  t.match(threads, { code: 0, stdout: '0\n', stderr: '' })
})

t.test('failed units end the stream in an error, after the others', async t => {
  truncateSync(join(config.DATA.root, 'trades/date=2026-02-03/mic=XLON/part-0.parquet'), 3000)
  const dates = new Set<number>()
  const failed: string[] = []
  const stream = basalt(config).stream({ onEvent: event => event.kind === 'failed' && failed.push(event.unit) })
  const read = async () => {
    for await (const batch of stream) for (const day of columnOf(batch, 'Date')?.values ?? []) dates.add(Number(day))
  }
  await t.rejects(read(), {
    name: 'BasaltError',
    fault: 'data',
    message: /1 of 2 units failed/,
    where: { file: /part-0/ },
  })
  t.same([...dates], [20_488])
  t.same(failed, ['bars@2026-02-03'])
  const report = await basalt(config).run()
  t.match(report.passes[0].failed, [{ unit: 'bars@2026-02-03', error: { name: 'BasaltError' } }])
  t.equal(report.files.length, 1)
})
