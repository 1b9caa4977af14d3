import { schemaOf, type WrittenFile } from '../core/index.js'
import type { PassReport } from './events.js'
import { openPass, outputSpecs, type PassRun } from './pass.js'
import { type Publication, TargetFiles } from './target-files.js'

/**
 * Runs a pass and writes it to its targets, a file a batch of dates. A file appears whole when its last date is done; a
 * date whose unit failed is left out; when the run ends early, files that were not finished leave nothing behind.
 */
export async function publishPass(
  run: PassRun,
  publication: Publication,
): Promise<{ report: PassReport; files: WrittenFile[] }> {
  const written: WrittenFile[] = []
  const onWritten = (file: WrittenFile) => {
    written.push(file)
    run.onEvent?.({ kind: 'written', pass: run.plan.name, file })
  }
  const schema = schemaOf(outputSpecs(run.plan), publication.metadata)
  const days = new Set(run.units.map(({ day }) => day))
  const pass = await openPass(run)
  const files = { ...publication, schema, days, encode: pass.encode }
  const targets = publication.targets.map(target => new TargetFiles(target, files, onWritten))
  // Parquet cuts rows into row groups of its own; of the other formats, one keeps batches.
  const cut = publication.targets.some(({ type }) => type !== 'parquet')
  const rows = pass.rows({ byDate: true, cut })
  try {
    let next = await rows.next()
    while (!next.done) {
      for (const files of targets) await files.take(next.value)
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
