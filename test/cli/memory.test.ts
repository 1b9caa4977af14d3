import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { folderFor } from '../exec/folder.js'
import { configFile, ended, MAIN } from './command.js'
import { BARS, sampleMarket } from './market.js'

t.setTimeout(300_000)

/** Writes the most memory that its process held, when it ends. */
const WATCH = `import { readFileSync, writeFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'
if (isMainThread) process.on('exit', () => writeFileSync('peak', readFileSync('/proc/self/status')))`

/** Without the hooks that the test runner puts into every process. */
const PLAIN = { ...process.env, NODE_OPTIONS: '' }

const MEASURES = ['OHLC', 'Volume', 'Count', 'VWAP', 'NotionalEUR', 'AvgPrice', 'MedianPrice', 'Volatility']
const skip = existsSync('/proc/self/status') ? false : 'there is no /proc/self/status, which says what a process held'

t.test('a run stays below its memory budget, and one that cannot is refused', { skip }, async t => {
  const cwd = folderFor(t)
  await sampleMarket(cwd, { trades: 60_000, days: 4 })
  const passes = [
    {
      name: 'bars',
      modules: ['trade'],
      time_bucket_seconds: 1,
      trade_analytics: { generic_metrics: [{ sides: ['Total', 'Bid', 'Ask'], measures: MEASURES }] },
    },
  ]
  const dates = { START_DATE: '2026-02-03', END_DATE: '2026-02-06' }
  const config = configFile(cwd, { ...BARS, ...dates, OUTPUT_TARGET: { root: 'out' }, PASSES: passes })
  writeFileSync(join(cwd, 'watch.mjs'), WATCH)
  const run = (memory: string, workers: number) => {
    const args = ['pipeline', 'run', config, '--fresh', '--memory', memory, '--workers', String(workers)]
    return ended(spawn(process.execPath, ['--import', join(cwd, 'watch.mjs'), MAIN, ...args], { cwd, env: PLAIN }))
  }
  for (const workers of [1, 2]) {
    const { code, stderr } = await run('90MB', workers)
    t.equal(code, 2, 'nothing was read')
    const [, floor] = /needs (\d+)MB with \d worker/.exec(stderr) ?? []
    t.match(stderr, /EXECUTION\.memory_budget: 90MB is too little: pass bars needs \d+MB with/)
    if (workers > 1) t.match(stderr, /, \d+MB with 1 \(--workers 1\)/, 'it says what would need less')
    const done = await run(`${floor}MB`, workers)
    t.equal(done.code, 0, done.stderr)
    const [, peak] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(join(cwd, 'peak'), 'utf8')) ?? []
    t.ok(Number(peak) * 1024 <= Number(floor) * 1e6, `${workers} workers: ${peak} kB of ${floor} MB`)
    t.comment(`${workers} workers: ${peak} kB of ${floor} MB`)
  }
})
