import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { basalt } from '../cli/command.js'
import { folderFor } from '../exec/folder.js'
import { falseMarkers, forget, leftoversIn, makeJob, outputsIn, runJob } from './job.js'

t.setTimeout(4 * 3_600_000)

// Every point at which a run changes what is on disk. CI tries some of them, spread over the run, others each time the
// project grows; `npm run test:faults` tries all.
const POINTS = Number(process.env.BASALT_FAULT_POINTS ?? 8)

const folder = folderFor(t)
const config = await makeJob(folder)

const clean = await runJob(folder, config, 'clean')
if (clean.code !== 0) throw new Error(clean.stderr)
const expected = outputsIn(join(folder, 'clean'))
const counted = join(folder, 'calls.txt')
await runJob(folder, config, 'counted', { fault: 'none', call: 0, count: counted })
const calls = readFileSync(counted, 'utf8').split('\n')
t.comment(`${calls.length} calls change what is on disk`)
t.ok(calls.length > 100, 'the calls are counted')

/** Returns points spread over all, the first and the last among them. */
function spread(points: number, from: number): number[] {
  const count = Math.min(points, calls.length)
  return [
    ...new Set(Array.from({ length: count }, (_, i) => 1 + Math.floor(((i + from) * calls.length) / count))),
  ].filter(point => point <= calls.length)
}

for (const [i, fault] of ['kill', 'torn', 'EIO', 'ENOSPC'].entries()) {
  t.test(`a run that meets ${fault} leaves nothing torn, and the next one ends as if nothing had happened`, async t => {
    for (const point of spread(POINTS, i / 4)) {
      const root = join(folder, 'out')
      const place = `${fault} at call ${point}, ${calls[point - 1]?.replace(folder, '')}`
      const broken = await runJob(folder, config, 'out', { fault, call: point })
      if (fault === 'kill' || fault === 'torn') t.equal(broken.code, null, `${place}: the process is gone`)
      else if (broken.code !== 0) t.match(broken.stderr, new RegExp(`^io: .*${fault}|${fault}`), place)
      t.strictSame(torn(outputsIn(root), expected), [], `${place}: what is visible is whole`)
      t.strictSame(falseMarkers(root), [], `${place}: markers speak of what is there`)
      const again = await runJob(folder, config, 'out')
      t.equal(again.code, 0, `${place}: ${again.stderr}`)
      t.strictSame(outputsIn(root), expected, `${place}: the same bytes`)
      await basalt(['runs', 'gc', 'out', '--temp-dir', folder], folder)
      t.strictSame(leftoversIn(root), [], `${place}: nothing is left`)
      forget(root)
    }
  })
}

/** Lists outputs that are not what a run without faults leaves: each appears whole or not at all. */
function torn(found: ReadonlyMap<string, string>, wanted: ReadonlyMap<string, string>): string[] {
  return [...found].flatMap(([name, hash]) => (wanted.get(name) === hash ? [] : name))
}

t.test('reads that fail for a reason that may pass are tried again; others fail what reads', async t => {
  const quick = ['--set', 'EXECUTION.retry_base_seconds=0.01']
  const passing = await runJob(folder, config, 'out', { fault: 'none', call: 0, reads: 'EIO:3' }, quick)
  t.match(passing, { code: 0 })
  t.strictSame(outputsIn(join(folder, 'out')), expected)
  forget(join(folder, 'out'))
  const lasting = await runJob(folder, config, 'out', { fault: 'none', call: 0, reads: 'EIO:100000' }, quick)
  t.match(lasting.stderr, /io: .*EIO: injected at read/)
  t.strictSame(outputsIn(join(folder, 'out')), new Map())
  forget(join(folder, 'out'))
  const other = await runJob(folder, config, 'out', { fault: 'none', call: 0, reads: 'EACCES:1' }, quick)
  t.match(other, { code: 3, stderr: /EACCES: injected at read/ })
  forget(join(folder, 'out'))
})

t.test('the harness notices files that are written in place', async t => {
  const root = join(folder, 'out')
  const writes = calls.flatMap((call, i) => (/^write .*(parquet|csv|ndjson)/.test(call) ? i + 1 : []))
  let noticed = 0
  for (const point of writes.slice(0, 3)) {
    await runJob(folder, config, 'out', { fault: 'torn', call: point, inPlace: true })
    noticed += +(torn(outputsIn(root), expected).length > 0)
    forget(root)
  }
  t.equal(noticed, 3)
})
