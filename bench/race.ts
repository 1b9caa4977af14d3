import { mkdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { MadeData } from './data.js'
import type { Contestant, Job, Order, Run } from './job.js'
import { hasPolars, polarsCommand } from './polars.js'
import { type Measured, measured } from './process.js'
import { differences } from './same.js'
import { daysFrom } from './trades.sql.js'

/** Medians over the quietest rounds. */
export interface Result {
  version: string
  rows: number | null
  seconds: number // of the work when warm; of the whole process when cold
  best: number
  wall: number // of the whole process
  cpu: number // of the same time as seconds
  peak: number // of the whole process
  bytes: number | null // of the file
  others: number // the most that other processes took, as a share of all cores
}

/** How often everyone runs. Disturbed rounds are repeated, up to `most`: not every machine is ever quiet. */
export interface Rounds {
  counted: number
  most: number
  repetitions: number // inside a warm process
  threads: number
}

/** One run in a process of its own. Runs that are compared with each other are taken in turns. */
export type Entry = () => Promise<Measured & { bytes?: number }>

/** Share of all cores that others may take before a round counts as disturbed. */
export const QUIET = 0.1
const OUT = join(import.meta.dirname, '../../bench/.cache/answers')

export const contestants = (): Contestant[] => (hasPolars() ? ['basalt', 'duckdb', 'polars'] : ['basalt', 'duckdb'])

/**
 * Lets everyone answer and compares the answers with DuckDB's. Returns what differs by contestant and column, as numbers
 * of rows; nothing when all agree.
 */
export async function checkAnswers(job: Job, data: MadeData, rounds: Rounds): Promise<string[]> {
  const wrong: string[] = []
  for (const name of contestants()) await entry(name, job, data, 'cold', rounds)()
  for (const name of contestants().filter(each => each !== 'duckdb')) {
    const found = await differences(job.answer, fileOf(name), fileOf('duckdb'), name === 'basalt')
    if (Object.keys(found).length > 0) wrong.push(`${name}: rows that differ from duckdb's ${JSON.stringify(found)}`)
  }
  rmSync(OUT, { recursive: true, force: true })
  return wrong
}

/** Runs entries in turns, so that a slow minute of the machine meets all. */
export async function inTurns<Name extends string>(
  entries: Partial<Record<Name, Entry>>,
  { counted, most }: Rounds,
): Promise<Record<Name, Result>> {
  const named = Object.entries(entries) as [Name, Entry][]
  const runs = new Map<Name, Awaited<ReturnType<Entry>>[]>(named.map(([name]) => [name, []]))
  const quiet = () => [...runs.values()].every(each => each.filter(({ others }) => others < QUIET).length >= counted)
  for (let round = 0; round < counted || (round < most && !quiet()); round++) {
    for (const [name, run] of named) runs.get(name)?.push(await run())
  }
  rmSync(OUT, { recursive: true, force: true })
  return Object.fromEntries([...runs].map(([name, all]) => [name, resultOf(all, counted)])) as Record<Name, Result>
}

/** Returns a contestant's run of a job. `config` is Basalt's, when it is not the job's own. */
export function entry(
  name: Contestant,
  job: Job,
  data: MadeData,
  ending: 'warm' | 'cold',
  { threads, repetitions }: Rounds,
  config = job.config(data.root, daysFrom(data.days)),
): Entry {
  const { root } = data
  const files = `${root}/${job.table === 'l2' ? 'l2' : 'trades'}/*/*/*.parquet`
  const out = ending === 'cold' ? fileOf(name) : null
  const query = name === 'polars' ? job.polars(files, data.order) : job.sql(files)
  const order: Order = {
    root,
    threads,
    repetitions: job.slow ? 1 : repetitions,
    out,
    query,
    keys: job.answer.keys,
    config,
  }
  const program = join(import.meta.dirname, `${name}-process.js`)
  const command: Parameters<typeof measured> =
    name === 'polars'
      ? polarsCommand(order)
      : [process.execPath, name === 'basalt' && out ? pipelineRun(order, out) : [program, JSON.stringify(order)]]
  return async () => {
    mkdirSync(OUT, { recursive: true })
    if (out) rmSync(out, { force: true }) // what is there already might not be computed again
    const run = await measured(...command)
    return { ...run, ...(out && { bytes: statSync(out).size }) }
  }
}

/** Returns the arguments of the command line that computes a job as users run it, and writes its last pass alone. */
function pipelineRun({ config, threads }: Order, out: string): string[] {
  const target = { type: 'parquet', path_template: out, compression: 'zstd' }
  const passes = (config.PASSES as { name: string }[]).map((pass, i, all) =>
    i === all.length - 1 ? { ...pass, output: target } : pass,
  )
  const { name } = passes[passes.length - 1]
  const text = JSON.stringify({ ...config, PASSES: passes })
  const flags = ['--pass', name, '--fresh', '--workers', String(threads)]
  return [join(import.meta.dirname, 'command-process.js'), 'pipeline', 'run', '--user-config-json', text, ...flags]
}

const fileOf = (name: Contestant): string => join(OUT, `${name}.parquet`)

export function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]
}

function resultOf(all: Awaited<ReturnType<Entry>>[], counted: number): Result {
  const quietest = [...all].sort((a, b) => a.others - b.others).slice(0, counted)
  const runs: Run[] = quietest.flatMap(({ runs, wall, cpu }) => (runs.length > 0 ? runs : [{ seconds: wall, cpu }]))
  const [{ version, rows, bytes }] = quietest
  return {
    version,
    rows,
    seconds: median(runs.map(({ seconds }) => seconds)),
    best: Math.min(...runs.map(({ seconds }) => seconds)),
    wall: median(quietest.map(({ wall }) => wall)),
    cpu: median(runs.map(({ cpu }) => cpu)),
    peak: median(quietest.map(({ peak }) => peak)),
    bytes: bytes ?? null,
    others: Math.max(...quietest.map(({ others }) => others)),
  }
}
