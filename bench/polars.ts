import { execFileSync } from 'node:child_process'
import type { Order } from './job.js'

/** The Python that has Polars: BENCH_PYTHON, else python3. */
const PYTHON = process.env.BENCH_PYTHON ?? 'python3'

export const HOW_TO_ENABLE =
  'python3 -m venv .venv && .venv/bin/pip install polars, then BENCH_PYTHON=.venv/bin/python npm run bench'

export function hasPolars(): boolean {
  try {
    execFileSync(PYTHON, ['-c', 'import polars'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Returns the command that runs an order in Python: the same measurements as the other contestants make. */
export function polarsCommand({ query, keys, out, threads }: Order): [string, string[], NodeJS.ProcessEnv] {
  const program = `
import json, resource, time
import polars as pl
from polars import col
started = time.perf_counter()
answer = (${query.trim()})
${
  out
    ? `answer.sort(${keys.map(key => `'${key}'`).join(', ')}).sink_parquet('${out}', compression='snappy', engine='streaming')`
    : `rows = answer.collect(engine='streaming').height`
}
seconds = time.perf_counter() - started
${out ? `rows = pl.scan_parquet('${out}').select(pl.len()).collect().item()` : ''}
used = resource.getrusage(resource.RUSAGE_SELF)
peak = used.ru_maxrss * 1024
try:
  peak = next(int(line.split()[1]) * 1024 for line in open('/proc/self/status') if line.startswith('VmHWM'))
except OSError:
  pass
print(json.dumps(dict(version=pl.__version__, seconds=seconds, firstRows=None, rows=rows, cpu=used.ru_utime + used.ru_stime, peak=peak)))
`
  return [PYTHON, ['-c', program], { ...process.env, POLARS_MAX_THREADS: String(threads) }]
}
