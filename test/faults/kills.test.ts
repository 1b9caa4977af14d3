import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { basalt, ended, start } from '../cli/command.js'
import { manyDates } from '../cli/market.js'
import { folderFor } from '../exec/folder.js'
import { falseMarkers, forget, leftoversIn, outputsIn } from './job.js'

t.setTimeout(3_600_000)

// Runs that are killed again and again until one ends. `npm run test:faults` tries many.
const RUNS = process.env.BASALT_FAULT_POINTS === undefined ? 1 : 20
const WORKERS = 2

const folder = folderFor(t)
const config = await manyDates(folder)
const clean = await basalt(['pipeline', 'run', config, '--output-root', 'clean'], folder)
if (clean.code !== 0) throw new Error(clean.stderr)
const expected = outputsIn(join(folder, 'clean'))

/** Counts the units that a run has computed, from its events; what it was writing last may be cut. */
function unitsIn(events: string): number {
  const text = existsSync(events) ? readFileSync(events, 'utf8') : ''
  return text.split('\n').filter(line => line.includes('"kind":"unit"')).length
}

for (let run = 0; run < RUNS; run++) {
  t.test('a run that is killed again and again computes each date once, and few of them twice', async t => {
    const root = join(folder, 'out')
    let computed = 0
    let kills = 0
    for (let attempt = 0; ; attempt++) {
      const events = join(folder, `events-${attempt}.ndjson`)
      forget(events)
      const args = ['pipeline', 'run', config, '--output-root', 'out', '--workers', String(WORKERS), '--events', events]
      const child = start(args, { cwd: folder })
      const end = ended(child)
      // Some dates later, at some moment of the next one.
      const goal = 4 + ((run * 3 + attempt * 5) % 7)
      while (child.exitCode === null && unitsIn(events) < goal) await sleep(5)
      if (child.exitCode === null) await sleep((run * 17 + attempt * 31) % 60)
      child.kill('SIGKILL')
      const { code, stdout } = await end
      computed += unitsIn(events)
      t.strictSame(falseMarkers(root), [])
      if (code === 0) {
        t.match(stdout, kills > 0 ? /taken over from an interrupted run|done already/ : /41 of 41 units/)
        break
      }
      kills++
    }
    t.comment(`${kills} kills, ${computed} units computed of 41`)
    t.ok(kills > 1, 'it was killed')
    t.ok(computed >= 41 && computed <= 41 + kills * WORKERS, 'a unit a worker and kill was computed again at most')
    t.strictSame(outputsIn(root), expected)
    t.strictSame(
      leftoversIn(root).filter(name => !name.endsWith('.tmp')),
      [],
    )
    await basalt(['runs', 'gc', 'out', '--temp-dir', folder], folder)
    t.strictSame(leftoversIn(root), [])
    forget(root)
  })
}
