// Measures what the command holds at its peak over 1, 2, 4, 8 and 16 dates, at budgets: node dist/bench/memory.js
// With --cgroup each run is in a memory cgroup of exactly its budget, where the machine allows it (root, v1 or v2). DuckDB
// and Polars stand beside it, each in a process of its own, as in `npm run bench`: the same rows, bars, order and codec.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { BASE, tradeData } from './data.js'
import { contestants, entry } from './race.js'
import { mainJob } from './t1-bars.bench.js'
import { daysFrom } from './trades.sql.js'

const MAIN = join(import.meta.dirname, '../bundle/cli.js')
const POLL_MS = 20 // the system keeps the peak of a process, so that none is missed while it lives

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '2000000' },
    workers: { type: 'string', default: '-1' },
    budgets: { type: 'string', default: 'floor,256MB,512MB' },
    cgroup: { type: 'boolean', default: false },
  },
})

interface Peak {
  code: number | null
  peak: number // bytes
  said: string
}

/** Runs the command and returns the most that its process held. */
function peakOf(args: string[], limit: number | null): Promise<Peak> {
  const group = limit === null ? null : cgroup(limit)
  // The shell moves itself into the group and becomes node there.
  const child = group
    ? spawn('sh', ['-c', 'echo $$ > "$0/cgroup.procs" && exec "$@"', group, process.execPath, MAIN, ...args])
    : spawn(process.execPath, [MAIN, ...args])
  let peak = 0
  let said = ''
  child.stdout.resume()
  child.stderr.on('data', part => (said += part))
  const poll = setInterval(() => {
    try {
      const [, kB] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? []
      peak = Math.max(peak, Number(kB ?? 0) * 1024)
    } catch {
      // It has ended.
    }
  }, POLL_MS)
  return new Promise(resolve => {
    child.on('close', code => {
      clearInterval(poll)
      if (group) rmdirSync(group)
      resolve({ code, peak, said })
    })
  })
}

/** Makes a memory cgroup without swap and returns its folder. */
function cgroup(limit: number): string {
  const v1 = existsSync('/sys/fs/cgroup/memory')
  const folder = join(v1 ? '/sys/fs/cgroup/memory' : '/sys/fs/cgroup', `basalt-bench-${process.pid}`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, v1 ? 'memory.limit_in_bytes' : 'memory.max'), String(limit))
  const swap = join(folder, v1 ? 'memory.memsw.limit_in_bytes' : 'memory.swap.max')
  if (existsSync(swap)) writeFileSync(swap, v1 ? String(limit) : '0')
  return folder
}

const COUNTS = [1, 2, 4, 8, 16]
const days = 16
const rows = Math.ceil(Number(values.rows) / days)
const data = tradeData({ ...BASE, rows, seed: 42, days })

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`
const line = (name: string, peaks: readonly number[]): void =>
  console.log([name.padEnd(14), ...peaks.map(peak => megabytes(peak).padStart(8))].join(''))
console.log([''.padEnd(14), ...COUNTS.map(count => `${count} dates`.padStart(8))].join(''))
const scratch = mkdtempSync(join(tmpdir(), 'basalt-memory-'))
try {
  const run = (count: number, memory: string, limited: boolean) => {
    const config = join(scratch, 'config.json')
    writeFileSync(
      config,
      JSON.stringify({ ...mainJob.config(data.root, daysFrom(count)), OUTPUT_TARGET: { root: scratch } }),
    )
    const args = ['pipeline', 'run', config, '--fresh', '--workers', values.workers, '--memory', memory]
    return peakOf(args, limited ? Number.parseInt(memory, 10) * 1e6 : null)
  }
  for (const asked of values.budgets.split(',')) {
    const peaks: number[] = []
    let budget = asked
    if (asked === 'floor') {
      const { said } = await run(days, '1MB', false)
      const [, floor] = /needs (\d+MB) with/.exec(said) ?? []
      if (!floor) throw new Error(`the floor was not named: ${said}`)
      budget = floor
    }
    for (const count of COUNTS) {
      const { code, peak, said } = await run(count, budget, values.cgroup)
      if (code !== 0) throw new Error(`${count} dates at ${budget} ended with ${code ?? 'a signal'}: ${said}`)
      peaks.push(peak)
    }
    line(asked === 'floor' ? `floor, ${budget}` : budget, peaks)
  }
  for (const rival of contestants().filter(name => name !== 'basalt')) {
    const peaks: number[] = []
    for (const count of COUNTS) {
      const same = tradeData({ ...BASE, rows, seed: 42, days: count })
      const run = entry(rival, mainJob, same, 'cold', { counted: 1, most: 1, repetitions: 1, threads: 2 })
      peaks.push((await run()).peak)
    }
    line(rival, peaks)
  }
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
