import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { folderFor } from '../exec/folder.js'
import { basalt, configFile, ended, start } from './command.js'
import { BARS, manyDates, sampleMarket } from './market.js'

t.setTimeout(300_000)

const folder = folderFor(t)
await sampleMarket(folder)
const config = configFile(folder, BARS)

t.test('runs list and show say what runs did', async t => {
  await basalt(['pipeline', 'run', config], folder)
  const second = await basalt(['pipeline', 'run', config], folder)
  t.match(
    second.stdout,
    /^bars: all 2 units are done already\nthere already: .*\.parquet \(\d+ rows, .*\)\n\(made of the same/,
  )
  const list = await basalt(['runs', 'list', config], folder)
  t.match(
    list.stdout,
    /^run +status +seconds +passes +files +peak memory\n.*\n\S+ +done +[\d.]+ +bars +1 +[\d.]+ MiB\n\S+ +done .* bars +0 /,
  )
  t.equal((await basalt(['runs', 'list'], folder)).stdout, list.stdout, 'the folder of outputs does as well')
  const names = JSON.parse((await basalt(['runs', 'list', '--json'], folder)).stdout).map(
    ({ run }: { run: string }) => run,
  )
  const shown = await basalt(['runs', 'show', names[0]], folder)
  t.match(
    shown.stdout,
    /^run \S+: done\nfrom .* by Basalt 0\.1\.0\+.*\nconfig .* files of input .*\nread .*, spilled .*, wrote .*\n\nunit .*\n.*\nbars@2026-02-03 +computed +1,200/,
  )
  t.match((await basalt(['runs', 'show', 'last'], folder)).stdout, /bars: 2 units were done already/)
  const none = await basalt(['runs', 'show', 'nothing'], folder)
  t.match(none, { code: 2, stderr: /no run 'nothing' has written to basalt-out; the last is / })
  t.match(await basalt(['runs', 'list', 'nowhere'], folder), {
    code: 2,
    stderr: /there is no folder nowhere; name the folder/,
  })
})

t.test('a run that is killed is seen as such, gone on from, and cleared away', async t => {
  const many = join(folder, 'many')
  mkdirSync(many)
  const long = await manyDates(many)
  const child = start(['pipeline', 'run', long, '--temp-dir', many], { cwd: many })
  const end = ended(child)
  const kept = join(many, 'basalt-out/_basalt/checkpoints')
  const finished = () => (existsSync(kept) ? readdirSync(kept).filter(name => name.endsWith('.rows')).length : 0)
  while (finished() < 3 && child.exitCode === null) await new Promise(done => setTimeout(done, 5))
  child.kill('SIGKILL')
  await end
  const done = finished()
  t.ok(done >= 3 && done < 41, `${done} dates were done`)
  t.match((await basalt(['runs', 'list'], many)).stdout, /interrupted/)
  const gc = await basalt(['runs', 'gc', '--temp-dir', many], many)
  t.match(gc.stdout, /kept \d+ checkpoints, from which run \S+ can be gone on with; --all removes them/)
  t.equal(finished(), done)
  const again = await basalt(['pipeline', 'run', long], many)
  t.match(again.stdout, new RegExp(`41 of 41 units \\(${done} taken over from an interrupted run\\)`))
  writeFileSync(join(many, 'basalt-out/.bars.parquet.0123456789ab.tmp'), 'half')
  const dry = await basalt(['runs', 'gc', '--dry-run', '--temp-dir', many], many)
  t.match(dry.stdout, /would remove .*\.tmp\n.*1 leftovers, 4 B/)
  t.match((await basalt(['runs', 'gc', '--temp-dir', many], many)).stdout, /^removed .*\.tmp\n/)
  t.match((await basalt(['runs', 'gc', '--temp-dir', many], many)).stdout, /nothing to remove/)
})

t.test('two runs at once into one place: one goes on, the other says who is writing', async t => {
  const many = join(folder, 'many')
  const children = [1, 2].map(() => start(['pipeline', 'run', 'config.yaml', '--output-root', 'both'], { cwd: many }))
  const [a, b] = await Promise.all(children.map(ended))
  t.strictSame([a.code, b.code].sort(), [0, 1])
  t.match(a.code === 1 ? a.stderr : b.stderr, /^io: .*: run \S+ \(process \d+ on .*\) is writing it; wait for its end/)
})
