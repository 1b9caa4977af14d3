import { type RecordBatch, schemaOf, selected, type WrittenFile } from '../core/index.js'
import type { EncodeGroup } from '../io/index.js'
import type { DateRows } from './date-order.js'
import type { PassReport } from './events.js'
import { openPass, type PassRun, shownSpecs } from './pass.js'
import type { ResultWriter } from './results.js'
import { type Publication, TargetFiles } from './target-files.js'

/**
 * Runs a pass, writes it to its targets, a file a batch of dates, and leaves its rows to later passes that read them. A
 * file appears whole when its last date is done; a date whose unit failed is left out; when the run ends early, files
 * that were not finished leave nothing behind.
 */
export async function publishPass(
  run: PassRun,
  publication: Publication,
  result?: ResultWriter,
): Promise<{ report: PassReport; files: WrittenFile[] }> {
  const written: WrittenFile[] = []
  const onWritten = (file: WrittenFile) => {
    written.push(file)
    run.onEvent?.({ kind: 'written', pass: run.plan.name, file })
  }
  const pass = await openPass(run)
  const targets = targetsOf(run, publication, pass.encode, onWritten)
  // Parquet cuts rows into row groups of its own; of the other formats, one keeps batches.
  const cut = publication.targets.some(({ type }) => type !== 'parquet')
  const rows = pass.rows({ byDate: true, cut })
  try {
    let next = await rows.next()
    while (!next.done) {
      result?.take(next.value)
      const visible = shown(next.value, run)
      for (const files of targets) await files.take(visible)
      next = await rows.next()
    }
    for (const files of targets) {
      // A run without rows still answers: an empty file with the columns.
      if (next.value.rowsOut === 0 && next.value.failed.length === 0) await files.openEmpty()
      await files.commit()
    }
    return { report: next.value, files: written }
  } catch (error) {
    for (const files of targets) await files.abort(error)
    throw error
  } finally {
    await rows.return(undefined as never) // a target that fails leaves workers at work
    await pass.close()
  }
}

function targetsOf(
  { plan, units }: PassRun,
  publication: Publication,
  encode: EncodeGroup | undefined,
  onWritten: (file: WrittenFile) => void,
): TargetFiles[] {
  const schema = schemaOf(shownSpecs(plan), publication.metadata)
  const days = new Set(units.map(({ day }) => day))
  return publication.targets.map(target => new TargetFiles(target, { ...publication, schema, days, encode }, onWritten))
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
