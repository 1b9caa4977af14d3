import { type RecordBatch, type Schema, type Sink, schemaOf, type WrittenFile } from '../core/index.js'
import { openSink, type SinkType } from '../io/index.js'
import { batchOfDay, type DateBatch, isDaily, type OutputTarget, outputPath } from '../plan/index.js'
import type { PassReport } from './events.js'
import { outputSpecs, type PassRun, runPass } from './pass.js'

export interface Publication {
  targets: readonly OutputTarget[]
  frequency: 'D' | 'W' | '2W' | 'M' | 'A' | null
  names: { datasetname: string; pass: string; universe: string }
  /** First and last date of the run, days since the epoch. */
  dates: DateBatch
  metadata: Record<string, string>
}

interface OpenFile {
  sink: Sink
  dates: DateBatch
}

/**
 * Runs a pass and writes it to its targets, a file a batch of dates. A file appears whole when its last date is done; a
 * date whose unit failed is left out; when the run ends early, files that were not finished leave nothing behind.
 */
export async function publishPass(
  run: PassRun,
  publication: Publication,
): Promise<{ report: PassReport; files: WrittenFile[] }> {
  const schema = schemaOf(outputSpecs(run.plan), publication.metadata)
  const written: WrittenFile[] = []
  const open = new Map<OutputTarget, OpenFile>()
  const commit = async (target: OutputTarget): Promise<void> => {
    const file = open.get(target)
    open.delete(target)
    for (const each of (await file?.sink.commit()) ?? []) {
      written.push(each)
      run.onEvent?.({ kind: 'written', pass: run.plan.name, file: each })
    }
  }
  const rows = runPass(run, true)
  try {
    let next = await rows.next()
    while (!next.done) {
      const { day, batch } = next.value
      for (const target of publication.targets) await write(target, day, batch)
      next = await rows.next()
    }
    for (const target of publication.targets) {
      // A run without rows still answers: an empty file with the columns.
      const empty = next.value.rowsOut === 0 && next.value.failed.length === 0
      if (empty)
        open.set(target, {
          dates: publication.dates,
          sink: await openFile(target, publication.dates, schema, publication),
        })
      await commit(target)
    }
    return { report: next.value, files: written }
  } catch (error) {
    for (const { sink } of open.values()) await sink.abort(error)
    await rows.return(undefined as never) // a target that fails leaves workers at work
    throw error
  }

  async function write(target: OutputTarget, day: number | null, batch: RecordBatch): Promise<void> {
    const dates = datesOf(target, day, publication)
    const known = open.get(target)
    if (known && known.dates.from !== dates.from) await commit(target)
    if (!open.has(target)) open.set(target, { dates, sink: await openFile(target, dates, schema, publication) })
    await open.get(target)?.sink.write(batch)
  }
}

function datesOf(target: OutputTarget, day: number | null, { dates, frequency }: Publication): DateBatch {
  if (day === null) return dates
  return isDaily(target) ? { from: day, to: day } : batchOfDay(day, dates.from, dates.to, frequency)
}

function openFile(
  target: OutputTarget,
  dates: DateBatch,
  schema: Schema,
  { names, metadata }: Publication,
): Promise<Sink> {
  return openSink(target.type as SinkType, {
    path: outputPath(target, names, dates),
    schema,
    compression: target.compression,
    rowGroupRows: target.row_group_rows,
    sortedBy: ['Date', 'ListingId', 'TimeBucket'],
    metadata,
  })
}
