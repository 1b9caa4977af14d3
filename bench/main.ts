import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { checkAnswers, contestants, type Race, race } from './compare.js'
import { tradeData } from './data.js'
import type { Ending, Job } from './job.js'
import { HOW_TO_ENABLE } from './polars.js'
import { profileOf } from './profile.js'
import { disturbed, machine, tableOf } from './report.js'

const USAGE = `Races Basalt against DuckDB and, where Python has it, Polars.

npm run bench -- [options]
  --quick           2 M trades, one data set: about a minute; default 20 M and every data set
  --rows <n>        number of trades
  --order <order>   listing or time; default both, with --quick listing
  --rounds <n>      rounds that count, default 3; disturbed ones are repeated, but not with --quick
  --threads <n>     threads of every contestant, default 2
  --seed <n>        seed of the data, default 42
  --profile         shows where Basalt's time goes, instead of racing
  --help`

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    rows: { type: 'string' },
    order: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    threads: { type: 'string', default: '2' },
    seed: { type: 'string', default: '42' },
    profile: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const RESULTS = join(import.meta.dirname, '../../bench/results')
const ENDINGS: Record<Ending, string> = {
  memory: 'rows held in memory; Basalt orders them by listing and time, the others need not',
  file: 'rows ordered by listing and time in one Parquet file, snappy',
}

async function main(): Promise<void> {
  if (flags.help) return console.log(USAGE)
  const rows = Number(flags.rows ?? (flags.quick ? 2e6 : 20e6))
  const threads = Number(flags.threads)
  for (const job of await jobs()) {
    const variants = job.variants.filter(({ order }, i) =>
      flags.order ? order === flags.order : !flags.quick || i === 0,
    )
    const results: object[] = []
    for (const variant of variants) {
      const data = await tradeData({ rows, seed: Number(flags.seed), ...variant }, console.log)
      const { order, codec, digest, bytes } = data
      const title = `${rows.toLocaleString('en')} trades by ${order}, ${codec}, ${(bytes / 1e6).toFixed(0)} MB (rows ${digest})`
      console.log(`\n${job.title}\n${title}, ${threads} threads each`)
      if (flags.profile) {
        console.log(profileOf(job, data, threads))
        continue
      }
      await checkAnswers(job, data, threads)
      const counted = Number(flags.rounds)
      for (const ending of Object.keys(ENDINGS) as Ending[]) {
        const raced = await race(job, data, ending, { counted, most: flags.quick ? counted : 2 * counted }, threads)
        console.log(`\n${ENDINGS[ending]}\n${tableOf(raced)}`)
        if (disturbed(raced))
          console.log('Other work disturbed these runs: seconds say little, ratios of CPU seconds more.')
        results.push(resultOf(title, raced))
      }
    }
    if (!flags.profile) save(job, rows, results)
  }
}

function resultOf(data: string, { ending, contestants }: Race): object {
  return { data, ending, contestants }
}

function save(job: Job, rows: number, results: object[]): void {
  const facts = machine()
  console.log(`\n${facts.cpu}, ${facts.cores} cores, ${facts.memory}, ${facts.platform}, load ${facts.load.join(' ')}`)
  console.log(
    `job: library loaded to last row; wall, CPU and peak: the whole process; others: CPU taken by other processes`,
  )
  if (!contestants().includes('polars')) console.log(`Polars was left out; to race it: ${HOW_TO_ENABLE}`)
  mkdirSync(RESULTS, { recursive: true })
  const file = join(RESULTS, `${job.name}-${rows / 1e6}m.json`)
  writeFileSync(file, `${JSON.stringify({ job: job.title, machine: facts, results }, null, 2)}\n`)
  console.log(`written to ${file}`)
}

/** Loads every job: a file of this folder named *.bench.js that exports it. */
async function jobs(): Promise<Job[]> {
  const files = readdirSync(import.meta.dirname).filter(name => name.endsWith('.bench.js'))
  const modules: Record<string, Job>[] = await Promise.all(files.map(name => import(`./${name}`)))
  return modules.flatMap(module => Object.values(module))
}

await main()
