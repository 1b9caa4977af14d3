import {
  type AuctionTimes,
  type BasaltError,
  type Context,
  type DataFile,
  type Expr,
  faultOf,
  type Partial,
  type PassPlan,
  type RecordBatch,
  type TakenValues,
  type Unit,
} from '../core/index.js'
import type { Executor } from './executor.js'
import { Intake } from './intake.js'
import type { Ledger } from './ledger.js'
import { type Schedule, scheduleOf } from './schedule.js'
import { runUnit, type UnitFacts, unitRows } from './unit.js'

/** What happens to units, in the order of the plan. Failures are data, not exceptions. */
export type UnitEvent =
  | { kind: 'batch'; unit: Unit; batch: RecordBatch }
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
  /** What rows of a unit take of internal passes, in the order of the plan. */
  taken?: (unit: Unit) => Promise<TakenValues[]>
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
  const schedules: Promise<Schedule>[] = []
  const schedule = (i: number) => {
    schedules[i] ??= broken.has(units[i].id)
      ? Promise.resolve({ stretches: [], gathering: null, unit: units[i] })
      : scheduleOf(units[i], unitRows(units[i], where(units[i])), options)
    return schedules[i]
  }
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
        context: { ...context, where: { unit: unit.id, pass: pass.name } },
        report: (found: UnitFacts) => {
          // What one symbol batch does not read another does.
          const unread = unit.listings === null ? found.unread + unit.rows - read.rows : 0
          facts = { ...found, unread }
        },
        rows: options.outputRows,
        ledger: options.ledger,
      }
      for await (const batch of runUnit(run, arrivals)) {
        rowsOut += batch.numRows
        yield { kind: 'batch', unit, batch }
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
