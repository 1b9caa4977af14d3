import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { folderFor } from '../exec/folder.js'
import { ended, start } from './command.js'
import { manyDates } from './market.js'

t.setTimeout(300_000)

const folder = folderFor(t)
const config = await manyDates(folder)

const filesIn = (name: string) =>
  existsSync(join(folder, name)) ? readdirSync(join(folder, name), { recursive: true, withFileTypes: true }) : []

/** Waits until a condition holds, or the process is gone. */
async function until(holds: () => boolean, gone: () => boolean): Promise<void> {
  while (!holds() && !gone()) await sleep(5)
}

for (const workers of ['1', '2']) {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    t.test(`${signal} ends pipeline run with ${workers} workers`, async t => {
      const root = `${signal}-${workers}`
      const child = start(
        ['pipeline', 'run', config, '--workers', workers, '--output-root', root, '--events', `${root}.ndjson`],
        {
          cwd: folder,
        },
      )
      const end = ended(child)
      const temporary = () => filesIn(root).some(({ name }) => name.endsWith('.tmp'))
      await until(temporary, () => child.exitCode !== null)
      t.equal(child.exitCode, null, 'it was still at work')
      child.kill(signal)
      const sent = performance.now()
      t.match(await end, { code: 1, stderr: 'interrupted\n' })
      t.ok(performance.now() - sent < 30_000, 'it ends soon')
      t.same(
        filesIn(root).filter(({ name }) => name.endsWith('.tmp')),
        [],
        'what is left is whole',
      )
    })
  }
}

t.test('SIGINT ends a stream into a file', async t => {
  const child = start(['stream', 'run', config, '--out', 'stream/bars.arrow'], { cwd: folder })
  const end = ended(child)
  await until(
    () => filesIn('stream').length > 0,
    () => child.exitCode !== null,
  )
  child.kill('SIGINT')
  t.match(await end, { code: 1, stderr: 'interrupted\n' })
  t.same(filesIn('stream'), [])
})

t.test('SIGINT ends a stream that nobody reads', async t => {
  const child = start(['stream', 'run', config, '--format', 'csv'], { cwd: folder })
  child.stdout?.once('readable', () => child.kill('SIGINT'))
  const code = await new Promise(done => child.on('exit', done))
  t.equal(code, 1)
})

for (const workers of ['1', '2']) {
  t.test(`a target that cannot be written ends the run, with ${workers} workers`, async t => {
    writeFileSync(join(folder, 'a-file'), '')
    const child = start(['pipeline', 'run', config, '--output-root', 'a-file', '--workers', workers], { cwd: folder })
    const guard = setTimeout(() => child.kill('SIGKILL'), 60_000)
    t.match(await ended(child), { code: 1, stderr: /^io: .*a-file.*EEXIST/ })
    clearTimeout(guard)
  })
}
