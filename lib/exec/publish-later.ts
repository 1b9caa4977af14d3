import type { PassChecks } from '../checks/index.js'
import {
  BasaltError,
  batchOfFrame,
  type ColumnSpec,
  type Context,
  dayOfStamp,
  type Frame,
  faultOf,
  type LaterPlan,
  type RecordBatch,
  rowNumbers,
  schemaOf,
  sorted,
  takeRows,
  type WrittenFile,
} from '../core/index.js'
import { datesInFile, type OutputNaming, type OutputTarget } from '../plan/index.js'
import { factsOf, settle, sourceFacts } from './check.js'
import { OUTPUT_ROWS } from './cut.js'
import { emptyReport, type OnEvent, type PassReport } from './events.js'
import { runLater } from './later.js'
import { shownSpecs } from './pass.js'
import type { Results } from './results.js'
import { type Publication, TargetFiles } from './target-files.js'

/** A later pass, and what the run may use. */
export interface LaterRun {
  plan: LaterPlan
  checks: PassChecks | null
  results: Results
  /** A pass that fails ends the run; otherwise passes that do not read it go on. */
  failFast: boolean
  context: Omit<Context, 'where'>
  onEvent?: OnEvent
}

/** Computes a later pass, checks it and tells those who watch. `refusal` is the fault of checks that raise. */
export async function computeLater({
  plan,
  checks,
  results,
  context,
  onEvent,
}: LaterRun): Promise<{ frame: Frame; report: PassReport; refusal: BasaltError | undefined }> {
  const started = performance.now()
  const sources = new Set(plan.steps.flatMap(step => step.sources.map(({ name }) => name)))
  const rowsIn = [...sources].reduce((total, name) => total + results.size(name).rows, 0)
  onEvent?.({ kind: 'start', pass: plan.name, units: 1, rows: rowsIn, workers: 1 })
  const excluded: Record<string, number> = {}
  const leaveOut = (reason: string, rows: number) => {
    excluded[reason] = (excluded[reason] ?? 0) + rows
  }
  const frame = await runLater(plan, results, { ...context, leaveOut })
  onEvent?.({ kind: 'progress', pass: plan.name, rows: rowsIn, total: rowsIn })
  for (const [reason, rows] of Object.entries(excluded))
    onEvent?.({ kind: 'warning', text: `${plan.name}: ${rows} ${reason} are left out` })
  const seconds = (performance.now() - started) / 1000
  const report: PassReport = { ...emptyReport(plan.name, 1), rowsIn, rowsOut: frame.rows, excluded, seconds }
  let refusal: BasaltError | undefined
  if (checks) {
    const facts = factsOf(checks, batchOfFrame(frame, shownSpecs(plan)))
    refusal = settle(checks, facts, report, onEvent, await sourceFacts(checks, results, frame))
  }
  const { name: pass } = plan
  const facts = { day: null, rowsIn, rowsOut: frame.rows, unread: 0, counts: excluded, seconds }
  onEvent?.({ kind: 'unit', pass, unit: pass, ...facts })
  onEvent?.({ kind: 'end', pass: plan.name, report })
  return { frame, report, refusal }
}

/**
 * Computes a later pass, writes it to its targets and leaves the columns `kept` to passes behind it, in the file
 * `checkpoint` where they are to outlive the run. One that fails is reported, and so are those that read it.
 */
export async function publishLater(
  run: LaterRun,
  publication: Publication,
  { kept, checkpoint }: { kept: readonly ColumnSpec[] | null; checkpoint: string | undefined },
): Promise<{ report: PassReport; files: WrittenFile[] }> {
  const { plan, results, onEvent, context, failFast } = run
  let computed: Awaited<ReturnType<typeof computeLater>>
  try {
    refuseWithoutSources(plan, results)
    computed = await computeLater(run)
  } catch (error) {
    context.signal?.throwIfAborted()
    const fault = faultOf(error, { pass: plan.name })
    if (failFast || fault.fault === 'internal') throw fault
    onEvent?.({ kind: 'failed', pass: plan.name, unit: plan.name, day: null, error: fault })
    const report = { ...emptyReport(plan.name, 1), failed: [{ unit: plan.name, error: fault }] }
    onEvent?.({ kind: 'end', pass: plan.name, report })
    return { report, files: [] }
  }
  const { frame, report, refusal } = computed
  if (refusal) throw refusal
  const written: WrittenFile[] = []
  const onWritten: Publication['onWritten'] = async (file, target) => {
    written.push(file)
    onEvent?.({ kind: 'written', pass: plan.name, file })
    await publication.onWritten(file, target)
  }
  const schema = schemaOf(shownSpecs(plan), publication.metadata)
  for (const target of publication.targets) {
    const files = new TargetFiles(target, { ...publication, onWritten, schema, days: new Set(), encode: undefined })
    try {
      for (const { day, rows } of fileParts(frame, target, publication))
        for (const batch of batches(rows, plan)) await files.write(day, batch)
      if (frame.rows === 0) await files.openEmpty()
      await files.commit()
    } catch (error) {
      await files.abort(error)
      throw error
    }
  }
  if (kept) results.open(plan.name, kept).put(frame, checkpoint)
  return { report, files: written }
}

/** A pass cannot be computed from one that failed. */
function refuseWithoutSources({ name, steps }: LaterPlan, results: Results): void {
  const missing = steps.flatMap(({ sources }) => sources).find(source => !results.has(source.name))
  if (missing) throw new BasaltError('data', `pass ${name} reads ${missing.name}, which failed`, { pass: name })
}

/** Puts a result in the order of a stream: by its keys, or by time first. */
export function inOrder(frame: Frame, { keys }: LaterPlan, order: 'listing' | 'time'): Frame {
  if (order === 'listing' || !keys.includes('TimeBucket')) return frame
  const first = ['Date', 'TimeBucket'].filter(key => keys.includes(key))
  return sorted(frame, [...first, ...keys.filter(key => !first.includes(key))])
}

/** Cuts a result into batches of the columns that are written. */
export function* batches(frame: Frame, plan: LaterPlan): Generator<RecordBatch> {
  const specs = shownSpecs(plan)
  for (let from = 0; from < frame.rows; from += OUTPUT_ROWS) {
    const count = Math.min(OUTPUT_ROWS, frame.rows - from)
    yield batchOfFrame(count === frame.rows ? frame : takeRows(frame, rowNumbers(count, from)), specs)
  }
}

/** Yields the rows of each file, earliest dates first, in the order of the keys. Rows without a date make one file. */
function* fileParts(
  frame: Frame,
  target: OutputTarget,
  naming: OutputNaming,
): Generator<{ day: number | null; rows: Frame }> {
  const days = daysOf(frame)
  if (!days) {
    if (frame.rows > 0) yield { day: null, rows: frame }
    return
  }
  const byFile = new Map<number, { day: number; rows: number[] }>()
  for (let i = 0; i < frame.rows; i++) {
    const { from } = datesInFile(target, naming, days[i])
    const part = byFile.get(from)
    if (part) part.rows.push(i)
    else byFile.set(from, { day: days[i], rows: [i] })
  }
  for (const [, { day, rows }] of [...byFile].sort(([a], [b]) => a - b))
    yield { day, rows: byFile.size === 1 ? frame : takeRows(frame, Int32Array.from(rows)) }
}

/** Returns the date of each row: its Date, or where rows of two dates met, that of its label. */
function daysOf({ columns, rows }: Frame): Int32Array | undefined {
  const date = columns.get('Date')
  if (date?.type !== 'date') return undefined
  const { values, valid } = date
  if (!valid) return values
  const labels = columns.get('TimeBucket')?.values as BigInt64Array | undefined
  return Int32Array.from({ length: rows }, (_, i) => (valid[i] || !labels ? values[i] : dayOfStamp(labels[i] - 1n)))
}
