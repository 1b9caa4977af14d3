import '../support/plain-threads.js'
import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { basalt as command, type Ended, ended } from '../cli/command.js'
import { folderFor } from '../exec/folder.js'
import { smallMarket } from '../laws/market.js'
import { shuffleTrades } from '../laws/shuffled.js'
import { forget, outputsIn } from './job.js'

t.setTimeout(4 * 3_600_000)

// Points at which rows in no order go to disk and come back: some of them here, all by `npm run test:faults`.
const POINTS = Number(process.env.BASALT_FAULT_POINTS ?? 3)

const folder = folderFor(t)
const { DATA, ...market } = await smallMarket(folder, { listings: 6, trades: 400 })
await shuffleTrades(DATA.root, join(folder, 'shuffled'), 1, 150)
const temp = join(folder, 'temp')
mkdirSync(temp)
const root = join(folder, 'out')
const config = {
  ...market,
  DATA: { root: join(folder, 'shuffled'), layout: 'hive', tables: {} },
  PASSES: [
    {
      name: 'bars',
      modules: ['trade'],
      time_bucket_seconds: 300,
      trade_analytics: { generic_metrics: [{ measures: ['OHLC', 'Volume'] }] },
    },
  ],
  EXECUTION: { workers: 1, memory_budget: '20KB', temp_dir: temp },
  OUTPUT_TARGET: { root, path_template: '{root}/{date}.parquet' },
}

/** Runs the config in a process of its own, with a fault on the way or none. */
function run(fault = 'none', call = 0, count = ''): Promise<Ended> {
  const { NODE_OPTIONS: _, ...env } = process.env
  const inject = pathToFileURL(join(import.meta.dirname, 'inject.js')).href
  const child = join(import.meta.dirname, 'shredded-child.js')
  return ended(
    spawn(process.execPath, ['--import', inject, child, JSON.stringify(config)], {
      env: { ...env, BASALT_FAULT: `${fault}:${call}`, BASALT_FAULT_BELOW: temp, BASALT_FAULT_COUNT: count },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  )
}

const clean = await run('none', 0, join(folder, 'calls.txt'))
if (clean.code !== 0) throw new Error(clean.stderr)
const expected = outputsIn(root)
forget(root)
const calls = readFileSync(join(folder, 'calls.txt'), 'utf8').split('\n')
t.comment(`${calls.length} calls change what is in the folder for what does not fit`)
t.ok(calls.filter(call => call.startsWith('open')).length > 4, 'rows of several row groups went to disk')
t.strictSame(readdirSync(temp), [], 'nothing of them is left')

for (const fault of ['kill', 'torn', 'EIO', 'ENOSPC']) {
  t.test(`rows on their way through disk that meet ${fault} leave nothing torn`, async t => {
    const count = Math.min(POINTS, calls.length)
    for (let i = 0; i < count; i++) {
      const point = 1 + Math.floor((i * (calls.length - 1)) / Math.max(1, count - 1))
      const place = `${fault} at call ${point}, ${calls[point - 1].replace(folder, '')}`
      const broken = await run(fault, point)
      if (fault === 'kill' || fault === 'torn') t.equal(broken.code, null, `${place}: the process is gone`)
      else if (broken.code !== 0) t.match(broken.stderr, new RegExp(`^io: .*${fault}|${fault}`), place)
      for (const [name, hash] of outputsIn(root)) t.equal(hash, expected.get(name), `${place}: ${name} is whole`)
      const again = await run()
      t.equal(again.code, 0, `${place}: ${again.stderr}`)
      t.strictSame(outputsIn(root), expected, `${place}: the same bytes`)
      await command(['runs', 'gc', root, '--temp-dir', temp], folder)
      t.strictSame(readdirSync(temp), [], `${place}: nothing is left`)
      forget(root)
    }
  })
}
