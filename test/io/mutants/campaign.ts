import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Random } from '../../../operators/simulation/random.js'
import { differenceKnown } from './differences.js'
import { mutantOf } from './mutate.js'
import { wasRead } from './outcome.js'
import type { Seed } from './seeds.js'
import { columnsRead, differenceText, judge, type Verdict } from './verdict.js'
import { type Ending, Watched } from './watched.js'

/** Which mutants to try, and with what. */
export interface Campaign {
  seeds: readonly Seed[]
  seed: number
  from: number
  count: number
  /** Module that exports the `read` under test. */
  basalt: string
  duckdb: string
  limitMs: number
  /** Folder for failing mutants; none are kept without. */
  keep?: string
  progress?: (done: number, tally: Tally) => void
}

/** Counts of a campaign; of mutants, but for columns read by both and agreed. */
export interface Tally {
  total: number
  footer: number
  decoded: number
  readBoth: number
  agreed: number
  refusedByBasalt: number
  refusedByDuckdb: number
  duckdbFailed: number
  restarts: number // of Basalt's process, for hangs and crashes
  slowestMs: number
  greedy: string[] // mutants that took more memory than they may
  known: Map<string, number>
  failures: Failure[]
}

export interface Failure {
  mutant: string // how to make it again
  finding: string
}

const AT_ONCE = 24
const MAX_GROWTH = 64 * 2 ** 20 // bytes beyond the file's own size

/** Tries mutants [from, from + count): every seed file in turn, each time with another mutation. */
export async function campaign(options: Campaign): Promise<Tally> {
  const { from, count, seeds, keep } = options
  const folder = mkdtempSync(join(tmpdir(), 'mutants-'))
  const basalt = new Watched(options.basalt, options.limitMs)
  const duckdb = new Watched(options.duckdb, options.limitMs * 5)
  const tally = emptyTally()
  let next = from
  const lane = async (slot: number) => {
    const path = join(folder, `${slot}.parquet`)
    while (next < from + count) {
      const n = next++
      const seed = seeds[n % seeds.length]
      const mutation = new Random(options.seed, n).bits()
      const mutant = `--file ${seed.number} --mutation ${mutation}`
      const bytes = mutantOf(seed, seeds, mutation)
      writeFileSync(path, bytes)
      const ours = await basalt.ask({ path })
      const theirs = await duckdb.ask({ path, wanted: columnsRead(ours) })
      const verdict = judge(ours, theirs)
      if (tooMuch(ours, bytes.length) && (await isGreedy(options, path, bytes.length))) tally.greedy.push(mutant)
      for (const position of verdict.unequal) {
        const found = await differenceAt(basalt, duckdb, path, position, bytes)
        if (found.known) tally.known.set(found.known, (tally.known.get(found.known) ?? 0) + 1)
        else verdict.findings.push(found.text)
      }
      addTo(tally, verdict, ours)
      for (const finding of verdict.findings) tally.failures.push({ mutant, finding })
      if (keep && verdict.findings.length > 0) keepMutant(keep, mutant, seed.name, bytes, verdict.findings)
      options.progress?.(tally.total, tally)
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, count) }, (_, slot) => lane(slot)))
  basalt.stop()
  duckdb.stop()
  rmSync(folder, { recursive: true, force: true })
  tally.restarts = basalt.restarts
  return tally
}

/** Has a column read again by both, in detail, and says whether the difference is one with a reason. */
async function differenceAt(basalt: Watched, duckdb: Watched, path: string, position: number, file: Uint8Array) {
  const question = { path, wanted: [position], detail: true }
  const [ours, theirs] = [await basalt.ask(question), await duckdb.ask(question)].map(ending =>
    ending.kind === 'answered' ? ending.answer.outcome?.columns[position] : undefined,
  )
  const where = `column ${position}`
  if (!wasRead(ours) || !wasRead(theirs)) return { text: `${where} is read once and not again` }
  const known = differenceKnown({ file, position, basalt: ours, duckdb: theirs })
  return { known, text: `${where}: ${differenceText(ours, theirs)}` }
}

function emptyTally(): Tally {
  const counts = { total: 0, footer: 0, decoded: 0, readBoth: 0, agreed: 0, refusedByBasalt: 0, refusedByDuckdb: 0 }
  return { ...counts, duckdbFailed: 0, restarts: 0, slowestMs: 0, greedy: [], known: new Map(), failures: [] }
}

const tooMuch = (ending: Ending, size: number) => ending.kind === 'answered' && ending.answer.grown > MAX_GROWTH + size

/** Tells whether a file takes too much memory in a process of its own too: elsewhere garbage of others may count. */
async function isGreedy({ basalt, limitMs }: Campaign, path: string, size: number): Promise<boolean> {
  const fresh = new Watched(basalt, limitMs)
  const ending = await fresh.ask({ path })
  fresh.stop()
  return tooMuch(ending, size)
}

function addTo(tally: Tally, verdict: Verdict, ending: Ending): void {
  tally.total++
  tally.footer += Number(verdict.footer)
  tally.decoded += Number(verdict.decoded)
  tally.readBoth += verdict.readBoth
  tally.agreed += verdict.agreed
  tally.refusedByBasalt += Number(verdict.refusedByBasalt)
  tally.refusedByDuckdb += Number(verdict.refusedByDuckdb)
  tally.duckdbFailed += Number(verdict.duckdbFailed)
  if (ending.kind === 'answered') tally.slowestMs = Math.max(tally.slowestMs, ending.answer.ms)
}

function keepMutant(folder: string, mutant: string, name: string, bytes: Buffer, findings: string[]): void {
  mkdirSync(folder, { recursive: true })
  const base = join(folder, mutant.replaceAll('--', '').replaceAll(' ', '-'))
  writeFileSync(`${base}.parquet`, bytes)
  writeFileSync(`${base}.txt`, `${[...findings, '', `of ${name}`, `npm run mutants -- ${mutant}`].join('\n')}\n`)
}

/** Prints the counts of a campaign, a line each. */
export function reportOf(tally: Tally): string[] {
  const share = (count: number) => `${count} (${((100 * count) / tally.total).toFixed(1)} %)`
  return [
    `mutants: ${tally.total}, slowest ${Math.round(tally.slowestMs)} ms, restarts of the reader ${tally.restarts}`,
    `passed the footer: ${share(tally.footer)}`,
    `reached page decode: ${share(tally.decoded)}`,
    `columns read by both: ${tally.readBoth}, agreed: ${tally.agreed}`,
    `refused, the file or a column: by Basalt ${share(tally.refusedByBasalt)}, by DuckDB ${share(tally.refusedByDuckdb)}`,
    `failures of DuckDB itself: ${tally.duckdbFailed}`,
    `beyond 64 MiB of memory: ${tally.greedy.length}${tally.greedy.length > 0 ? ` (${tally.greedy.slice(0, 5).join('; ')})` : ''}`,
    ...[...tally.known].map(([name, count]) => `known difference, ${name}: ${count}`),
    `failures: ${tally.failures.length}`,
  ]
}
