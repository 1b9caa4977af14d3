import { availableParallelism, totalmem } from 'node:os'
import { type PassChecks, ResultFacts } from '../checks/index.js'
import type { BasaltError, ColumnSpec, DataFile, Expr, PassPlan, Registry, Unit } from '../core/index.js'
import { closeFiles, type EncodeGroup, Overflow, type RetryPolicy, scan } from '../io/index.js'
import type { Term } from '../plan/index.js'
import { AuctionSource } from './auctions.js'
import { observed, settle } from './check.js'
import { OUTPUT_ROWS } from './cut.js'
import { DateOrder, type DateRows, type RowsShape } from './date-order.js'
import type { OnEvent, PassReport } from './events.js'
import { type Executor, inlineExecutor } from './executor.js'
import { collectGarbage, Ledger } from './ledger.js'
import type { ReferenceTable } from './lookup.js'
import type { StatesTable } from './market-states.js'
import { persistent } from './persistent.js'
import { type Reading, readingOf } from './reading.js'
import { roomOf } from './room.js'
import { type RunOptions, runUnits, type UnitEvent } from './run.js'
import { Shreds } from './shreds.js'
import { type StoredDays, withStored } from './stored-days.js'
import { symbolBatches } from './symbol-batches.js'
import type { TakenSource } from './taken.js'
import { takingOf } from './taking.js'
import { Tally } from './tally.js'
import { ThreadExecutor } from './threads.js'
import { TimelineRun } from './timeline.js'
import { referenceListings, universeRows } from './universe.js'
import { referenceToWire } from './wire.js'

/** What threads were seen to take between two looks at what the process holds. */
const SUDDEN_BYTES = 10_000_000

/** Of the bytes that may wait, those that are put in order of time have one of as many shares. */
const SHARES_THAT_WAIT = 8

/** A pass, its units and its files, and what the run may use. */
export interface PassRun {
  plan: PassPlan
  checks: PassChecks | null
  units: readonly Unit[]
  files: DataFile[]
  broken: ReadonlyMap<string, BasaltError>
  /** The table of market states, where the pass takes a grid, auctions or ends of trading from it. */
  states?: StatesTable
  registry: Registry
  packs: string[]
  reference: ReferenceTable | undefined
  universe: readonly Term[]
  /** -1: as many as there are cores, and room for. */
  workers: number
  batchRows: number
  /** Bytes: of the whole process where it is the run's own. */
  memory: number
  /** The process does nothing else. Otherwise memory is what the run may add to it. */
  ownProcess: boolean
  /** always: bars go through disk, whatever there is room for. */
  spill: 'auto' | 'always'
  tempDir: string | null
  streaming: boolean
  failFast: boolean
  retry: RetryPolicy
  /** A worker thread that shows no sign of life for this long is replaced. */
  stallSeconds: number
  order: 'listing' | 'time'
  /** What rows take of internal passes, in the order of the plan. */
  taken?: TakenSource[]
  /** Dates that an earlier run has computed. */
  stored?: StoredDays
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

/** Returns the columns of a pass that are written. */
export function shownSpecs({ columns }: Pick<PassPlan, 'columns'>): ColumnSpec[] {
  return columns.map(({ name, type, unit, formula, doc, from }) => ({
    name,
    type,
    nullable: true,
    metadata: { unit, formula, doc, from },
  }))
}

/** Returns all columns of a pass: those that are written, then those that it keeps for later ones. */
export function outputSpecs(plan: Pick<PassPlan, 'columns' | 'stateColumns'>): ColumnSpec[] {
  return [...shownSpecs(plan), ...plan.stateColumns.map(({ name, type }) => ({ name, type, nullable: true }))]
}

/** A pass that is under way. Who opened it closes it, when its rows have been written. */
export interface OpenPass {
  /**
   * Yields the pass's rows in order. With `byDate`, each date says at its end whether it is complete. A failed unit is
   * reported, and the rest goes on. Checks that raise throw after the last row.
   */
  rows(shape: Omit<RowsShape, 'order'>): AsyncGenerator<DateRows, PassReport>
  /** Encodes row groups of its output on the threads that fold; undefined where there is this thread alone. */
  encode: EncodeGroup | undefined
  close(): Promise<void>
}

/** Opens a pass: cuts what exceeds the memory, starts the threads. Nothing is folded before its rows are pulled. */
export async function openPass(run: PassRun): Promise<OpenPass> {
  const { plan, onEvent } = run
  const { workers, bytes } = roomOf(run)
  const where = (unit: Unit) => universeRows(run.universe, unit.day, run.reference, plan.bindings)
  const { units, broken, mixed } = await symbolBatches(run, { bytes, workers }, where)
  const all = [...units, ...[...mixed.values()].map(({ whole }) => whole)]
  const total = all.reduce((rows, unit) => rows + unit.rows, 0)
  onEvent?.({ kind: 'start', pass: plan.name, units: units.length, rows: total, workers })
  const tally = new Tally(plan, units.length, run.universe.length > 0, onEvent)
  const timeline = timelineOf(run, tally)
  const executor = persistent(await openExecutor(run, workers), run.retry, run.signal, tally.retried.bind(tally))
  const overflow = new Overflow(run.tempDir)
  const ledger = new Ledger(run.ownProcess ? run.memory - SUDDEN_BYTES : run.memory + process.memoryUsage.rss(), {
    space: overflow,
    always: run.spill === 'always',
    collect: () => {
      executor.collect?.()
      collectGarbage()
    },
  })
  const given = { ...run, units, broken, where }
  const reading = readingOf(run, total, tally)
  const shreds = new Shreds(mixed, { ...given, executor, onRowGroup: reading.shredded })
  const options = { ...unitOptions(given, executor, reading), ledger, shreds }
  return {
    async *rows(shape) {
      const room = {
        memory: bytes / SHARES_THAT_WAIT,
        spill: run.spill,
        tempDir: run.tempDir,
        look: () => ledger.look(),
      }
      const dates = new DateOrder(outputSpecs(plan), { ...shape, order: run.order }, room)
      const computed = inOrder(timed(options, timeline), dates, tally, () => ledger.rest())
      const facts = run.checks && new ResultFacts(run.checks)
      const rows = run.stored ? withStored(computed, run.stored, facts && shownSpecs(plan)) : computed
      yield* facts ? observed(rows, facts, shape.byDate) : rows
      if (timeline) tally.exclude('bars outside the grid', timeline.dropped)
      warnUnmapped(run, tally)
      const refusal = run.checks && facts ? settle(run.checks, facts, tally.report, onEvent) : undefined
      const report = tally.end()
      if (refusal) throw refusal
      return report
    },
    encode: executor.encode,
    async close() {
      overflow.close()
      await executor.close()
      shreds.close()
    },
  }
}

/** Runs a pass and yields its rows in order, in batches cut every 8,192 rows. */
export async function* runPass(run: PassRun): AsyncGenerator<DateRows, PassReport> {
  const pass = await openPass(run)
  try {
    return yield* pass.rows({ byDate: false, cut: true })
  } finally {
    await pass.close()
  }
}

/** Runs the units of a pass. A grid is laid listing by listing; dates are put in order of time afterwards. */
function timed(options: RunOptions, timeline: TimelineRun | null): AsyncGenerator<UnitEvent> {
  if (!timeline) return runUnits(options)
  return timeline.over(runUnits({ ...options, order: 'listing', onPartial: timeline.arrived.bind(timeline) }))
}

async function* inOrder(
  events: AsyncIterable<UnitEvent>,
  dates: DateOrder,
  tally: Tally,
  rest: () => void,
): AsyncGenerator<DateRows> {
  try {
    for await (const event of events) {
      yield* dates.turnTo(event.unit.day)
      if (event.kind === 'batch') yield* dates.push(event.batch, event.inOrder)
      else if (event.kind === 'done') {
        tally.done(event.unit, event.facts, event.rowsOut)
        rest()
      } else {
        tally.failed(event.unit, event.error)
        yield* dates.spoil()
      }
    }
    yield* dates.end()
  } finally {
    dates.close()
  }
}

/** A pass whose units are cut. */
interface CutRun extends PassRun {
  /** Rows of the run on a unit's date. */
  where: (unit: Unit) => Expr
}

function unitOptions(run: CutRun, executor: Executor, reading: Reading): Omit<RunOptions, 'ledger'> {
  const { plan, units, files, broken, registry, reference, signal, batchRows, failFast, where } = run
  const auctions = auctionsOf(run)
  return {
    pass: plan,
    units,
    files,
    broken,
    where,
    batchRows,
    outputRows: OUTPUT_ROWS,
    order: run.order,
    workers: run.workers,
    executor,
    acrossUnits: !run.streaming,
    failFast,
    context: { registry, signal, reference },
    onPart: reading.folded,
    onUnread: reading.unread,
    onCut: reading.cut,
    ...(run.taken && { taken: takingOf(run, run.taken) }),
    ...(auctions && { auctions: unit => auctions.read(unit) }),
  }
}

/** Returns what reads the auctions of units, where the pass keeps them apart. */
function auctionsOf({ plan, states, registry, reference, signal }: PassRun): AuctionSource | null {
  if (!plan.auctions || !states) return null
  const listing = plan.aggregate.entity.find(({ name }) => name === 'ListingId')
  return new AuctionSource(states, plan.auctions, listing?.type === 'i64' ? 'i64' : 'str', {
    registry,
    reference,
    signal,
  })
}

function openExecutor(run: PassRun, workers: number): Promise<Executor> | Executor {
  const { plan, registry, reference } = run
  if (workers === 1) return inlineExecutor({ registry, scan, reference, signal: run.signal }, closeFiles)
  // Threads are given the reference table only where rows are joined with it before they are folded.
  const joins = plan.rows.some(({ operator }) => operator === 'reference')
  const table = joins && reference ? referenceToWire(reference) : null
  return ThreadExecutor.open(
    workers,
    { packs: run.packs, passes: [plan], files: run.files, reference: table },
    run.stallSeconds,
  )
}

function timelineOf({ plan, registry, reference, signal, universe, states, failFast }: PassRun, tally: Tally) {
  const { timeline, aggregate } = plan
  if (!timeline) return null
  const context = { registry, reference, signal }
  const numeric = aggregate.entity[aggregate.entity.length - 1].type === 'i64'
  const sources = {
    states: states ?? null,
    listings: (day: number) => referenceListings({ universe, day, reference, numeric }),
    universe: (day: number) => universeRows(universe, day, reference, states?.bindings ?? []),
    warn: (text: string) => tally.warn(text),
  }
  return new TimelineRun({ ...plan, timeline }, context, sources, failFast)
}

function warnUnmapped({ plan, reference }: PassRun, tally: Tally): void {
  if (!reference || reference.unmapped.size === 0) return
  const [first, ...rest] = reference.unmapped
  const number = rest.length === 0 ? '1 listing has' : `${rest.length + 1} listings have`
  tally.warn(`${plan.name}: ${number} no row in the reference table on their date, the first ${first}`)
}
