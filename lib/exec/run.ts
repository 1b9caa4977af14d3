import type {
  AuctionTimes,
  BasaltError,
  Context,
  DataFile,
  Expr,
  Partial,
  PassPlan,
  RecordBatch,
  Unit,
} from '../core/index.js'
import { scheduled } from './attempt.js'
import type { Executor } from './executor.js'
import { runOrHalve } from './halves.js'
import { Intake } from './intake.js'
import type { Ledger } from './ledger.js'
import type { Schedule } from './schedule.js'
import type { Shreds } from './shreds.js'
import type { StretchPart } from './stretch.js'
import type { Taking } from './taking.js'
import type { UnitFacts } from './unit.js'

/** What happens to units, in the order of the plan. Failures are data, not exceptions. */
export type UnitEvent =
  /** `inOrder`: the batches of its date come in the order asked for. */
  | { kind: 'batch'; unit: Unit; batch: RecordBatch; inOrder: boolean }
  | { kind: 'done'; unit: Unit; facts: UnitFacts; rowsOut: number }
  | { kind: 'failed'; unit: Unit; error: BasaltError }

export interface RunOptions {
  pass: PassPlan
  units: readonly Unit[]
  files: readonly DataFile[]
  /** Units that cannot run, by id: their files could not be opened. */
  broken: ReadonlyMap<string, BasaltError>
  /** Rows of the run on a unit's date. */
  where: (unit: Unit) => Expr
  batchRows: number
  /** Returns what reads what rows of a unit take of internal passes, in the order of the plan. */
  taken?: (unit: Unit) => Taking
  /** Rows of symbol batches that are put on disk, so that files are read once. */
  shreds?: Shreds
  /** The auctions of a unit's listings, where its rows are kept apart by them. */
  auctions?: (unit: Unit) => Promise<AuctionTimes>
  /** Rows of a batch that leaves. */
  outputRows: number
  order: 'listing' | 'time'
  workers: number
  executor: Executor
  acrossUnits: boolean
  failFast: boolean
  /** Memory that the run may take. */
  ledger: Ledger
  context: Omit<Context, 'where'>
  /** Told of each row group that was folded, with its file. */
  onPart?: (file: DataFile, part: StretchPart) => void
  /** Told of what each row group leaves, before it is merged. */
  onPartial?: (unit: Unit, stretch: number, part: number, partial: Partial) => void
  /** Told of the rows of row groups that are not read. */
  onUnread?: (rows: number) => void
  /** Told of a unit that is run as two batches of its listings, since worker threads ran out of memory over it. */
  onCut?: (unit: Unit, halves: readonly Unit[], error: BasaltError) => void
}

/** Runs units one after another, folding ahead on the executor, and yields their rows in the order of the units. */
export async function* runUnits(options: RunOptions): AsyncGenerator<UnitEvent> {
  const { units, broken, executor, context } = options
  const schedules: Promise<Schedule>[] = []
  const schedule = (i: number) => {
    schedules[i] ??= broken.has(units[i].id)
      ? Promise.resolve({ stretches: [], gathering: null, unit: units[i] })
      : scheduled(units[i], options)
    return schedules[i]
  }
  const work = units.map((unit, i) => ({ unit: unit.id, stretches: async () => (await schedule(i)).stretches }))
  const intake = new Intake(work, executor, options.acrossUnits, options.ledger)
  for (const [i, unit] of units.entries()) {
    context.signal?.throwIfAborted()
    const rows = yield* runOrHalve({ unit, schedule: () => schedule(i), intake }, options)
    if (units[i + 1]?.day !== unit.day) options.shreds?.release(unit.day)
    if (rows === null && options.failFast) return
  }
}
