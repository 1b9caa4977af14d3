import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { campaign, reportOf } from './campaign.js'
import { mutantOf } from './mutate.js'
import { type Outcome, wasRead } from './outcome.js'
import { OWN_SEEDS, type Seed, seedsIn } from './seeds.js'
import { differenceText } from './verdict.js'

const HELP = `Tries mutants of Parquet files with Basalt and DuckDB.

  npm run mutants -- --count 1000000 --seed 7             a long run; failing mutants go to mutants-found/
  npm run mutants -- --count 500000 --from 500000 --seed 7   the second half of it
  npm run mutants -- --file 12 --mutation 3405691582      one mutant, with what both readers make of it

  --own   leaves out the seeds of the shared data: numbers n then mean the same mutants everywhere`

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    keep: { type: 'string', default: 'mutants-found' },
    file: { type: 'string' },
    mutation: { type: 'string' },
    own: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const basalt = join(import.meta.dirname, 'basalt-reader.js')
const duckdb = join(import.meta.dirname, 'duckdb-reader.js')

if (values.help) console.log(HELP)
else {
  const folder = mkdtempSync(join(tmpdir(), 'mutant-seeds-'))
  const seeds = await seedsIn(folder)
  rmSync(folder, { recursive: true, force: true })
  if (values.file !== undefined) await showOne(seeds, Number(values.file), Number(values.mutation ?? 0))
  else await run(values.own ? seeds.slice(0, OWN_SEEDS) : seeds)
}

async function run(seeds: Seed[]): Promise<void> {
  const [count, seed, from] = [Number(values.count), Number(values.seed), Number(values.from)]
  const start = performance.now()
  const rate = (done: number) => `${Math.round((1000 * done) / (performance.now() - start))} a second`
  const progress = (done: number, { failures }: { failures: unknown[] }) => {
    if (done % 10_000 === 0) console.log(`${done} of ${count}, ${rate(done)}, ${failures.length} failures`)
  }
  const tally = await campaign({ seeds, seed, from, count, basalt, duckdb, limitMs: 2000, keep: values.keep, progress })
  for (const { mutant, finding } of tally.failures.slice(0, 100)) console.log(`${mutant}: ${finding}`)
  for (const line of reportOf(tally)) console.log(line)
  console.log(`${rate(tally.total)}; go on with --from ${from + count}`)
  process.exitCode = tally.failures.length > 0 ? 1 : 0
}

/** Keeps one mutant and prints what both readers make of it, with the first unequal row. */
async function showOne(seeds: Seed[], number: number, mutation: number): Promise<void> {
  const seed = seeds[number]
  if (!seed) throw new Error(`there are ${seeds.length} seed files here`)
  mkdirSync(values.keep, { recursive: true })
  const path = join(values.keep, `file-${number}-mutation-${mutation}.parquet`)
  writeFileSync(path, mutantOf(seed, seeds, mutation))
  console.log(`${path}, of ${seed.name}`)
  const outcomes: Outcome[] = []
  for (const module of [basalt, duckdb]) {
    const { read } = await import(module)
    outcomes.push(await read(path, undefined, true))
  }
  const [ours, theirs] = outcomes
  console.log(`file: Basalt ${ours.refusal?.refused ?? 'reads it'} | DuckDB ${theirs.refusal?.refused ?? 'reads it'}`)
  const width = Math.max(ours.columns.length, theirs.columns.length)
  for (let i = 0; i < width; i++)
    console.log(`column ${i} ${ours.names[i] ?? theirs.names[i]}: ${columnText(ours, theirs, i)}`)
}

function columnText(ours: Outcome, theirs: Outcome, i: number): string {
  const [mine, other] = [ours.columns[i], theirs.columns[i]]
  const texts = [mine, other].map(column => {
    if (!column) return 'nothing'
    return wasRead(column) ? `${column.rows} rows of ${column.tag}` : column.refused
  })
  if (!wasRead(mine) || !wasRead(other)) return texts.join(' | ')
  return mine.hash === other.hash ? `${texts.join(' | ')}, equal` : differenceText(mine, other)
}
