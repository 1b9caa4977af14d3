import { bytesOf } from '../configs/index.js'
import { BasaltError } from './core/index.js'
import { availableMemory, type PassRun } from './exec/pass.js'
import type { LaterRun } from './exec/publish-later.js'
import { Results } from './exec/results.js'
import { takenSource } from './exec/taken.js'
import { termsOf } from './plan/index.js'
import type { Prepared, PreparedLater, PreparedPass } from './prepare.js'
import { retryPolicy } from './retry-policy.js'
import type { Watching } from './run.js'
import { columnsAsked, sourcesOf } from './sequence.js'

/** Share of the memory budget that results may take before they go to disk. */
const RESULTS_SHARE = 1 / 4

/**
 * Share of it that a later pass may take of what it reads and makes at once. While a slice is computed, parts of it lie in
 * memory several times: as they are read, joined, and in order.
 */
const SLICE_SHARE = 1 / 12

/** Opens the shared context in which passes leave what others read. */
export function openResults({ config: { EXECUTION } }: Prepared): Results {
  return new Results({
    spill: EXECUTION.spill,
    memory: bytesOf(EXECUTION.memory_budget, availableMemory()) * RESULTS_SHARE,
    tempDir: EXECUTION.temp_dir,
  })
}

/** Makes a pass over a table ready to run. */
export function passRun(
  prepared: Prepared,
  pass: PreparedPass,
  options: Pick<PassRun, 'order' | 'onEvent' | 'signal'>,
  /** What the passes that it takes values of have left. */
  results: Results | undefined,
): PassRun {
  const { EXECUTION, UNIVERSE } = prepared.config
  const taken = pass.plan.taken?.filter(({ source }) => results?.has(source))
  return {
    ...pass,
    ...(results && taken && taken.length > 0 && { taken: taken.map(plan => takenSource(results, plan)) }),
    registry: prepared.registry,
    packs: prepared.packs,
    reference: prepared.reference,
    universe: termsOf(UNIVERSE),
    workers: EXECUTION.workers,
    batchRows: EXECUTION.batch_rows,
    memory: bytesOf(EXECUTION.memory_budget, availableMemory()),
    ownProcess: prepared.ownProcess,
    spill: EXECUTION.spill,
    tempDir: EXECUTION.temp_dir,
    streaming: EXECUTION.batching_strategy === 'streaming',
    failFast: EXECUTION.fail_fast,
    retry: retryPolicy(prepared.config),
    stallSeconds: EXECUTION.stall_seconds,
    ...options,
  }
}

/** Lets units fail whose dates failed in what they take values of: without those, nulls would stand for what is not known. */
export function withoutDates(pass: PreparedPass, days: ReadonlySet<number | null>): PreparedPass {
  if (days.size === 0) return pass
  const broken = new Map(pass.broken)
  const sources = sourcesOf(pass).join(' or ')
  const fault = new BasaltError('data', `${sources} failed on this date, whose values it takes`)
  for (const { id, day } of pass.units) if (days.has(day) && !broken.has(id)) broken.set(id, fault)
  return { ...pass, broken }
}

/** Makes a later pass ready to run: tables that it reads are taken into the shared context. */
export async function laterRun(
  prepared: Prepared,
  pass: PreparedLater,
  results: Results,
  { onEvent, signal }: Watching,
): Promise<LaterRun> {
  const { registry, reference } = prepared
  const { plan, checks } = pass
  for (const name of sourcesOf(pass)) if (!results.has(name)) await readSource(prepared, name, results, signal)
  const failFast = prepared.config.EXECUTION.fail_fast
  const budget = bytesOf(prepared.config.EXECUTION.memory_budget, availableMemory())
  const memory = { budget, slice: budget * SLICE_SHARE }
  return { plan, checks, results, memory, failFast, context: { registry, reference, signal }, onEvent }
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
  const result = results.open(
    name,
    specs.map(({ name: column, type }) => ({ name: column, type })),
  )
  const columns = specs.map(column => column.name)
  for await (const frame of table.rows(columns, signal)) result.put(frame)
}
