import { availableParallelism, totalmem } from 'node:os'
import {
  type BasaltError,
  type Batches,
  type ColumnSpec,
  type DataFile,
  type Expr,
  type PassPlan,
  type RecordBatch,
  type Registry,
  schemaOf,
  type Unit,
} from '../core/index.js'
import { closeFiles, scan } from '../io/index.js'
import type { Term } from '../plan/index.js'
import { cutListings, estimateUnit, packListings } from '../plan/index.js'
import { Cutter } from './cut.js'
import type { OnEvent, PassReport } from './events.js'
import { type Executor, inlineExecutor } from './executor.js'
import type { ReferenceTable } from './lookup.js'
import { runUnits } from './run.js'
import { surveyListings } from './survey.js'
import { ThreadExecutor } from './threads.js'
import { universeRows } from './universe.js'

/** A pass, its units and its files, and what the run may use. */
export interface PassRun {
  plan: PassPlan
  units: readonly Unit[]
  files: DataFile[]
  broken: ReadonlyMap<string, BasaltError>
  registry: Registry
  packs: string[]
  reference: ReferenceTable | undefined
  universe: readonly Term[]
  workers: number
  batchRows: number
  memory: number // bytes; sizes symbol batches
  streaming: boolean
  failFast: boolean
  order: 'listing' | 'time'
  signal?: AbortSignal
  onEvent?: OnEvent
}

/** Returns the number of workers meant by a config's number; -1 is every core this process may use. */
export const workerCount = (workers: number): number => (workers === -1 ? availableParallelism() : workers)

/** Returns the memory of this machine, or of the container that holds the process. */
export function availableMemory(): number {
  const limit = process.constrainedMemory?.() ?? 0
  return limit > 0 && limit < totalmem() ? limit : totalmem()
}

/** Returns the columns of a pass as they leave it. */
export function outputSpecs({ columns }: PassPlan): ColumnSpec[] {
  return columns.map(({ name, type, unit, formula, doc, from }) => ({
    name,
    type,
    nullable: true,
    metadata: { unit, formula, doc, from },
  }))
}

/**
 * Runs a pass and yields its rows in order, in batches cut every 8,192 rows with the day they belong to. With `byDay`,
 * batches also end with their date. A failed unit yields nothing; it is reported, and the rest goes on.
 */
export async function* runPass(
  run: PassRun,
  byDay = false,
): AsyncGenerator<{ day: number | null; batch: RecordBatch }, PassReport> {
  const { plan, onEvent } = run
  const started = performance.now()
  const specs = outputSpecs(plan)
  const schema = schemaOf(specs)
  const units = await symbolBatches(run)
  const total = units.reduce((rows, unit) => rows + unit.rows, 0)
  const workers = Math.max(
    1,
    Math.min(
      run.workers,
      units.reduce((n, unit) => n + unit.parts.length, 0),
    ),
  )
  onEvent?.({ kind: 'start', pass: plan.name, units: units.length, rows: total, workers })
  const executor = await openExecutor(run, workers)
  const report: PassReport = {
    pass: plan.name,
    units: units.length,
    failed: [],
    rowsIn: 0,
    rowsOut: 0,
    excluded: {},
    seconds: 0,
  }
  let read = 0
  try {
    const events = runUnits({
      pass: plan,
      units,
      files: run.files,
      broken: run.broken,
      where: (unit: Unit): Expr => {
        const rows = universeRows(run.universe, unit.day, run.reference, plan.bindings)
        if (rows.op === 'in' && rows.values.length === 0) {
          onEvent?.({ kind: 'warning', text: `${unit.id}: the universe holds no listing on this date` })
        }
        return rows
      },
      batchRows: run.batchRows,
      registry: run.registry,
      executor,
      acrossUnits: !run.streaming,
      failFast: run.failFast,
      context: { registry: run.registry, signal: run.signal, reference: run.reference },
      onPart: ({ file, rowGroup }) => {
        read += file.rowGroups[rowGroup].rows
        onEvent?.({ kind: 'progress', pass: plan.name, rows: read, total })
      },
    })
    let cutter = new Cutter(schema, specs)
    let day: number | null = null
    let held: RecordBatch[] = []
    const flush = async function* (): AsyncGenerator<{ day: number | null; batch: RecordBatch }> {
      for await (const batch of inTimeOrder(held, run))
        for (const full of cutter.push(batch)) yield { day, batch: full }
      held = []
    }
    for await (const event of events) {
      const { unit } = event
      if (event.kind === 'failed') {
        report.failed.push({ unit: unit.id, error: event.error })
        onEvent?.({ kind: 'failed', pass: plan.name, unit: unit.id, error: event.error })
        continue
      }
      if (event.kind === 'done') {
        const counts = Object.fromEntries(
          plan.aggregate.counters.map(({ name }, i) => [name, event.facts.counters[i] ?? 0]),
        )
        for (const [column, count] of Object.entries(event.facts.nonFinite)) {
          counts[`values of ${column} that are not finite, read as null`] = count
        }
        for (const [name, count] of Object.entries(counts)) report.excluded[name] = (report.excluded[name] ?? 0) + count
        for (const [i, conflicts] of event.facts.conflicts.entries()) {
          const { name, once } = plan.aggregate.attributes[i]
          if (conflicts > 0 && !once) {
            onEvent?.({
              kind: 'warning',
              text: `${unit.id}: ${conflicts} listings have more than one ${name}; the first is shown`,
            })
          }
        }
        report.rowsIn += event.facts.rows
        report.rowsOut += event.rowsOut
        onEvent?.({
          kind: 'unit',
          pass: plan.name,
          unit: unit.id,
          rowsIn: event.facts.rows,
          rowsOut: event.rowsOut,
          counts,
        })
        continue
      }
      if (unit.day !== day) {
        yield* flush()
        if (byDay) for (const batch of cutter.end()) yield { day, batch }
        if (byDay) cutter = new Cutter(schema, specs)
        day = unit.day
      }
      if (run.order === 'time') held.push(event.batch)
      else for (const batch of cutter.push(event.batch)) yield { day, batch }
    }
    yield* flush()
    for (const batch of cutter.end()) yield { day, batch }
  } finally {
    await executor.close()
  }
  report.seconds = (performance.now() - started) / 1000
  reportUnmapped(run)
  onEvent?.({ kind: 'end', pass: plan.name, report })
  return report
}

/** A date's rows in the order of time need all its symbol batches. */
async function* inTimeOrder(batches: RecordBatch[], { registry }: PassRun): Batches {
  if (batches.length === 0) return
  const input = (async function* () {
    yield* batches
  })()
  yield* registry
    .get('operators', 'sort')
    .run(input, { by: ['Date', 'TimeBucket', 'ListingId'] }, { registry, where: {} })
}

function openExecutor(run: PassRun, workers: number): Promise<Executor> | Executor {
  if (workers === 1) return inlineExecutor({ registry: run.registry, scan, signal: run.signal }, closeFiles)
  return ThreadExecutor.open(workers, { packs: run.packs, passes: [run.plan], files: run.files })
}

/** Cuts units whose estimate exceeds the budget into symbol batches: more passes over the files, less state at a time. */
async function symbolBatches(run: PassRun): Promise<Unit[]> {
  const { plan, registry } = run
  const series = plan.aggregate.folds.filter(({ kernel }) => registry.get('kernels', kernel).kind === 'series').length
  const cut: Unit[] = []
  for (const unit of run.units) {
    const { memory, rows } = estimateUnit(unit, plan, run.files, series, run.workers)
    if (memory <= run.memory || run.broken.has(unit.id) || rows === 0) {
      cut.push(unit)
      continue
    }
    const cap = Math.max(1, Math.floor((rows * run.memory) / memory))
    try {
      const listings = await surveyListings(unit, plan, run.files, scan)
      cut.push(...cutListings(unit, packListings(listings, cap)))
    } catch {
      cut.push(unit) // running it says what is wrong with its files, and where
    }
  }
  return cut
}

function reportUnmapped({ reference, onEvent }: PassRun): void {
  if (!reference || reference.unmapped.size === 0) return
  const [first, ...rest] = reference.unmapped
  onEvent?.({
    kind: 'warning',
    text: `${rest.length + 1} listings have no row in the reference table on their date, the first ${first}`,
  })
}
