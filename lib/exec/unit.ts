import {
  and,
  BasaltError,
  type Batches,
  type Chunk,
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
import { Folder, Merger } from '../fold/index.js'
import { memory } from '../wasm/index.js'

/** Reads one row group as canonical chunks. The engine is given it, so units do not know where bytes come from. */
export type Scan = (
  request: ScanRequest,
  signal?: AbortSignal,
  options?: { onNonFinite?: (column: string, count: number) => void },
) => AsyncIterable<Chunk>

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

/** Folds one row group. The same function serves this thread, worker threads and other machines. */
export async function foldRowGroup(
  task: FoldTask,
  { registry, scan, reference, signal }: FoldContext,
): Promise<Partial> {
  const { pass, file, rowGroup, where, batchRows } = task
  const place = { file: file.relative, rowGroup, pass: pass.name }
  const nonFinite: Record<string, number> = {}
  const folder = new Folder(pass.aggregate, registry, memory())
  try {
    const steps = rowSteps(pass, where, { registry, reference, signal, where: place })
    const chunks = scan({ file, rowGroup, columns: pass.bindings, batchRows }, signal, {
      onNonFinite: (column, count) => {
        nonFinite[column] = (nonFinite[column] ?? 0) + count
      },
    })
    let first = firstRowOf(file, rowGroup)
    for await (const chunk of chunks) {
      signal?.throwIfAborted()
      try {
        for (const step of steps) step(chunk)
        folder.consume(chunk)
      } catch (error) {
        const { fault, problem, where } = faultOf(error, place)
        throw where.row === undefined ? error : new BasaltError(fault, problem, { ...where, row: first + where.row })
      }
      first += chunk.rows
    }
    return { ...folder.finish(), nonFinite }
  } catch (error) {
    throw faultOf(error, place)
  } finally {
    folder.free()
  }
}

/** Makes the steps over the rows of a row group; `where` picks the rows of the unit. */
function rowSteps(pass: PassPlan, where: Expr, context: Context): ((chunk: Chunk) => void)[] {
  // Rows of a unit may be told by their date, which some tables take from the time first.
  const dated = pass.rows[0]?.operator === 'partition_date' ? 1 : 0
  const steps: Step[] =
    where.op === 'true' ? pass.rows : pass.rows.toSpliced(dated, 0, { operator: 'filter', parameters: { where } })
  return steps.map(({ operator, parameters }) => {
    const { rows } = context.registry.get('operators', operator)
    if (!rows) throw new BasaltError('internal', `operator '${operator}' does not treat each row by itself`)
    return rows(parameters, context)
  })
}

/** Returns the number that the first row of a row group has in its file, counted from 0. */
function firstRowOf({ rowGroups }: DataFile, rowGroup: number): number {
  return rowGroups.slice(0, rowGroup).reduce((total, { rows }) => total + rows, 0)
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
  const merge = new Merger(pass.aggregate, context.registry)
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
