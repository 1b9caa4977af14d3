import { bytesOf } from '../configs/index.js'
import { mayRefuse } from './checks/index.js'
import {
  type ColumnSpec,
  dayOf,
  type LaterPlan,
  type PassPlan,
  plain,
  type RecordBatch,
  type WrittenFile,
} from './core/index.js'
import type { OnEvent, PassReport } from './exec/events.js'
import { availableMemory, outputSpecs, type PassRun, runPass, workerCount } from './exec/pass.js'
import { publishPass, shown } from './exec/publish.js'
import { batches, computeLater, inOrder, type LaterRun, publishLater } from './exec/publish-later.js'
import { Results } from './exec/results.js'
import type { Publication } from './exec/target-files.js'
import { termsOf, universeToken } from './plan/index.js'
import { isRaw, type Prepared, type PreparedLater, type PreparedPass } from './prepare.js'

export interface RunReport {
  passes: PassReport[]
  files: WrittenFile[]
}

/** Who watches a run, and who may end it. */
export interface Watching {
  onEvent?: OnEvent
  signal?: AbortSignal
}

type Pass = PreparedPass | PreparedLater

/** Share of the memory budget that results may take before they go to disk. */
const RESULTS_SHARE = 1 / 4

/** Runs passes and what they read, in the order of the config, and writes those that were chosen to their targets. */
export async function runPasses(prepared: Prepared, chosen: readonly Pass[], watching: Watching): Promise<RunReport> {
  const report: RunReport = { passes: [], files: [] }
  const sequence = withSources(prepared, chosen)
  const results = openResults(prepared)
  try {
    for (const [i, pass] of sequence.entries()) {
      const ahead = sequence.slice(i + 1)
      const done = await runOne(prepared, pass, { results, ahead, write: chosen.includes(pass), watching })
      report.passes.push(done.report)
      report.files.push(...done.files)
      if (prepared.config.EXECUTION.fail_fast && done.report.failed.length > 0) break
      release(results, pass, ahead)
    }
    return report
  } finally {
    results.close()
  }
}

/** Streams a pass, and returns what failed on the way. What it reads is run before its first row. */
export async function* streamPass(
  prepared: Prepared,
  pass: Pass,
  order: 'listing' | 'time',
  watching: Watching,
): AsyncGenerator<RecordBatch, Pick<PassReport, 'failed' | 'units'>> {
  if (isRaw(pass)) return yield* streamRaw(prepared, pass, order, watching)
  const results = openResults(prepared)
  const failed: PassReport['failed'] = []
  let units = 1
  try {
    const sequence = withSources(prepared, [pass])
    for (const [i, source] of sequence.slice(0, -1).entries()) {
      const ahead = sequence.slice(i + 1)
      const { report } = await runOne(prepared, source, { results, ahead, write: false, watching })
      failed.push(...report.failed)
      units += report.units
      if (prepared.config.EXECUTION.fail_fast && failed.length > 0) return { failed, units }
      release(results, source, ahead)
    }
    const run = await laterRun(prepared, pass, results, watching)
    if (sourcesOf(pass).some(name => !results.has(name))) return { failed, units } // a source failed as a whole
    const { frame, refusal } = await computeLater(run)
    for (const batch of batches(inOrder(frame, pass.plan, order), pass.plan)) yield plain(batch)
    if (refusal) throw refusal // as for other passes, whose rows leave while they are computed
    return { failed, units }
  } finally {
    results.close()
  }
}

/** How a pass of a sequence is run: written or not, and read by those ahead of it. */
interface Place {
  results: Results
  ahead: readonly Pass[]
  write: boolean
  watching: Watching
}

/** Runs one pass of a sequence and leaves its rows to those that read them. */
async function runOne(prepared: Prepared, pass: Pass, { results, ahead, write, watching }: Place): Promise<Done> {
  const { name } = pass.plan
  const publication = publicationOf(prepared, pass)
  if (!write) publication.targets = []
  const kept = ahead.some(later => sourcesOf(later).includes(name)) ? columnsRead(pass, ahead) : null
  if (!isRaw(pass)) return publishLater(await laterRun(prepared, pass, results, watching), publication, kept)
  const result = kept ? results.open(name, kept) : undefined
  return publishPass(passRun(prepared, pass, { order: 'listing', ...watching }), publication, result)
}

/** Returns the columns of a pass that later ones read: no others are kept for them. */
function columnsRead({ plan }: Pass, ahead: readonly Pass[]): ColumnSpec[] {
  const read = columnsAsked(plan.name, ahead)
  // Expectations compare listings with those of the source.
  if (ahead.some(({ checks }) => checks?.expectations?.source === plan.name)) read.add('ListingId')
  return outputSpecs(plan).filter(({ name }) => read.has(name))
}

/** Returns the columns that passes ask for of a source, a pass or a table. */
function columnsAsked(source: string, passes: readonly Pass[]): Set<string> {
  const steps = passes.flatMap(({ plan }) => (plan.kind === 'later' ? plan.steps : []))
  return new Set(
    steps.flatMap(({ sources }) => sources.flatMap(({ name, columns }) => (name === source ? columns : []))),
  )
}

type Done = Awaited<ReturnType<typeof publishPass>>

async function* streamRaw(
  prepared: Prepared,
  pass: PreparedPass,
  order: 'listing' | 'time',
  watching: Watching,
): AsyncGenerator<RecordBatch, Pick<PassReport, 'failed' | 'units'>> {
  const rows = runPass(passRun(prepared, pass, { order, ...watching }))
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

/** Returns passes and all that they read, in the order of the config. */
function withSources({ passes }: Prepared, chosen: readonly Pass[]): Pass[] {
  const needed = new Set(chosen.map(({ plan }) => plan.name))
  for (const pass of passes.toReversed())
    if (needed.has(pass.plan.name)) for (const name of sourcesOf(pass)) needed.add(name)
  return passes.filter(({ plan }) => needed.has(plan.name))
}

const sourcesOf = ({ plan }: Pass): string[] =>
  plan.kind === 'raw' ? [] : plan.steps.flatMap(step => step.sources.map(({ name }) => name))

/** Forgets what no pass reads any more. */
function release(results: Results, done: Pass, ahead: readonly Pass[]): void {
  for (const name of [...sourcesOf(done), done.plan.name])
    if (!ahead.some(pass => sourcesOf(pass).includes(name))) results.release(name)
}

function openResults({ config: { EXECUTION } }: Prepared): Results {
  return new Results({
    spill: EXECUTION.spill,
    memory: bytesOf(EXECUTION.memory_budget, availableMemory()) * RESULTS_SHARE,
    tempDir: EXECUTION.temp_dir,
  })
}

/** Makes a later pass ready to run: tables that it reads are taken into the shared context. */
async function laterRun(
  prepared: Prepared,
  pass: PreparedLater,
  results: Results,
  { onEvent, signal }: Watching,
): Promise<LaterRun> {
  const { registry, reference } = prepared
  const { plan, checks } = pass
  for (const name of sourcesOf(pass)) if (!results.has(name)) await readSource(prepared, name, results, signal)
  const failFast = prepared.config.EXECUTION.fail_fast
  return { plan, checks, results, failFast, context: { registry, reference, signal }, onEvent }
}

/** Reads the columns of a table that any pass asks for. */
async function readSource(
  { tables, passes }: Prepared,
  name: string,
  results: Results,
  signal: AbortSignal | undefined,
): Promise<void> {
  const table = tables.get(name)
  if (!table) return
  const read = columnsAsked(name, passes)
  const specs = table.source.columns.filter(column => read.has(column.name))
  const writer = results.open(
    name,
    specs.map(({ name: column, type }) => ({ name: column, type })),
  )
  const columns = specs.map(column => column.name)
  for await (const frame of table.rows(columns, signal)) writer.put(frame)
}

function passRun(
  prepared: Prepared,
  pass: PreparedPass,
  options: Pick<PassRun, 'order' | 'onEvent' | 'signal'>,
): PassRun {
  const { EXECUTION, UNIVERSE } = prepared.config
  return {
    ...pass,
    registry: prepared.registry,
    packs: prepared.packs,
    reference: prepared.reference,
    universe: termsOf(UNIVERSE),
    workers: workerCount(EXECUTION.workers),
    batchRows: EXECUTION.batch_rows,
    memory: bytesOf(EXECUTION.memory_budget, availableMemory()),
    streaming: EXECUTION.batching_strategy === 'streaming',
    failFast: EXECUTION.fail_fast,
    ...options,
  }
}

function publicationOf(prepared: Prepared, { plan, checks }: Pass): Publication {
  const { config, loaded } = prepared
  const pass = config.PASSES.find(({ name }) => name === plan.name)
  // A later pass is named after the dates of the passes that it reads.
  const days = withSources(
    prepared,
    prepared.passes.filter(each => each.plan === plan),
  )
    .filter(isRaw)
    .flatMap(({ units }) => units.flatMap(({ day }) => day ?? []))
  const day = (text: string | null, fallback: number) => (text === null ? fallback : (dayOf(text) as number))
  const rule = ruleOf(plan)
  return {
    targets: [pass?.output ?? config.OUTPUT_TARGET, ...(pass?.extra_outputs ?? [])],
    together: mayRefuse(checks),
    frequency: pass?.batch_freq ?? config.BATCH_FREQ,
    names: { datasetname: config.DATASETNAME, pass: plan.name, universe: universeToken(config.UNIVERSE) },
    dates: { from: day(config.START_DATE, Math.min(...days)), to: day(config.END_DATE, Math.max(...days)) },
    metadata: { 'basalt:config': loaded.hash(), ...(rule && { 'basalt:bucket': JSON.stringify(rule) }) },
    sortedBy: plan.kind === 'raw' ? ['Date', 'ListingId', 'TimeBucket'] : plan.keys,
  }
}

const ruleOf = (plan: PassPlan | LaterPlan) => (plan.kind === 'raw' ? plan.aggregate.rule : plan.rule)
