import type { Answer } from './child.js'
import { type ColumnRead, type Outcome, type Refusal, wasRead } from './outcome.js'
import type { Ending } from './watched.js'

/** What one mutant showed. */
export interface Verdict {
  /** What is wrong with Basalt; none when the mutant passed. */
  findings: string[]
  /** Positions of columns that both read, unlike each other. */
  unequal: number[]
  footer: boolean // Basalt read the footer
  decoded: boolean // Basalt came to decode a page
  readBoth: number // columns that both read
  agreed: number // of these, with the same values
  refusedByBasalt: boolean // the file or a column of it
  refusedByDuckdb: boolean
  duckdbFailed: boolean // crashed, hung or invalidated itself: no verdict of its own
}

/** Faults that a damaged file may end in. */
const OWED = ['data', 'limit']
const DECODING = /cannot be decoded|, row \d/

/** Judges one mutant by what both readers made of it. */
export function judge(basalt: Ending, duckdb: Ending): Verdict {
  const theirs = duckdb.kind === 'answered' ? duckdb.answer.outcome : undefined
  const verdict: Verdict = {
    findings: [],
    unequal: [],
    footer: false,
    decoded: false,
    readBoth: 0,
    agreed: 0,
    refusedByBasalt: false,
    refusedByDuckdb: theirs !== undefined && refusalsOf(theirs).length > 0,
    duckdbFailed: theirs === undefined || theirs.fatal === true,
  }
  if (basalt.kind !== 'answered') {
    verdict.findings.push(`${basalt.kind}: ${basalt.text}`)
    return verdict
  }
  const ours = outcomeOf(basalt.answer, verdict)
  if (!ours) return verdict
  const refusals = refusalsOf(ours)
  verdict.footer = !ours.refusal
  verdict.refusedByBasalt = refusals.length > 0
  verdict.decoded =
    ours.columns.some(column => wasRead(column) && column.rows > 0) ||
    refusals.some(({ refused }) => DECODING.test(refused))
  for (const { refused, fault, named } of refusals) {
    if (!OWED.includes(fault!)) verdict.findings.push(`a fault of '${fault}': ${refused}`)
    else if (!named) verdict.findings.push(`the message does not name the file: ${refused}`)
  }
  if (theirs) compare(ours, theirs, verdict)
  return verdict
}

function outcomeOf({ outcome, thrown }: Answer, verdict: Verdict): Outcome | undefined {
  if (!outcome) verdict.findings.push(`the reader itself threw: ${thrown}`)
  return outcome
}

function refusalsOf({ refusal, columns }: Outcome): Refusal[] {
  return [
    ...(refusal ? [refusal] : []),
    ...columns.filter((column): column is Refusal => column !== null && !wasRead(column)),
  ]
}

function compare(ours: Outcome, theirs: Outcome, verdict: Verdict): void {
  for (const [i, mine] of ours.columns.entries()) {
    const other = theirs.columns[i]
    if (!wasRead(mine) || !wasRead(other) || other.tag === 'other') continue
    verdict.readBoth++
    if (mine.tag === other.tag && mine.hash === other.hash) verdict.agreed++
    else verdict.unequal.push(i)
  }
}

/** Says how two readings of a column differ: kinds, numbers of rows, or the first row that is another. */
export function differenceText(basalt: ColumnRead, duckdb: ColumnRead): string {
  const [a, b] = [basalt, duckdb].map(({ tag, rows }) => `${rows} rows of ${tag}`)
  const row = basalt.values!.findIndex((value, i) => value !== duckdb.values![i])
  return `Basalt reads ${a}, DuckDB ${b}; row ${row}: ${basalt.values![row]}, ${duckdb.values![row]}`
}

/** Returns the positions of the columns that a reader read. */
export function columnsRead(ending: Ending): number[] {
  const columns = (ending.kind === 'answered' && ending.answer.outcome?.columns) || []
  return [...columns.keys()].filter(i => wasRead(columns[i]))
}
