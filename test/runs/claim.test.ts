import '../support/plain-threads.js'
import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Claim } from '../../lib/runs/claim.js'
import { mayRun, thisProcess } from '../../lib/runs/process.js'
import { folderFor } from '../exec/folder.js'

const folder = folderFor(t)
const JANUARY = { pattern: 'out/{date}.parquet', from: 20_000, to: 20_030 }
const noticesIn = (root: string) => readdirSync(join(root, '_basalt/claims'))

t.test('two runs never write the same files; others are none of their business', async t => {
  const root = join(folder, 'two')
  const first = await Claim.on(root, 'first', [JANUARY])
  await t.rejects(Claim.on(root, 'second', [{ ...JANUARY, from: 20_030, to: 20_040 }]), {
    fault: 'io',
    message: /run first \(process \d+ on .*\) is writing it; wait for its end/,
  })
  const later = await Claim.on(root, 'later', [{ ...JANUARY, from: 20_031, to: 20_040 }])
  const other = await Claim.on(root, 'other', [{ ...JANUARY, pattern: 'out/other-{date}.parquet' }])
  await first.release()
  const second = await Claim.on(root, 'second', [{ ...JANUARY, to: 20_030 }])
  for (const claim of [later, other, second]) await claim.release()
  t.strictSame(noticesIn(root), [])
})

t.test('of many that ask at once, one goes on', async t => {
  for (let round = 0; round < 20; round++) {
    const root = join(folder, `many-${round}`)
    const asked = await Promise.allSettled(Array.from({ length: 5 }, (_, i) => Claim.on(root, `run-${i}`, [JANUARY])))
    const held = asked.flatMap(each => (each.status === 'fulfilled' ? each.value : []))
    t.equal(held.length, 1)
    t.equal(noticesIn(root).length, 1)
    await held[0].release()
  }
})

t.test('what a process left that is gone does not count', async t => {
  const root = join(folder, 'dead')
  const child = spawn(process.execPath, ['-e', ''])
  const identity = { ...thisProcess(), pid: child.pid as number }
  await new Promise(done => child.on('exit', done))
  const leave = (name: string, process: object) => {
    mkdirSync(join(root, '_basalt/claims'), { recursive: true })
    const notice = { run: name, process, state: 'held', files: [JANUARY] }
    writeFileSync(join(root, '_basalt/claims', `${name}.json`), JSON.stringify(notice))
  }
  leave('ended', identity)
  leave('same-number', { ...thisProcess(), started: '1' })
  leave('before-restart', { ...thisProcess(), boot: 'another' })
  const claim = await Claim.on(root, 'mine', [JANUARY])
  t.equal(noticesIn(root).length, 1)
  await claim.release()
  leave('elsewhere', { ...thisProcess(), host: 'another-host' })
  await t.rejects(
    Claim.on(root, 'mine', [JANUARY]),
    /run elsewhere .* on another-host.* if that run is gone for certain, remove .*elsewhere\.json/,
  )
})

t.test('processes are told apart', t => {
  t.ok(mayRun(thisProcess()))
  t.notOk(mayRun({ ...thisProcess(), started: 'never' }))
  t.notOk(mayRun({ ...thisProcess(), boot: 'another' }))
  t.ok(mayRun({ ...thisProcess(), host: 'another' }), 'of other hosts nothing is certain')
  t.end()
})
