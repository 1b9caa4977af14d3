import { mkdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { MadeData } from './data.js'
import type { Ending, Job, Order } from './job.js'
import { hasPolars, polarsCommand } from './polars.js'
import { type Measured, measured } from './process.js'
import { differences } from './same.js'

export type Contestant = 'basalt' | 'duckdb' | 'polars'

export interface Race {
  ending: Ending
  contestants: Partial<Record<Contestant, Result>>
}

/** Medians over the quietest rounds; what is not stated is of the whole process. */
export interface Result {
  version: string
  rows: number
  seconds: number // of the job: the library is loaded, nothing else is
  wall: number
  cpu: number
  peak: number
  firstRows: number | null
  bytes: number | null // of the file
  others: number // the most that other processes took, as a share of all cores
}

/** Share of all cores that others may take before a round counts as disturbed. */
export const QUIET = 0.1
const OUT = join(import.meta.dirname, '../../bench/.cache/answers')

export const contestants = (): Contestant[] => (hasPolars() ? ['basalt', 'duckdb', 'polars'] : ['basalt', 'duckdb'])

/** Lets everyone answer and compares the answers. A wrong one ends the bench: no time is taken of it. */
export async function checkAnswers(job: Job, data: MadeData, threads: number): Promise<void> {
  mkdirSync(OUT, { recursive: true })
  try {
    const names = contestants()
    for (const name of names) await run(name, job, data, 'file', threads)
    for (const name of names.filter(each => each !== 'duckdb')) {
      const wrong = await differences(job, fileOf(name), fileOf('duckdb'), name === 'basalt')
      if (Object.keys(wrong).length > 0)
        throw new Error(`${name} and duckdb differ, rows by column: ${JSON.stringify(wrong)}; no time is shown`)
    }
  } finally {
    rmSync(OUT, { recursive: true, force: true })
  }
}

/** How often everyone runs. Disturbed rounds are repeated, up to `most`: not every machine is ever quiet. */
export interface Rounds {
  counted: number
  most: number
}

/** Lets everyone do a job, each time in a new process and in turns, so that a slow minute of the machine meets all. */
export async function race(job: Job, data: MadeData, ending: Ending, rounds: Rounds, threads: number): Promise<Race> {
  mkdirSync(OUT, { recursive: true })
  try {
    const names = contestants()
    const runs = new Map<Contestant, Measured[]>(names.map(name => [name, []]))
    const quiet = () =>
      [...runs.values()].every(each => each.filter(({ others }) => others < QUIET).length >= rounds.counted)
    for (let round = 0; round < rounds.counted || (round < rounds.most && !quiet()); round++) {
      for (const name of names) runs.get(name)?.push(await run(name, job, data, ending, threads))
    }
    const bytes = (name: Contestant) => (ending === 'file' ? statSync(fileOf(name)).size : null)
    const results = [...runs].map(([name, all]) => [name, { ...resultOf(all, rounds.counted), bytes: bytes(name) }])
    return { ending, contestants: Object.fromEntries(results) }
  } finally {
    rmSync(OUT, { recursive: true, force: true })
  }
}

const fileOf = (name: Contestant): string => join(OUT, `${name}.parquet`)

function run(name: Contestant, job: Job, { root }: MadeData, ending: Ending, threads: number): Promise<Measured> {
  const files = `${root}/trades/*/*/*.parquet`
  const out = ending === 'file' ? fileOf(name) : null
  const query = name === 'polars' ? job.polars(files) : job.sql(files)
  const order: Order = { files, root, threads, out, query, keys: job.answer.keys, config: job.config(root) }
  if (name === 'polars') return measured(...polarsCommand(order))
  return measured(process.execPath, [join(import.meta.dirname, `${name}-process.js`), JSON.stringify(order)])
}

function resultOf(runs: Measured[], rounds: number): Omit<Result, 'bytes'> {
  const quietest = [...runs].sort((a, b) => a.others - b.others).slice(0, rounds)
  const median = (of: (run: Measured) => number) => {
    const values = quietest.map(of).sort((a, b) => a - b)
    return values[values.length >> 1]
  }
  const [{ version, rows, firstRows }] = quietest
  return {
    version,
    rows,
    seconds: median(each => each.seconds),
    wall: median(each => each.wall),
    cpu: median(each => each.cpu),
    peak: median(each => each.peak),
    firstRows: firstRows === null ? null : median(each => each.firstRows ?? 0),
    others: Math.max(...quietest.map(({ others }) => others)),
  }
}
