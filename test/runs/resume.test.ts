import '../support/plain-threads.js'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { basalt, type RunReport } from '../../lib/basalt.js'
import { BARS, sampleMarket } from '../cli/market.js'
import { folderFor } from '../exec/folder.js'
import { outputsIn, THREE_PASSES } from '../faults/job.js'

const folder = folderFor(t)
await sampleMarket(folder, { days: 3, trades: 600 })
const DATA = { ...BARS.DATA, root: join(folder, 'sample-market') }

/** Runs a config with its output below a folder. */
async function run(
  root: string,
  config: object,
  options: { fresh?: boolean; passes?: string[] } = {},
): Promise<RunReport> {
  const target = { type: 'parquet', root: join(folder, root) }
  return basalt({ ...config, DATA, OUTPUT_TARGET: target }).run(options)
}

const states = ({ passes }: RunReport) => passes.map(({ units, resumed, standing }) => ({ units, resumed, standing }))

const DAILY = {
  ...BARS,
  END_DATE: '2026-02-05',
  PASSES: [{ ...BARS.PASSES[0], output: { path_template: '{root}/{pass}/{date}.parquet' } }],
}

t.test('what is there is left alone, and said to be', async t => {
  const first = await run('daily', DAILY)
  t.strictSame(states(first), [{ units: 3, resumed: 0, standing: 0 }])
  t.equal(first.files.length, 3)
  const before = readdirSync(join(folder, 'daily/bars')).map(name => statSync(join(folder, 'daily/bars', name)).mtimeMs)
  const second = await run('daily', DAILY)
  t.strictSame(states(second), [{ units: 3, resumed: 0, standing: 3 }])
  t.strictSame(second.files, [])
  t.strictSame(second.standing, first.files)
  const after = readdirSync(join(folder, 'daily/bars')).map(name => statSync(join(folder, 'daily/bars', name)).mtimeMs)
  t.strictSame(after, before)
  t.equal((await run('daily', DAILY, { fresh: true })).files.length, 3)
  t.equal((await run('daily', { ...DAILY, SKIP_EXISTING_OUTPUT: false })).files.length, 3)
})

t.test('a changed input redoes its date, and the bytes are those of a run from the start', async t => {
  await run('input', DAILY)
  const file = join(DATA.root, 'trades/date=2026-02-04/mic=XLON/part-0.parquet')
  const { mtime } = statSync(file)
  utimesSync(file, mtime, new Date(mtime.getTime() + 5000))
  const again = await run('input', DAILY)
  t.strictSame(states(again), [{ units: 3, resumed: 0, standing: 2 }])
  t.match(again.files, [{ path: /2026-02-04\.parquet$/ }])
})

t.test('other listings in the file of the universe redo all dates', async t => {
  const list = join(folder, 'listings.csv')
  const listed = { ...DAILY, UNIVERSE: `file=${list}` }
  const ids = new Set<bigint>()
  for await (const batch of basalt({ ...DAILY, DATA }).stream({ pass: 'bars' }))
    for (const id of batch.getChild('ListingId') ?? []) ids.add(id)
  const [one, other] = ids
  writeFileSync(list, `ListingId\n${one}\n`)
  await run('listed', listed)
  t.strictSame(states(await run('listed', listed)), [{ units: 3, resumed: 0, standing: 3 }])
  writeFileSync(list, `ListingId\n${other}\n`)
  t.strictSame(states(await run('listed', listed)), [{ units: 3, resumed: 0, standing: 0 }])
})

t.test('a new date redoes nothing but itself', async t => {
  const two = { ...DAILY, END_DATE: '2026-02-04' }
  await run('grown', two)
  const three = await run('grown', DAILY)
  t.strictSame(states(three), [{ units: 3, resumed: 0, standing: 2 }])
  t.match(three.files, [{ path: /2026-02-05\.parquet$/ }])
})

t.test('a changed config redoes the passes that depend on it', async t => {
  const first = await run('config', THREE_PASSES)
  t.equal(first.files.length, 6)
  const [bars, wide, days] = THREE_PASSES.PASSES
  const halves = { ...days, generic_analytics: { ...days.generic_analytics, resample_rule: '12h' } }
  const other = await run('config', { ...THREE_PASSES, PASSES: [bars, wide, halves] })
  t.match(
    other.files.map(({ path }) => path),
    [/days-2026-02-03\.ndjson$/],
  )
  const clean = await run('clean', { ...THREE_PASSES, PASSES: [bars, wide, halves] })
  t.equal(clean.files.length, 6)
  t.strictSame(outputsIn(join(folder, 'config')), outputsIn(join(folder, 'clean')))
})

t.test('a file that was changed or removed is written again', async t => {
  const { files } = await run('touched', DAILY)
  writeFileSync(files[0].path, 'no parquet')
  rmSync(files[1].path)
  const again = await run('touched', DAILY)
  t.strictSame(
    again.files.map(({ path }) => path),
    files.slice(0, 2).map(({ path }) => path),
  )
  t.strictSame(outputsIn(join(folder, 'touched')), outputsIn(join(folder, 'daily')))
})

t.test('files are no others for being written by a run that took dates over', async t => {
  const bad = join(DATA.root, 'trades/date=2026-02-05/mic=XLON/part-0.parquet')
  const aside = join(folder, 'aside.parquet')
  const weekly = { ...BARS, END_DATE: '2026-02-05' }
  const whole = await run('whole', weekly)
  renameSync(bad, aside)
  writeFileSync(bad, readFileSync(aside).subarray(0, 5000))
  const failed = await run('weekly', weekly)
  t.match(failed.passes, [{ units: 3, failed: [{ unit: 'bars@2026-02-05' }] }])
  renameSync(aside, bad)
  const again = await run('weekly', weekly)
  t.strictSame(states(again), [{ units: 3, resumed: 2, standing: 0 }])
  t.match(again.passes[0], { rowsIn: whole.passes[0].rowsIn, rowsOut: whole.passes[0].rowsOut })
  t.strictSame(outputsIn(join(folder, 'weekly')), outputsIn(join(folder, 'whole')))
  t.strictSame(readdirSync(join(folder, 'weekly/_basalt/checkpoints')), [], 'what is in a file is not kept twice')
})

t.test('a checkpoint that was damaged is computed again', async t => {
  const weekly = { ...BARS, END_DATE: '2026-02-05' }
  await run('kept', { ...weekly, CLEAN_UP_BATCH_FILES: false })
  const kept = join(folder, 'kept/_basalt/checkpoints')
  const names = readdirSync(kept).sort()
  t.equal(names.length, 3)
  for (const [i, name] of names.entries()) {
    const bytes = readFileSync(join(kept, name))
    // The first is whole, the second has another byte in its rows, the third was cut.
    if (i === 1) bytes[40] ^= 1
    writeFileSync(join(kept, name), i === 2 ? bytes.subarray(0, bytes.length - 5) : bytes)
  }
  for (const path of outputsIn(join(folder, 'kept')).keys()) rmSync(join(folder, 'kept', path))
  const again = await run('kept', weekly)
  t.strictSame(states(again), [{ units: 3, resumed: 1, standing: 0 }])
  t.strictSame(outputsIn(join(folder, 'kept')), outputsIn(join(folder, 'whole')))
})

t.test('without resume nothing is kept', async t => {
  const weekly = { ...BARS, END_DATE: '2026-02-05', EXECUTION: { workers: 1, resume: false } }
  await run('plain', { ...weekly, CLEAN_UP_BATCH_FILES: false })
  t.notOk(existsSync(join(folder, 'plain/_basalt/checkpoints')))
  t.strictSame(outputsIn(join(folder, 'plain')), outputsIn(join(folder, 'whole')))
})

t.test('checks that warn are said again while the files stand', async t => {
  const checked = {
    ...DAILY,
    QUALITY_CHECKS: { ENABLED: true, ranges: { TradeTotalCount: [0, 2] }, action: 'warn' },
  }
  const first = await run('checked', checked)
  t.equal(first.passes[0].checks.length, 1)
  const second = await run('checked', checked)
  t.strictSame(states(second), [{ units: 3, resumed: 0, standing: 3 }])
  t.strictSame(second.passes[0].checks, first.passes[0].checks)
})

t.test('the manifest tells what was read, done and left, and a copy lies where it is asked for', async t => {
  mkdirSync(join(folder, 'copies'))
  const { run: name, files } = await run('noted', {
    ...DAILY,
    RUN_ARTIFACTS_ENABLED: true,
    RUN_ARTIFACTS_DIR: join(folder, 'copies'),
    RUN_ARTIFACTS_NAME: 'nightly',
  })
  const text = readFileSync(join(folder, 'noted/_basalt/runs', `${name}.json`), 'utf8')
  t.equal(readFileSync(join(folder, 'copies/nightly.json'), 'utf8'), text)
  const record = JSON.parse(text)
  t.match(record, {
    status: 'done',
    code: /^0\.1\.0\+[0-9a-f]{12}$/,
    passes: [{ pass: 'bars', units: [{ unit: 'bars@2026-02-03', state: 'computed', rowsIn: 600 }, {}, {}] }],
  })
  t.ok(record.inputs.some(({ table }: { table: string }) => table === 'reference'))
  t.ok(record.memory.peak > 0)
  t.strictSame(
    record.files.map(({ path, sha256 }: { path: string; sha256: string }) => [path, sha256]),
    files.map(({ path, sha256 }) => [path.slice(join(folder, 'noted').length + 1), sha256]),
  )
  t.strictSame(
    new Map(files.map(({ path, sha256 }) => [path.slice(join(folder, 'noted').length + 1), sha256])),
    outputsIn(join(folder, 'noted')),
  )
})
