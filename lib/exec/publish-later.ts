import { type PassChecks, ResultFacts } from '../checks/index.js'
import {
  BasaltError,
  batchOfFrame,
  type ColumnSpec,
  type Context,
  faultOf,
  type LaterPlan,
  schemaOf,
  type WrittenFile,
} from '../core/index.js'
import { datesInFile } from '../plan/index.js'
import { settle, sourceFacts } from './check.js'
import { emptyReport, type OnEvent, type PassReport } from './events.js'
import { fileBatches } from './file-batches.js'
import { runLater } from './later.js'
import { shownSpecs } from './pass.js'
import type { Result, Results } from './results.js'
import type { LaterMemory } from './slices.js'
import type { LaterRows } from './sorted-runs.js'
import { type Publication, TargetFiles } from './target-files.js'

/** A later pass, and what the run may use. */
export interface LaterRun {
  plan: LaterPlan
  checks: PassChecks | null
  results: Results
  memory: LaterMemory
  /** A pass that fails ends the run; otherwise passes that do not read it go on. */
  failFast: boolean
  context: Omit<Context, 'where'>
  onEvent?: OnEvent
}

/**
 * Computes a later pass, checks it and tells those who watch; `refusal` is the fault of checks that raise. Rows come in
 * the order of the pass's keys, or by time first. Who asked for them closes them.
 */
export async function computeLater(
  { plan, checks, results, memory, context, onEvent }: LaterRun,
  order: 'listing' | 'time' = 'listing',
): Promise<{ rows: LaterRows; report: PassReport; refusal: BasaltError | undefined }> {
  const started = performance.now()
  const sources = new Set(plan.steps.flatMap(step => step.sources.map(({ name }) => name)))
  const rowsIn = [...sources].reduce((total, name) => total + results.size(name).rows, 0)
  onEvent?.({ kind: 'start', pass: plan.name, units: 1, rows: rowsIn, workers: 1 })
  const excluded: Record<string, number> = {}
  const leaveOut = (reason: string, rows: number) => {
    excluded[reason] = (excluded[reason] ?? 0) + rows
  }
  const facts = checks && new ResultFacts(checks)
  const rows = await runLater(plan, {
    results,
    memory,
    context: { ...context, leaveOut },
    order: orderOf(plan, order),
    onRows: (frame, done) => {
      facts?.add(batchOfFrame(frame, shownSpecs(plan)))
      onEvent?.({ kind: 'progress', pass: plan.name, rows: Math.round(rowsIn * done), total: rowsIn })
    },
  })
  for (const [reason, rows] of Object.entries(excluded))
    onEvent?.({ kind: 'warning', text: `${plan.name}: ${rows} ${reason} are left out` })
  const seconds = (performance.now() - started) / 1000
  const report: PassReport = { ...emptyReport(plan.name, 1), rowsIn, rowsOut: rows.rows, excluded, seconds }
  const refusal =
    checks && facts ? settle(checks, facts, report, onEvent, await sourceFacts(checks, results, rows)) : undefined
  const { name: pass } = plan
  onEvent?.({
    kind: 'unit',
    pass,
    unit: pass,
    day: null,
    rowsIn,
    rowsOut: rows.rows,
    unread: 0,
    counts: excluded,
    shares: {},
    seconds,
  })
  onEvent?.({ kind: 'end', pass: plan.name, report })
  return { rows, report, refusal }
}

/** Lists the keys of a pass in the order by which its rows are sorted: as they are, or time first. */
function orderOf({ keys }: LaterPlan, order: 'listing' | 'time'): readonly string[] {
  if (order === 'listing' || !keys.includes('TimeBucket')) return keys
  const first = ['Date', 'TimeBucket'].filter(key => keys.includes(key))
  return [...first, ...keys.filter(key => !first.includes(key))]
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
  const { rows, report, refusal } = computed
  try {
    if (refusal) throw refusal
    const files = await writeFiles(rows, run, publication)
    if (kept) leaveRows(rows, results.open(plan.name, kept), kept, checkpoint)
    return { report, files }
  } finally {
    rows.close()
  }
}

/** Writes rows to the files of every target. */
async function writeFiles(
  rows: LaterRows,
  { plan, results, memory, onEvent }: LaterRun,
  publication: Publication,
): Promise<WrittenFile[]> {
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
      const byDate = (day: number | null) => datesInFile(target, publication, day).from
      const { from, to } = publication.dates
      // Labels of the last bucket can be of the day after the last date.
      const fileOf = byDate(from - 2) === byDate(to + 2) ? null : byDate
      for (const { day, batch } of fileBatches(rows, plan, { fileOf, results, memory: memory.slice }))
        await files.write(day, batch)
      if (rows.rows === 0) await files.openEmpty()
      await files.commit()
    } catch (error) {
      await files.abort(error)
      throw error
    }
  }
  return written
}

/** Leaves rows to passes behind. */
function leaveRows(rows: LaterRows, result: Result, kept: readonly ColumnSpec[], checkpoint: string | undefined): void {
  for (const frame of rows.frames(kept.map(({ name }) => name))) result.take(batchOfFrame(frame, kept), checkpoint)
  result.complete(null, checkpoint)
}

/** A pass cannot be computed from one that failed. */
function refuseWithoutSources({ name, steps }: LaterPlan, results: Results): void {
  const missing = steps.flatMap(({ sources }) => sources).find(source => !results.has(source.name))
  if (missing) throw new BasaltError('data', `pass ${name} reads ${missing.name}, which failed`, { pass: name })
}
