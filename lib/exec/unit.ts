import {
  and,
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
  type Step,
  type Unit,
} from '../core/index.js'

/** Reads one row group as canonical batches. The engine is given it, so units do not know where bytes come from. */
export type Scan = (request: {
  file: DataFile
  rowGroup: number
  columns: PassPlan['bindings']
  batchRows: number
}) => Batches

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
  signal?: AbortSignal
}

/** Folds one row group. The same function serves this thread, worker threads and other machines. */
export async function foldRowGroup(task: FoldTask, { registry, scan, signal }: FoldContext): Promise<Partial> {
  const { pass, file, rowGroup, where, batchRows } = task
  const place = { file: file.relative, rowGroup, pass: pass.name }
  try {
    const folder = registry.get('aggregations', 'group_by').fold(pass.aggregate, registry)
    const context: Context = { registry, signal, where: place }
    const steps: Step[] =
      where.op === 'true' ? pass.rows : [{ operator: 'filter', parameters: { where } }, ...pass.rows]
    for await (const batch of chain(scan({ file, rowGroup, columns: pass.bindings, batchRows }), steps, context)) {
      signal?.throwIfAborted()
      folder.consume(batch)
    }
    return folder.finish()
  } catch (error) {
    throw faultOf(error, place)
  }
}

/** What a unit's report says about the rows that went in. */
export type UnitFacts = Pick<Groups, 'rows' | 'counters' | 'conflicts'>

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
  for await (const partial of partials) merge.add(partial)
  const { batch, ...facts } = merge.finish()
  report(facts)
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
