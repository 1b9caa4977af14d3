import { type ColumnSpec, plain, type RecordBatch } from './core/index.js'
import type { OnEvent, PassReport } from './exec/events.js'
import { batchesOf } from './exec/file-batches.js'
import { runPass } from './exec/pass.js'
import { publishPass, shown } from './exec/publish.js'
import { computeLater, publishLater } from './exec/publish-later.js'
import type { Results } from './exec/results.js'
import { UNPUBLISHED } from './exec/target-files.js'
import { laterRun, openResults, passRun, withoutDates } from './pass-runs.js'
import { isRaw, type Prepared, type PreparedPass } from './prepare.js'
import type { Watching } from './run.js'
import { columnsRead, noLongerRead, type Pass, sourcesOf, withSources } from './sequence.js'

/** Streams a pass, and returns what failed on the way. What it reads is run before its first row. */
export async function* streamPass(
  prepared: Prepared,
  pass: Pass,
  order: 'listing' | 'time',
  watching: Watching,
): AsyncGenerator<RecordBatch, Pick<PassReport, 'failed' | 'units'>> {
  if (isRaw(pass) && sourcesOf(pass).length === 0) return yield* streamRaw(prepared, pass, order, watching, undefined)
  const results = openResults(prepared)
  const failed: PassReport['failed'] = []
  let units = 1
  const lost = new Set<number | null>() // dates that failed
  const onEvent: OnEvent = event => {
    if (event.kind === 'failed') lost.add(event.day)
    watching.onEvent?.(event)
  }
  try {
    const sequence = withSources(prepared, [pass])
    for (const [i, source] of sequence.slice(0, -1).entries()) {
      const ahead = sequence.slice(i + 1)
      const report = await leave(prepared, source, results, columnsRead(source, ahead) ?? [], { ...watching, onEvent })
      failed.push(...report.failed)
      units += report.units
      if (prepared.config.EXECUTION.fail_fast && failed.length > 0) return { failed, units }
      for (const name of noLongerRead(source, ahead)) results.release(name)
    }
    if (isRaw(pass)) {
      const report = yield* streamRaw(prepared, withoutDates(pass, lost), order, watching, results)
      return { failed: [...failed, ...report.failed], units: units - 1 + report.units }
    }
    const run = await laterRun(prepared, pass, results, watching)
    if (sourcesOf(pass).some(name => !results.has(name))) return { failed, units } // a source failed as a whole
    const { rows, refusal } = await computeLater(run, order)
    for (const batch of batchesOf(rows, pass.plan)) yield plain(batch)
    if (refusal) throw refusal // as for other passes, whose rows leave while they are computed
    return { failed, units }
  } finally {
    results.close()
  }
}

/** Runs a pass that others read and leaves them these columns. */
async function leave(
  prepared: Prepared,
  pass: Pass,
  results: Results,
  kept: ColumnSpec[],
  watching: Watching,
): Promise<PassReport> {
  if (!isRaw(pass)) {
    const run = await laterRun(prepared, pass, results, watching)
    return (await publishLater(run, UNPUBLISHED, { kept, checkpoint: undefined })).report
  }
  const run = passRun(prepared, pass, { order: 'listing', ...watching }, results)
  const result = results.open(pass.plan.name, kept)
  const leaving = { result, kept, checkpoint: () => undefined, stored: new Map() }
  return (await publishPass(run, UNPUBLISHED, leaving)).report
}

async function* streamRaw(
  prepared: Prepared,
  pass: PreparedPass,
  order: 'listing' | 'time',
  watching: Watching,
  results: Results | undefined,
): AsyncGenerator<RecordBatch, Pick<PassReport, 'failed' | 'units'>> {
  const rows = runPass(passRun(prepared, pass, { order, ...watching }, results))
  let next = await rows.next()
  try {
    while (!next.done) {
      if ('batch' in next.value) yield plain(shown(next.value, pass).batch)
      next = await rows.next()
    }
  } finally {
    if (!next.done) await rows.return(undefined as never) // the consumer left: workers stop, files close
  }
  return next.value
}
