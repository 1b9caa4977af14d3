import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { layoutName, tradeData } from './data.js'
import type { Job, Measure } from './job.js'
import { type Line, take } from './measures.js'
import { type OwnFigures, ownFigures } from './own-figures.js'
import { HOW_TO_ENABLE, hasPolars } from './polars.js'
import { profileOf } from './profile.js'
import { checkAnswers, type Rounds } from './race.js'
import { disturbed, headings, LEGEND, machine, row, versions } from './report.js'

const USAGE = `Races Basalt against DuckDB and, where Python has it, Polars. Answers are compared before any time is taken.

npm run bench -- [options]
  --quick           2 M trades, few data sets, about a minute; default 20 M trades and every line
  --rows <n>        number of trades (T2: and 2.5 quotes for each), of books for T3 and T4, of order messages for T9
  --only <words>    lines that have all these words: jobs (T1 T1x40 T2 T3 T4 T5 T6 T7 T8 T9), layouts (listing time random 122k 1M
                    snappy zstd delta), measures (warm cold growth first cost); as --only "T1 time warm"
  --rounds <n>      rounds that count, default 3 (--quick: 1); disturbed ones are repeated, but not with --quick
  --threads <n>     threads of every contestant, default 2
  --seed <n>        seed of the data, default 42
  --profile         shows where Basalt's time goes, instead of racing
  --help

Data sets are made by DuckDB once, at lowest priority, and kept in bench/.cache: 20 M trades of all layouts are 10 GB.
Python with Polars: ${HOW_TO_ENABLE}`

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    rows: { type: 'string' },
    only: { type: 'string', default: '' },
    rounds: { type: 'string' },
    threads: { type: 'string', default: '2' },
    seed: { type: 'string', default: '42' },
    profile: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const RESULTS = join(import.meta.dirname, '../../bench/results')
const rows = Number(flags.rows ?? (flags.quick ? 2e6 : 20e6))
const counted = Number(flags.rounds ?? (flags.quick ? 1 : 3))
const rounds: Rounds = {
  counted,
  most: flags.quick ? counted : 2 * counted,
  repetitions: 3,
  threads: Number(flags.threads),
}

async function main(): Promise<void> {
  if (flags.help) return console.log(USAGE)
  const lines: (Line & { job: string; data: string })[] = []
  console.log(
    `${rows.toLocaleString('en')} trades, ${rounds.threads} threads each${flags.profile ? '' : `\n\n${headings()}`}`,
  )
  const all = await jobs()
  for (const job of all.filter(each => 'races' in each)) {
    for (const { layout, measures } of racesOf(job)) {
      const data = tradeData({
        ...(job.table && { table: job.table }),
        rows,
        seed: Number(flags.seed),
        days: 1,
        ...layout,
      })
      const label = `${job.name} ${layoutName(layout)}`
      if (flags.profile) {
        console.log(`\n${label}\n${profileOf(job, data, rounds.threads)}`)
        continue
      }
      const wrong = await checkAnswers(job, data, rounds)
      if (wrong.length > 0) {
        console.log(`${label}: no time is shown, because answers differ\n  ${wrong.join('\n  ')}`)
        process.exitCode = 1
        continue
      }
      for (const measure of measures) {
        for (const line of await take[measure](job, data, rounds)) {
          console.log(row(label, line))
          lines.push({ job: job.name, data: layoutName(layout), ...line })
        }
      }
    }
  }
  for (const job of all.filter(each => 'sets' in each)) {
    for (const { listings } of job.sets.filter(({ quick }) => quick || !flags.quick)) {
      const data = `${listings} listings`
      if (flags.profile || !isWanted(`${job.name} ${data} replay warm`)) continue
      for (const line of await ownFigures(job, { rows, seed: Number(flags.seed), listings }, rounds)) {
        console.log(row(`${job.name} ${data}`, line))
        lines.push({ job: job.name, data, ...line })
      }
    }
  }
  if (lines.length > 0) conclude(lines)
}

const wantedWords = flags.only.toLowerCase().split(/\s+/).filter(Boolean)

/** Tells whether a line has all words of --only. */
function isWanted(line: string): boolean {
  const words = line.toLowerCase().split(' ')
  return wantedWords.every(word => words.includes(word))
}

/** Returns a job's data sets with the measures that the flags ask for. */
function racesOf({ name, races }: Job): { layout: Job['races'][number]['layout']; measures: Measure[] }[] {
  return races
    .map(({ layout, measures, quick }) => {
      const words = `${name} ${layoutName(layout)}`.toLowerCase().split(' ')
      const fits = (measure: Measure) => wantedWords.every(word => words.includes(word) || word === measure)
      return { layout, measures: (flags.quick ? (quick ?? []) : measures).filter(fits) }
    })
    .filter(({ measures }) => measures.length > 0)
}

function conclude(lines: Line[]): void {
  const facts = machine()
  console.log(`\n${LEGEND}\n\n${versions(lines)}`)
  console.log(`${facts.cpu}, ${facts.cores} cores, ${facts.memory}, ${facts.platform}, load ${facts.load.join(' ')}`)
  if (!hasPolars()) console.log(`Polars was left out; to race it: ${HOW_TO_ENABLE}`)
  const noisy = lines.filter(disturbed).length
  if (noisy > 0) console.log(`Other work disturbed ${noisy} of ${lines.length} lines: trust their CPU seconds more.`)
  mkdirSync(RESULTS, { recursive: true })
  const file = join(RESULTS, `${flags.only ? 'some' : flags.quick ? 'quick' : 'all'}-${rows / 1e6}m.json`)
  writeFileSync(file, `${JSON.stringify({ rows, machine: facts, rounds, lines }, null, 2)}\n`)
  console.log(`written to ${file}`)
}

/** Loads every job: a file of this folder named *.bench.js that exports it. Those without rivals have sets of their own. */
async function jobs(): Promise<(Job | OwnFigures)[]> {
  const files = readdirSync(import.meta.dirname).filter(name => name.endsWith('.bench.js'))
  const modules: Record<string, Job | OwnFigures>[] = await Promise.all(files.map(name => import(`./${name}`)))
  return modules.flatMap(module => Object.values(module))
}

await main()
