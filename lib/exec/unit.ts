import {
  and,
  BasaltError,
  type Batches,
  type Context,
  type DataFile,
  type Expr,
  faultOf,
  type Groups,
  isIn,
  isNull,
  or,
  type Partial,
  type PassPlan,
  type Registry,
  type ScanRequest,
  type Step,
  type Unit,
} from '../core/index.js'
import { RowTrail } from './row-trail.js'

/** Reads one row group as canonical batches. The engine is given it, so units do not know where bytes come from. */
export type Scan = (
  request: ScanRequest,
  signal?: AbortSignal,
  options?: { onNonFinite?: (column: string, count: number) => void },
) => Batches

/** One row group of one unit: the piece of work that goes to a thread. */
export interface FoldTask {
  pass: PassPlan
  file: DataFile
  rowGroup: number
  /** Rows of this unit: its listings and, for files without a date in their path, its dates. */
  where: Expr
  batchRows: number
}

export interface FoldContext {
  registry: Registry
  scan: Scan
  reference?: Context['reference']
  signal?: AbortSignal
}

/** Steps that may drop rows: behind them, a row's place in its batch is no longer its place in the file. */
const DROPPING = new Set(['filter', 'dates'])

/** Folds one row group. The same function serves this thread, worker threads and other machines. */
export async function foldRowGroup(
  task: FoldTask,
  { registry, scan, reference, signal }: FoldContext,
): Promise<Partial> {
  const { pass, file, rowGroup, where, batchRows } = task
  const place = { file: file.relative, rowGroup, pass: pass.name }
  // Rows of a unit may be told by their date, which some tables take from the time first.
  const dated = pass.rows[0]?.operator === 'partition_date' ? 1 : 0
  const steps: Step[] =
    where.op === 'true' ? pass.rows : pass.rows.toSpliced(dated, 0, { operator: 'filter', parameters: { where } })
  const dropped = steps.findLastIndex(({ operator }) => DROPPING.has(operator)) + 1
  const trail = new RowTrail(file, rowGroup, dropped > 0)
  const nonFinite: Record<string, number> = {}
  try {
    const folder = registry.get('aggregations', 'group_by').fold(pass.aggregate, registry)
    const context: Context = { registry, reference, signal, where: place }
    const rows = scan({ file, rowGroup, columns: pass.bindings, batchRows }, signal, {
      onNonFinite: (column, count) => {
        nonFinite[column] = (nonFinite[column] ?? 0) + count
      },
    })
    const kept = trail.follow(chain(trail.numbered(rows), steps.slice(0, dropped), context))
    for await (const batch of chain(kept, steps.slice(dropped), context)) {
      signal?.throwIfAborted()
      folder.consume(batch)
    }
    return { ...folder.finish(), nonFinite }
  } catch (error) {
    const fault = faultOf(error, place)
    // A fault of a step knows the row of its batch; one of the scan has named its file and the file's row.
    const ofStep = error instanceof BasaltError && error.where.row !== undefined && error.where.file === undefined
    throw ofStep
      ? new BasaltError(fault.fault, fault.problem, { ...fault.where, row: trail.rowOf(error.where.row as number) })
      : fault
  }
}

/** What a unit's report says about the rows that went in. */
export type UnitFacts = Pick<Groups, 'rows' | 'counters' | 'conflicts'> & Pick<Partial, 'nonFinite'>

/**
 * Runs a unit: merges its partials, which come in (file, row group) order, and yields its finished rows in output
 * order. Who folds the partials, and where, is the caller's business: this thread, worker threads, another machine.
 */
export async function* runUnit(
  pass: PassPlan,
  partials: AsyncIterable<Partial>,
  context: Context,
  report: (facts: UnitFacts) => void,
): Batches {
  const merge = context.registry.get('aggregations', 'group_by').merge(pass.aggregate, context.registry)
  const nonFinite: Partial['nonFinite'] = {}
  for await (const partial of partials) {
    merge.add(partial)
    for (const [column, count] of Object.entries(partial.nonFinite))
      nonFinite[column] = (nonFinite[column] ?? 0) + count
  }
  const { batch, ...facts } = merge.finish()
  report({ ...facts, nonFinite })
  yield* chain(once(batch), pass.groups, context)
}

/** Returns the rows that belong to a unit: those of its listings, within the run's own rows. */
export function unitRows(unit: Unit, where: Expr): Expr {
  if (unit.listings === null) return where
  const named = isIn(
    'ListingId',
    unit.listings.filter(listing => listing !== null),
  )
  return and(where, unit.listings.includes(null) ? or(named, isNull('ListingId')) : named)
}

function chain(input: Batches, steps: readonly Step[], context: Context): Batches {
  return steps.reduce(
    (batches, step) => context.registry.get('operators', step.operator).run(batches, step.parameters, context),
    input,
  )
}

async function* once<T>(value: T): AsyncGenerator<T> {
  yield value
}
