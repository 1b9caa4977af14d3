import { batchOfFrame, type ColumnSpec, type RecordBatch, schemaOf, selected, type WrittenFile } from '../core/index.js'
import { Cutter } from './cut.js'
import type { DateRows } from './date-order.js'
import { FactsByDay, withStoredFacts } from './day-facts.js'
import type { PassReport } from './events.js'
import { openPass, type PassRun, shownSpecs } from './pass.js'
import { letGo, type Result, type ResultPart } from './results.js'
import type { StoredDays } from './stored-days.js'
import { type Publication, TargetFiles } from './target-files.js'

/** What is left of a pass besides its files. */
export interface Leaving {
  /** Where its rows wait for their files and for later passes. */
  result: Result
  /** Columns that later passes read; null where none does. */
  kept: readonly ColumnSpec[] | null
  /** Names the file that keeps a date for a run that goes on from this one; undefined where there need be none. */
  checkpoint: (day: number | null) => string | undefined
  /** Dates that an earlier run has left. */
  stored: StoredDays
}

/**
 * Runs a pass, writes it to its targets, a file a batch of dates, and leaves its rows to later passes that read them. A
 * file appears whole when its last date is done; a date whose unit failed is left out; when the run ends early, files
 * that were not finished leave nothing behind.
 */
export async function publishPass(
  run: PassRun,
  publication: Publication,
  leaving: Leaving,
): Promise<{ report: PassReport; files: WrittenFile[] }> {
  const written: WrittenFile[] = []
  const onWritten: Publication['onWritten'] = async (file, target) => {
    written.push(file)
    run.onEvent?.({ kind: 'written', pass: run.plan.name, file })
    await publication.onWritten(file, target)
  }
  const facts = new FactsByDay()
  const pass = await openPass({ ...run, onEvent: facts.watching(run.onEvent), stored: leaving.stored })
  const schema = schemaOf(shownSpecs(run.plan), publication.metadata)
  const days = new Set([...run.units.map(({ day }) => day), ...leaving.stored.keys()])
  const targets = publication.targets.map(
    target => new TargetFiles(target, { ...publication, onWritten, schema, days, encode: pass.encode }),
  )
  // Rows go straight to files that each hold one date. Otherwise they wait for the end of the date: one that fails must
  // not be in the file of others, and of one that later passes read, all or nothing is left.
  const direct = !leaving.kept && leaving.stored.size === 0 && targets.every(files => files.oneDateEach)
  const cut = targets.some(files => !files.cuts)
  const rows = pass.rows({ byDate: true, cut: cut && direct })
  try {
    let next = await rows.next()
    while (!next.done) {
      if (direct) await writeRows(next.value, targets, run)
      else await leaveRows(next.value, { targets, run, leaving, facts })
      next = await rows.next()
    }
    const report = withStoredFacts(next.value, leaving.stored)
    for (const files of targets) {
      // A run without rows still answers: an empty file with the columns.
      if (report.rowsOut === 0 && report.failed.length === 0 && publication.standing.size === 0) await files.openEmpty()
      await files.commit()
    }
    return { report, files: written }
  } catch (error) {
    for (const files of targets) await files.abort(error)
    throw error
  } finally {
    await rows.return(undefined as never) // a target that fails leaves workers at work
    await pass.close()
  }
}

/** Writes rows as they come; a date that fails takes its file along. */
async function writeRows(rows: DateRows, targets: readonly TargetFiles[], run: PassRun): Promise<void> {
  for (const files of targets) {
    if ('batch' in rows) await files.write(rows.day, shown(rows, run).batch)
    else if (rows.end === 'failed') await files.drop(rows.day, rows)
  }
}

/** Where rows wait for the end of their date, and who is given them then. */
interface Waiting {
  targets: readonly TargetFiles[]
  run: PassRun
  leaving: Leaving
  facts: FactsByDay
}

async function leaveRows(rows: DateRows, { targets, run, leaving, facts }: Waiting): Promise<void> {
  const { result, kept, checkpoint, stored } = leaving
  const { day } = rows
  if ('batch' in rows) {
    if (!rows.stored) result.take(rows.batch, checkpoint(day))
    return
  }
  if (rows.end === 'failed') return result.drop()
  const earlier = stored.get(day)
  const part = earlier ? result.resume(earlier.file) : result.complete(facts.of(day), checkpoint(day))
  for (const files of targets) await writePart(day, part, files, run)
  if (kept) part.narrow(kept.map(({ name }) => name))
  else part.close()
}

/** Writes a complete date, cut as a stream of its rows is. */
async function writePart(day: number | null, part: ResultPart, files: TargetFiles, { plan }: PassRun): Promise<void> {
  if (files.stands(day)) return
  const specs = shownSpecs(plan)
  const names = specs.map(({ name }) => name)
  const cutter = files.cuts ? null : new Cutter(schemaOf(specs), specs)
  for (const block of part.blocks()) {
    const frame = block.frame(names)
    const batch = batchOfFrame(frame, specs)
    for (const piece of cutter?.push(batch) ?? [batch]) await files.write(day, piece)
    if (!cutter) letGo(block, frame)
  }
  for (const batch of cutter?.end() ?? []) await files.write(day, batch)
}

/** Leaves out the columns that are kept for later passes alone. */
export function shown<T extends DateRows | { batch: RecordBatch }>(rows: T, { plan }: Pick<PassRun, 'plan'>): T {
  if (!('batch' in rows) || plan.stateColumns.length === 0) return rows
  return {
    ...rows,
    batch: selected(
      rows.batch,
      plan.columns.map(({ name }) => name),
    ),
  }
}
