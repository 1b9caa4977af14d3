import {
  type DataFile,
  NS_PER_DAY,
  type PassPlan,
  type Registry,
  type Span,
  scopeOf,
  type Unit,
} from '../core/index.js'
import { barBytes, stateBytes } from './floor.js'
import { haveFewRows } from './scattered.js'
import { nearParts, spansOf } from './spans.js'
import { partsByFile } from './units.js'

/** What a unit is expected to hold in memory, in bytes. */
export interface Estimate {
  rows: number
  /** Compressed bytes of the needed columns. */
  bytes: number
  /** Rows of which something is kept until others have been read. */
  waiting: number
  /** Why they wait; null where none do. */
  because: 'day' | 'auctions' | 'unordered' | 'unbounded' | null
  /** Files are in no order, so that row groups hold few rows of each of their cells. */
  scattered: boolean
  /** What is kept of them. Memory of reading and of output is the pass's floor. */
  memory: number
  /** What is kept of some rows of one listing. */
  ofListing: (rows: number) => number
}

const CELL_BYTES = 80 // of a cell that waits, in maps, measured
const ROWS_A_CELL = 3 // of rows in no order: 5 in a day of 2 million trades and 1-minute bars
const LOG_BYTES = 16 // cell and time of a logged row
const FEW_NEAR = 8 // row groups of which some rows may lie between one another's
const SEQUENCE_BYTES = 20 // feed, sequence number and place in total order of a row that a sequence is made of

/**
 * Estimates a unit from its footers. With `early`, bars that no row group to come can touch are taken to leave; otherwise
 * all of them are taken to wait for the last row.
 */
export function estimateUnit(
  unit: Unit,
  pass: PassPlan,
  files: readonly DataFile[],
  registry: Registry,
  early: boolean,
): Estimate {
  const sources = new Set(pass.bindings.flatMap(({ source }) => source ?? []))
  let bytes = 0
  for (const { file, rowGroup } of unit.parts) {
    const facts = files[file].rowGroups[rowGroup]
    for (const source of sources) bytes += facts.bytes[source] ?? 0
  }
  const known = waitingRows(unit, pass, files, registry)
  const { waiting, because } = early ? known : { waiting: unit.rows, because: null }
  const { folds, sequence } = pass.aggregate
  const series = folds.filter(({ kernel }) => registry.get('kernels', kernel).kind === 'series').length
  const cell = (stateBytes(pass, registry) + CELL_BYTES + 2 * barBytes(pass)) / ROWS_A_CELL
  const log = series > 0 ? LOG_BYTES + 8 * series : 0
  const day = sequence ? LOG_BYTES + SEQUENCE_BYTES + 8 * sequence.inputs.length : 0
  const share = unit.rows === 0 ? 0 : waiting / unit.rows
  const most = bucketsOf(pass) * (stateBytes(pass, registry) + CELL_BYTES + 2 * barBytes(pass))
  return {
    rows: unit.rows,
    bytes,
    waiting,
    because,
    scattered:
      known.because === 'unordered' &&
      haveFewRows(
        unit.parts.map(({ file, rowGroup }) => ({
          rows: files[file].rowGroups[rowGroup].rows,
          listings: null,
          buckets: bucketsOf(pass),
        })),
      ),
    memory: Math.ceil(waiting * (cell + log + day)),
    ofListing: rows => share * (Math.min(rows * cell, most) + rows * (log + day)),
  }
}

/** Returns how many buckets a listing has on a date at most; infinity where they are as many as its rows. */
function bucketsOf({ aggregate: { rule, apart } }: PassPlan): number {
  if (!rule || apart || rule.mode === 'sparse_original') return Infinity
  return rule.mode === 'daily_analytics' ? 1 : NS_PER_DAY / rule.width + 1
}

/** Tells whether some fold needs the rows of its listing's whole day. */
export function needsDay({ aggregate }: PassPlan, registry: Registry): boolean {
  return aggregate.folds.some(({ kernel: name, parameters }) => {
    const kernel = registry.get('kernels', name)
    return kernel.kind === 'sequence' || (kernel.kind === 'series' && scopeOf(kernel, parameters) === 'day')
  })
}

/**
 * Tells whether each row group of a unit makes its own piece of a sequence: where pieces can be put together, and bounds
 * say that rows are in some order, so that few pieces of a listing can overlap.
 */
export function isMadeInPieces(unit: Unit, pass: PassPlan, files: readonly DataFile[], registry: Registry): boolean {
  const { sequence, folds, entity } = pass.aggregate
  const kernel = sequence && registry.get('kernels', folds[sequence.fold].kernel)
  if (kernel?.kind !== 'sequence' || !kernel.pieces) return false
  const spans = spansOf(unit, pass, files, false)
  if (!spans) return false
  const near = nearParts(spans, 0, entity[entity.length - 1].type === 'i64')
  const most = Math.max(FEW_NEAR, spans.length / 4)
  return near.reduce((sum, each) => sum + each.length, 0) <= most * spans.length
}

/**
 * Counts the rows that wait for one another at once: within files, as different ones have listings of their own more
 * often than not.
 */
function waitingRows(
  unit: Unit,
  pass: PassPlan,
  files: readonly DataFile[],
  registry: Registry,
): Pick<Estimate, 'waiting' | 'because'> {
  if (isMadeInPieces(unit, pass, files, registry)) return { waiting: 0, because: null }
  if (needsDay(pass, registry)) return { waiting: unit.rows, because: 'day' }
  if (pass.aggregate.apart) return { waiting: unit.rows, because: 'auctions' }
  const spans = spansOf(unit, pass, files, false)
  if (!spans) return { waiting: unit.rows, because: 'unbounded' }
  const { rule } = pass.aggregate
  const width = rule?.mode === 'sparse_digitised' ? rule.width : rule?.mode === 'daily_analytics' ? Infinity : 0
  let waiting = 0
  for (const parts of partsByFile(unit)) {
    const extents = parts.map(part => extentOf(spans[part]))
    for (const [i, part] of parts.entries()) {
      const { file, rowGroup } = unit.parts[part]
      const { span, single } = extents[i]
      // However many rows a listing has, no more wait of it than it has buckets.
      const most = single && width > 0 ? (span.last - span.first) / width + 1 : Infinity
      const { rows } = files[file].rowGroups[rowGroup]
      waiting += Math.min(meetingShare(extents[i], extents, width) * rows, most * ROWS_A_CELL)
    }
  }
  return { waiting: Math.ceil(waiting), because: waiting > unit.rows / 10 ? 'unordered' : null }
}

/** What is compared of a row group with the others of its file. */
interface Extent {
  span: Span
  /** It is known to have one listing only. */
  single: boolean
  /** Bounds of numeric listings; null where listings are text, whose distances say nothing. */
  bounds: { min: number; max: number } | null
}

function extentOf(span: Span): Extent {
  const { listings } = span
  const single = 'all' in listings ? listings.all.length === 1 : listings.min === listings.max
  const [least, greatest] = 'all' in listings ? [listings.all[0], listings.all.at(-1)] : [listings.min, listings.max]
  const [min, max] = [Number(least), Number(greatest)]
  return { span, single, bounds: Number.isFinite(min) && Number.isFinite(max) ? { min, max } : null }
}

/** Estimates which share of a row group's rows lie in buckets that others of its file may touch. */
function meetingShare(own: Extent, extents: readonly Extent[], width: number): number {
  let share = 0
  for (const other of extents) {
    if (other !== own) share += overlap(own, other, width)
    if (share >= 1) return 1
  }
  return share
}

/** Estimates which share of a row group's rows lie in buckets that another one may touch, by where their bounds meet. */
function overlap({ span, single, bounds: a }: Extent, { span: other, bounds: b }: Extent, width: number): number {
  const time = Math.min(span.last, other.last) - Math.max(span.first, other.first)
  if (time < -width) return 0
  const times = Math.min(1, (Math.max(0, time) + Math.min(width, 1e15)) / Math.max(1, span.last - span.first))
  if (!a || !b) return times
  const [from, to] = [Math.max(a.min, b.min), Math.min(a.max, b.max)]
  if (to < from) return 0
  return single ? times : times * Math.min(1, (to - from) / (a.max - a.min))
}
