import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { folderFor } from '../exec/folder.js'
import { configFile, ended, start } from './command.js'
import { BARS, sampleMarket } from './market.js'

t.setTimeout(300_000)

const folder = folderFor(t)
await sampleMarket(folder, { trades: 20_000, days: 1 })
const [pass] = BARS.PASSES

/** A run that takes long: each symbol batch reads the files again. */
const config = configFile(folder, {
  ...BARS,
  END_DATE: '2026-02-03',
  EXECUTION: { memory_budget: '100KB', batch_rows: 10 },
  PASSES: [
    { ...pass, timeline_mode: 'sparse_original' },
    { ...pass, name: 'again', timeline_mode: 'sparse_original' },
  ],
})

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
        ['pipeline', 'run', config, '--workers', workers, '--output-root', root, '--events', root + '.ndjson'],
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
        filesIn(root).filter(each => each.isFile()),
        [],
        'nothing is left',
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
