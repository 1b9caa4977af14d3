import { execFileSync } from 'node:child_process'
import type { Order } from './job.js'

/** The Python that has Polars: BENCH_PYTHON, else python3. */
const PYTHON = process.env.BENCH_PYTHON ?? 'python3'

export const HOW_TO_ENABLE =
  'python3 -m venv .venv && .venv/bin/pip install polars, then BENCH_PYTHON=.venv/bin/python npm run bench'

let found: boolean | undefined

/** Tells whether there is a Python with Polars. */
export function hasPolars(): boolean {
  if (found !== undefined) return found
  try {
    execFileSync(PYTHON, ['-c', 'import polars'], { stdio: 'ignore' })
    found = true
  } catch {
    found = false
  }
  return found
}

/** Returns the command that runs an order in Python: the same measurements as the other contestants make. */
export function polarsCommand(order: Order): [string, string[], NodeJS.ProcessEnv] {
  const work = order.out ? written(order) : repeated(order)
  return [PYTHON, ['-c', `${PRELUDE}${work}${REPLY}`], { ...process.env, POLARS_MAX_THREADS: String(order.threads) }]
}

const PRELUDE = `
import json, resource, time
import polars as pl
from polars import col
def cpu():
  used = resource.getrusage(resource.RUSAGE_SELF)
  return used.ru_utime + used.ru_stime
rows, runs = None, []
`

const written = ({ query, keys, out }: Order): string => `
(${query.trim()}).sort(${keys.map(key => `'${key}'`).join(', ')}).sink_parquet(
  '${out}', compression='zstd', compression_level=3, engine='streaming')
`

const repeated = ({ query, repetitions }: Order): string => `
for i in range(${repetitions + 1}):
  started, used = time.perf_counter(), cpu()
  rows = (${query.trim()}).collect(engine='streaming').height
  if i > 0: runs.append(dict(seconds=time.perf_counter() - started, cpu=cpu() - used))
`

const REPLY = `
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
try:
  peak = next(int(line.split()[1]) * 1024 for line in open('/proc/self/status') if line.startswith('VmHWM'))
except OSError:
  pass
print(json.dumps(dict(version=pl.__version__, runs=runs, rows=rows, cpu=cpu(), peak=peak)))
`
