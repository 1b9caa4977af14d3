import { availableParallelism, totalmem } from 'node:os'
import {
  type BasaltError,
  type Batches,
  type ColumnSpec,
  type DataFile,
  type PassPlan,
  type RecordBatch,
  type Registry,
  type Schema,
  schemaOf,
  type Unit,
} from '../core/index.js'
import { closeFiles, scan } from '../io/index.js'
import type { Term } from '../plan/index.js'
import { Cutter, OUTPUT_ROWS } from './cut.js'
import type { OnEvent, PassReport } from './events.js'
import { type Executor, inlineExecutor } from './executor.js'
import type { ReferenceTable } from './lookup.js'
import { type RunOptions, runUnits } from './run.js'
import { symbolBatches } from './symbol-batches.js'
import { Tally } from './tally.js'
import { ThreadExecutor } from './threads.js'
import { universeRows } from './universe.js'
import { referenceToWire } from './wire.js'

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

/** Finished rows of a pass, with the partition date that they belong to; null where files state none. */
export interface PassBatch {
  day: number | null
  batch: RecordBatch
}

/**
 * Runs a pass and yields its rows in order, in batches cut every 8,192 rows. With `byDay`, batches also end with their
 * date, and a date of which a unit failed yields nothing. A failed unit is reported, and the rest goes on.
 */
export async function* runPass(run: PassRun, byDay = false): AsyncGenerator<PassBatch, PassReport> {
  const { plan, onEvent } = run
  const units = await symbolBatches(run)
  const total = units.reduce((rows, unit) => rows + unit.rows, 0)
  const parts = units.reduce((count, unit) => count + unit.parts.length, 0)
  const workers = Math.max(1, Math.min(run.workers, parts))
  onEvent?.({ kind: 'start', pass: plan.name, units: units.length, rows: total, workers })
  const tally = new Tally(plan, units.length, run.universe.length > 0, onEvent)
  const executor = await openExecutor(run, workers)
  try {
    const days = new DayOrder(run, byDay)
    for await (const event of runUnits(unitOptions(run, units, executor, total))) {
      yield* days.turnTo(event.unit.day)
      if (event.kind === 'batch') yield* days.push(event.batch)
      else if (event.kind === 'done') tally.done(event.unit, event.facts, event.rowsOut)
      else {
        tally.failed(event.unit, event.error)
        days.spoil()
      }
    }
    yield* days.end()
  } finally {
    await executor.close()
  }
  warnUnmapped(run, tally)
  return tally.end()
}

function unitOptions(run: PassRun, units: readonly Unit[], executor: Executor, total: number): RunOptions {
  const { plan, files, broken, registry, reference, signal, batchRows, failFast, onEvent } = run
  let read = 0
  return {
    pass: plan,
    units,
    files,
    broken,
    where: unit => universeRows(run.universe, unit.day, reference, plan.bindings),
    batchRows,
    outputRows: OUTPUT_ROWS,
    order: run.order,
    workers: run.workers,
    executor,
    acrossUnits: !run.streaming,
    failFast,
    context: { registry, signal, reference },
    onPart: ({ parts }, part) => {
      const { file, rowGroup } = parts[part]
      read += files[file].rowGroups[rowGroup].rows
      onEvent?.({ kind: 'progress', pass: plan.name, rows: read, total })
    },
  }
}

/** Puts the rows of units in the order asked for, a date at a time, and cuts them. */
class DayOrder {
  private readonly specs: ColumnSpec[]
  private readonly schema: Schema
  private cutter: Cutter
  private day: number | null = null
  private held: RecordBatch[] = []
  private spoiled = false

  constructor(
    private readonly run: PassRun,
    private readonly byDay: boolean,
  ) {
    this.specs = outputSpecs(run.plan)
    this.schema = schemaOf(this.specs)
    this.cutter = new Cutter(this.schema, this.specs)
  }

  /** A date is over when rows of the next one come. */
  async *turnTo(day: number | null): AsyncGenerator<PassBatch> {
    if (day === this.day) return
    yield* this.endDay()
    this.day = day
  }

  *push(batch: RecordBatch): Generator<PassBatch> {
    // Rows wait where their date may yet fail as a whole, or where other units of it come in between.
    if (this.byDay || this.run.order === 'time') this.held.push(batch)
    else yield* this.cut(batch)
  }

  /** Marks the date at hand as incomplete. */
  spoil(): void {
    this.spoiled = true
  }

  async *end(): AsyncGenerator<PassBatch> {
    yield* this.endDay()
    for (const batch of this.cutter.end()) yield { day: this.day, batch }
  }

  private async *endDay(): AsyncGenerator<PassBatch> {
    const { held, byDay, spoiled } = this
    this.held = []
    this.spoiled = false
    if (byDay && spoiled) return
    for await (const batch of this.run.order === 'time' ? inTimeOrder(held, this.run) : held) yield* this.cut(batch)
    if (!byDay) return
    for (const batch of this.cutter.end()) yield { day: this.day, batch }
    this.cutter = new Cutter(this.schema, this.specs)
  }

  private *cut(batch: RecordBatch): Generator<PassBatch> {
    for (const full of this.cutter.push(batch)) yield { day: this.day, batch: full }
  }
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
  const { plan, registry, reference } = run
  if (workers === 1) return inlineExecutor({ registry, scan, reference, signal: run.signal }, closeFiles)
  // Threads are given the reference table only where rows are joined with it before they are folded.
  const joins = plan.rows.some(({ operator }) => operator === 'reference')
  const table = joins && reference ? referenceToWire(reference) : null
  return ThreadExecutor.open(workers, { packs: run.packs, passes: [plan], files: run.files, reference: table })
}

function warnUnmapped({ reference }: PassRun, tally: Tally): void {
  if (!reference || reference.unmapped.size === 0) return
  const [first, ...rest] = reference.unmapped
  tally.warn(`${rest.length + 1} listings have no row in the reference table on their date, the first ${first}`)
}
