import {
  type AuctionTimes,
  BasaltError,
  type Chunk,
  type Context,
  type DataFile,
  type Expr,
  type Frame,
  faultOf,
  firstRowOf,
  type Partial,
  type PassPlan,
  type Registry,
  type Span,
  type Step,
  type TakenValues,
  type Wanted,
  type Where,
} from '../core/index.js'
import { Folder, Touch } from '../fold/index.js'
import { memory, WasmLoops } from '../wasm/index.js'
import { chunksOfFile, type Scan, type Told } from './placed-chunks.js'
import { chunksOfSegments, type ShreddedRows } from './shredded-rows.js'
import type { Taken } from './taking.js'
import { wantedRows } from './wanted.js'

/** Row groups of one file that follow one another, folded by one thread: the piece of work that goes to it. */
export interface Stretch {
  pass: PassPlan
  file: DataFile
  parts: StretchPart[]
  /** What these parts and those near them may hold; null where bars cannot be finished before all parts are done. */
  spans: Span[] | null
  /** Rows of this unit: its listings and, for files without a date in their path, its dates. */
  where: Expr
  batchRows: number
  /** What its row groups touch is finished when the last of them is done. */
  whole?: boolean
  /** Bars leave in order of time and not of listing. */
  byTime: boolean
  /** Rows of the table in the files of the same date before this one. */
  rowsBefore: number
  /** What rows take of internal passes, in the order of the plan. */
  taken?: TakenValues[]
  /** Reads that when the stretch is started, where it is not the same for all of a unit. */
  take?: () => Promise<Taken>
  /** Each row group makes its own piece of what a sequence makes. */
  pieces?: boolean
  /** The auctions of the listings of rows, where these are kept apart. */
  auctions?: AuctionTimes
}

export interface StretchPart {
  /** Place in the unit. */
  part: number
  rowGroup: number
  /** Where its rows are, when they are not read from their file. */
  shredded?: ShreddedRows
}

export interface FoldContext {
  registry: Registry
  scan: Scan
  reference?: Context['reference']
  signal?: AbortSignal
  /** Called for each chunk: whoever watches this thread sees that it goes on. */
  alive?: () => void
}

/**
 * Folds a stretch and yields what each row group leaves. The same function serves this thread, worker threads and other
 * machines.
 */
export async function* foldStretch(stretch: Stretch, context: FoldContext): AsyncGenerator<Partial> {
  const { pass, file, spans, parts } = stretch
  const numeric = pass.aggregate.entity[pass.aggregate.entity.length - 1].type === 'i64'
  const { rule } = pass.aggregate
  const touch =
    spans && rule
      ? new Touch(
          spans,
          parts.map(({ part }) => part),
          rule,
          numeric,
        )
      : null
  const wanted = wantedRows(pass, stretch.where) ?? undefined
  let folder: Folder | undefined
  try {
    for (const each of parts) {
      const { part, rowGroup } = each
      folder ??= new Folder(pass.aggregate, context.registry, memory())
      folder.begin(touch?.reachOf(part) ?? null)
      const told = await foldRowGroup(stretch, each, wanted, folder, context)
      if (touch) {
        const goesOn = stretch.whole && each !== parts[parts.length - 1]
        const partial = finished(folder, part, goesOn ? null : touch, stretch.byTime, {
          file: file.relative,
          rowGroup,
          pass: pass.name,
        })
        const { early } = partial
        const bars = early && derived(early.bars, pass, ['entity', 'label'], context.registry)
        yield { ...partial, ...told, early: early && bars ? { ...early, bars } : null }
        continue
      }
      yield { ...(stretch.pieces ? folder.finishPiece(part) : folder.finish()), ...told }
      folder.free()
      folder = undefined
    }
  } finally {
    folder?.free()
  }
}

/** Ends a row group; a fault names its place. */
function finished(folder: Folder, part: number, touch: Touch | null, byTime: boolean, place: Where): Partial {
  try {
    return folder.finishPart(part, touch, byTime)
  } catch (error) {
    throw faultOf(error, place)
  }
}

/** Folds one row group; returns how many values were not finite, by column, and how many rows were not read. */
async function foldRowGroup(
  stretch: Stretch,
  part: StretchPart,
  wanted: Wanted | undefined,
  folder: Folder,
  { registry, scan, reference, signal, alive }: FoldContext,
): Promise<Told> {
  const { pass, file, where, taken, auctions } = stretch
  const place = { file: file.relative, rowGroup: part.rowGroup, pass: pass.name }
  try {
    const loops = new WasmLoops(memory())
    const steps = rowSteps(pass, where, { registry, reference, signal, loops, taken, auctions, where: place })
    const start = firstRowOf(file, part.rowGroup)
    const told: Told = { nonFinite: {}, unread: 0 }
    const chunks = part.shredded
      ? chunksOfSegments(part.shredded, pass, stretch.batchRows)
      : chunksOfFile(stretch, part.rowGroup, wanted, { scan, signal }, told)
    for await (const { chunk, first, numbers } of chunks) {
      signal?.throwIfAborted()
      alive?.()
      chunk.first = stretch.rowsBefore + start + first
      try {
        for (const step of steps) step(chunk)
        folder.consume(chunk)
      } catch (error) {
        const { fault, problem, where } = faultOf(error, place)
        if (where.row === undefined) throw error
        const row = numbers ? numbers[where.row] : first + where.row
        throw new BasaltError(fault, problem, { ...where, row: start + row })
      }
    }
    return told
  } catch (error) {
    throw faultOf(error, place)
  }
}

/** Computes the columns of bars from their folds, and keeps columns of these names. */
export function derived(bars: Frame, { derive }: PassPlan, keep: readonly string[], registry: Registry): Frame {
  const { frame } = registry.get('operators', 'derive')
  if (!frame) throw new BasaltError('internal', 'columns of bars are computed of no frame')
  return frame({ keep, columns: derive }, { registry, where: {} })(bars)
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
