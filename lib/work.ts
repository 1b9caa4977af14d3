import type { ColumnSpec, Unit } from './core/index.js'
import { outputSpecs } from './exec/pass.js'
import type { DayFacts, StoredDay } from './exec/stored-days.js'
import { type Fingerprints, fingerprintOfPass } from './fingerprints.js'
import type { SpillFile } from './io/index.js'
import { targetPlace } from './plan/index.js'
import { isRaw, type Prepared, type PreparedLater, type PreparedPass } from './prepare.js'
import { fingerprintOfFiles, type Outputs, outputsOf, type PromisedFile, promisedFiles } from './publication.js'
import { fingerprintOf, type Journal, type Marker, type PassNotes } from './runs/index.js'
import { columnsRead, type Pass, sourcesOf } from './sequence.js'

/** What has to be done of a pass: all of it, the dates that are missing, or nothing. */
export interface Work {
  pass: Pass
  outputs: Outputs
  /** Columns that later passes of this run read; null where none does. */
  kept: ColumnSpec[] | null
  /** Columns that wait for files and later passes, where rows have to wait. */
  columns: string[]
  /** Neither its files nor its rows are missing. */
  nothing: boolean
  /** Units to compute. */
  units: Unit[]
  /** Dates that an earlier run has computed. */
  stored: Map<number | null, StoredDay>
  /** Of a later pass, the rows that an earlier run has left for those behind it. */
  left: SpillFile | undefined
  /** Files that are there, made of the same. */
  standing: Map<string, Marker>
  /** Checks of them that failed and only warn. */
  checks: string[]
  promised: PromisedFile[]
  /** Names what is kept of a date, or of a later pass, for a run that goes on; undefined where none is. */
  checkpoint: (day: number | null) => string | undefined
}

/** What there is to go by. */
export interface Standing {
  prints: Fingerprints
  journal: Journal
  notes: PassNotes
  /** Nothing that is there counts. */
  fresh: boolean
}

/** Finds what has to be done of the passes of a sequence, of which the chosen ones are written. */
export async function workOf(
  prepared: Prepared,
  sequence: readonly Pass[],
  chosen: readonly Pass[],
  standing: Standing,
): Promise<Map<Pass, Work>> {
  const works = new Map<Pass, Work>()
  const read = new Set<string>() // what passes that are computed read
  for (const [i, pass] of [...sequence.entries()].reverse()) {
    const written = chosen.includes(pass)
    const outputs = outputsOf(prepared, pass, standing.prints)
    if (!written) outputs.targets = []
    const kept = columnsRead(pass, sequence.slice(i + 1))
    const asked = {
      written,
      kept,
      read: read.has(pass.plan.name),
      ahead: sequence.slice(i + 1).filter(each => !isRaw(each)),
    }
    const work = isRaw(pass)
      ? await workOfRaw(pass, outputs, asked, standing)
      : await workOfLater(pass, outputs, asked, standing)
    works.set(pass, work)
    if (!work.nothing && !work.left) for (const name of sourcesOf(pass)) read.add(name)
  }
  return works
}

/** What a run asks of a pass. */
interface Asked {
  written: boolean
  kept: ColumnSpec[] | null
  read: boolean
  /** Later passes behind it. */
  ahead: readonly Pass[]
}

/**
 * Tells whether what a pass computes is worth keeping until its files are there: a run that goes on may compute a unit a
 * worker again, and no more.
 */
const isWorthKeeping = (units: number, { ahead }: Asked): boolean => units + ahead.length > 2

async function workOfRaw(
  pass: PreparedPass,
  outputs: Outputs,
  asked: Asked,
  { prints, journal, notes, fresh }: Standing,
): Promise<Work> {
  const units = prints.units.get(pass.plan.name) as ReadonlyMap<number | null, string>
  const promised = promisedFiles(outputs, units)
  const standing = new Map<string, Marker>()
  for (const { folder, path, fingerprint } of fresh ? [] : promised) {
    const marker = await journal.standing(folder, path, fingerprint)
    if (marker) standing.set(path, marker)
  }
  const missing = promised.filter(({ path }) => !standing.has(path)).flatMap(({ days }) => days)
  const nothing = !asked.read && (asked.written ? promised.length > 0 && missing.length === 0 : true)
  // Checks are of the whole pass.
  const all = asked.read || (pass.checks !== null && missing.length > 0) || promised.length === 0
  const wanted = nothing ? [] : pass.units.filter(({ day }) => all || missing.includes(day))
  const columns = columnsKept(pass, asked)
  const keeps = isWorthKeeping(pass.units.length, asked)
  const nameOf = (day: number | null) => fingerprintOf([units.get(day), columns])
  if (keeps) for (const day of units.keys()) journal.checkpoint(nameOf(day)) // what interrupted runs left goes, too
  const stored = new Map<number | null, StoredDay>()
  for (const { day } of keeps && !fresh ? wanted : []) {
    const found = journal.stored(nameOf(day))
    if (found) stored.set(day, { file: found.file, facts: found.facts as DayFacts })
  }
  return {
    pass,
    outputs,
    kept: asked.read ? asked.kept : null,
    columns,
    nothing,
    units: wanted.filter(({ day }) => !stored.has(day)),
    stored,
    left: undefined,
    standing,
    checks:
      nothing && asked.written
        ? ((await notes.get(noteOf(outputs), fingerprintOfFiles(pass, prints, outputs)))?.checks ?? [])
        : [],
    promised,
    checkpoint: day => (keeps ? journal.checkpoint(nameOf(day)) : undefined),
  }
}

async function workOfLater(
  pass: PreparedLater,
  outputs: Outputs,
  asked: Asked,
  { prints, journal, notes, fresh }: Standing,
): Promise<Work> {
  const print = fingerprintOfFiles(pass, prints, outputs)
  const standing = new Map<string, Marker>()
  const note = fresh || !asked.written ? undefined : await notes.get(noteOf(outputs), print)
  const folders = new Set(outputs.targets.map(target => targetPlace(target, outputs).folder))
  for (const path of note?.paths ?? []) {
    for (const folder of folders) {
      const marker = await journal.standing(folder, path, print)
      if (marker) standing.set(path, marker)
    }
  }
  const whole = !asked.written || (note?.paths.every(path => standing.has(path)) ?? false)
  const keeps = asked.kept !== null && isWorthKeeping(1, asked)
  const name = fingerprintOf([fingerprintOfPass(pass, prints), asked.kept?.map(column => column.name)])
  const checkpoint = keeps ? journal.checkpoint(name) : undefined
  const left = whole && asked.read && keeps && !fresh ? journal.stored(name)?.file : undefined
  return {
    pass,
    outputs: whole ? { ...outputs, targets: [] } : outputs,
    kept: asked.read ? asked.kept : null,
    columns: [],
    nothing: whole && !asked.read,
    units: [],
    stored: new Map(),
    left,
    standing,
    checks: note?.checks ?? [],
    promised: [],
    checkpoint: () => checkpoint,
  }
}

/** Names the note of what a pass has left. */
export const noteOf = (outputs: Outputs): string =>
  `${outputs.names.pass}-${fingerprintOf(outputs.targets.map(target => targetPlace(target, outputs).pattern)).slice(0, 16)}`

/** Lists the columns of a pass that wait for its files and for later passes. */
function columnsKept({ plan }: Pass, { written, kept }: Pick<Asked, 'written' | 'kept'>): string[] {
  const read = new Set(kept?.map(({ name }) => name))
  const shown = new Set(written ? plan.columns.map(({ name }) => name) : [])
  return outputSpecs(plan).flatMap(({ name }) => (read.has(name) || shown.has(name) ? name : []))
}
