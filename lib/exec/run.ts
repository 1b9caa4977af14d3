import {
  type BasaltError,
  type Context,
  type DataFile,
  type Expr,
  faultOf,
  type PassPlan,
  type RecordBatch,
  type Registry,
  type Unit,
} from '../core/index.js'
import type { Executor } from './executor.js'
import { LookAhead } from './look-ahead.js'
import { type FoldTask, runUnit, type UnitFacts, unitRows } from './unit.js'

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
  registry: Registry
  executor: Executor
  acrossUnits: boolean
  failFast: boolean
  context: Omit<Context, 'where'>
  onPart?: (task: FoldTask) => void
}

/** Runs units one after another, folding ahead on the executor, and yields their rows in the order of the units. */
export async function* runUnits(options: RunOptions): AsyncGenerator<UnitEvent> {
  const { pass, units, files, broken, where, batchRows, executor, context } = options
  const lists = units.map(unit => {
    if (broken.has(unit.id)) return { unit: unit.id, tasks: [] }
    const rows = unitRows(unit, where(unit))
    const task = ({ file, rowGroup }: Unit['parts'][number]): FoldTask => ({
      pass,
      file: files[file],
      rowGroup,
      where: rows,
      batchRows,
    })
    return { unit: unit.id, tasks: unit.parts.map(task) }
  })
  const ahead = new LookAhead(
    lists,
    async task => {
      const partial = await executor.fold(task)
      options.onPart?.(task)
      return partial
    },
    executor.credits,
    options.acrossUnits,
  )
  for (const unit of units) {
    context.signal?.throwIfAborted()
    let rowsOut = 0
    try {
      const fault = broken.get(unit.id)
      if (fault) throw fault
      let facts: UnitFacts = { rows: 0, counters: [], conflicts: [], nonFinite: {} }
      const unitContext: Context = { ...context, where: { unit: unit.id, pass: pass.name } }
      // A unit's rows leave when all of it has been read: a failed one has sent nothing.
      for await (const batch of runUnit(pass, ahead.of(unit.id), unitContext, found => (facts = found))) {
        rowsOut += batch.numRows
        yield { kind: 'batch', unit, batch }
      }
      yield { kind: 'done', unit, facts, rowsOut }
    } catch (error) {
      context.signal?.throwIfAborted()
      await ahead.drop(unit.id)
      const fault = faultOf(error, { unit: unit.id, pass: pass.name })
      yield { kind: 'failed', unit, error: fault }
      if (options.failFast) return
    }
  }
}
