import {
  type AuctionTimes,
  type BasaltError,
  type Batches,
  type Context,
  type DataFile,
  type Expr,
  faultOf,
  type Partial,
  type PassPlan,
  type RecordBatch,
  type Unit,
} from '../core/index.js'
import { isMadeInPieces } from '../plan/index.js'
import type { Executor } from './executor.js'
import { Intake } from './intake.js'
import type { Ledger } from './ledger.js'
import { Overlap } from './piece-order.js'
import { type Schedule, scheduleOf } from './schedule.js'
import type { Taking } from './taking.js'
import { runUnit, type UnitFacts, unitRows } from './unit.js'

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
  onPart?: (unit: Unit, part: number) => void
  /** Told of what each row group leaves, before it is merged. */
  onPartial?: (unit: Unit, stretch: number, part: number, partial: Partial) => void
  /** Told of the rows of row groups that are not read. */
  onUnread?: (rows: number) => void
}

/** Runs units one after another, folding ahead on the executor, and yields their rows in the order of the units. */
export async function* runUnits(options: RunOptions): AsyncGenerator<UnitEvent> {
  const { pass, units, broken, where, executor, context } = options
  const inPieces = (unit: Unit) => isMadeInPieces(unit, pass, options.files, context.registry)
  const schedules: Promise<Schedule>[] = []
  const schedule = (i: number) => {
    schedules[i] ??= broken.has(units[i].id)
      ? Promise.resolve({ stretches: [], gathering: null, unit: units[i] })
      : scheduleOf(units[i], unitRows(units[i], where(units[i])), options, inPieces(units[i]))
    return schedules[i]
  }
  const onDate = new Map<number | null, number>()
  for (const { day } of units) onDate.set(day, (onDate.get(day) ?? 0) + 1)
  const work = units.map((unit, i) => ({ unit: unit.id, stretches: async () => (await schedule(i)).stretches }))
  const intake = new Intake(work, executor, options.acrossUnits, options.ledger)
  for (const [i, unit] of units.entries()) {
    context.signal?.throwIfAborted()
    let rowsOut = 0
    try {
      const fault = broken.get(unit.id)
      if (fault) throw fault
      let facts: UnitFacts = { rows: 0, counters: [], conflicts: [], nonFinite: {}, unread: 0 }
      const { gathering, stretches, unit: read } = await schedule(i)
      // In order of time, listings of another unit come in between; what is not finished early is put in order of listing.
      const inOrder = options.order === 'listing' || (gathering !== null && onDate.get(unit.day) === 1)
      if (read !== unit) options.onUnread?.(unit.rows - read.rows)
      const arrivals = (async function* () {
        for await (const arrival of intake.of(unit.id)) {
          const { part } = stretches[arrival.stretch].parts[arrival.place]
          options.onPart?.(read, part)
          options.onPartial?.(unit, arrival.stretch, part, arrival.partial)
          yield arrival
        }
      })()
      const run = {
        pass,
        gathering,
        pieces: inPieces(unit),
        context: { ...context, where: { unit: unit.id, pass: pass.name } },
        report: (found: UnitFacts) => {
          // What one symbol batch does not read another does.
          const unread = unit.listings === null ? found.unread + unit.rows - read.rows : 0
          facts = { ...found, unread }
        },
        rows: options.outputRows,
        ledger: options.ledger,
      }
      for await (const batch of withoutOverlap(runUnit(run, arrivals), async function* () {
        await intake.abandon(unit.id)
        const { stretches } = await scheduleOf(unit, unitRows(unit, where(unit)), options)
        const work = [{ unit: unit.id, stretches: async () => stretches }]
        const again = new Intake(work, executor, false, options.ledger)
        yield* runUnit({ ...run, pieces: false }, again.of(unit.id))
      })) {
        rowsOut += batch.numRows
        yield { kind: 'batch', unit, batch, inOrder }
      }
      yield { kind: 'done', unit, facts, rowsOut }
    } catch (error) {
      context.signal?.throwIfAborted()
      const fault = faultOf(error, { unit: unit.id, pass: pass.name })
      yield { kind: 'failed', unit, error: fault }
      if (options.failFast) return
    }
  }
}

/** Yields the rows of pieces and, where two of them overlap, those that are made of the whole day: they take their place. */
async function* withoutOverlap(pieces: Batches, merged: () => Batches): Batches {
  try {
    yield* pieces
  } catch (error) {
    if (!(error instanceof Overlap)) throw error
    yield* merged()
  }
}
