import { compareListings, listingBounds, type Span, type Unit } from '../core/index.js'
import { haveFewRows, joinedSpan, nearParts, partsByFile } from '../plan/index.js'
import type { RunOptions } from './run.js'
import type { StretchPart } from './stretch.js'

/** How a unit is cut into stretches. */
export interface Cut {
  stretches: CutStretch[]
  /** What each part may touch until it has been told done. */
  spans: readonly Span[]
  /** Parts that may touch what a part touches, by part. */
  near: readonly (readonly number[])[]
}

interface CutStretch {
  parts: StretchPart[]
  /** Its row groups end together. */
  whole: boolean
}

/** What footers and dictionaries tell of the parts of a unit. */
interface Known {
  spans: readonly Span[]
  /** Of a bucket, ns. */
  width: number
  numeric: boolean
}

const MOST_ROWS = 1_000_000 // of a stretch: the bars of two stretches wait for each other at their seam
const MOST_TAKING_ROWS = 262_144 // of one whose rows take values of other rows: what they see is in memory meanwhile
const SHARES = 6 // stretches a worker gets at least, so that none works alone at the end

/** Cuts a unit into stretches, in the order in which they are started; `rowsOf` counts what is read of a part. */
export function cutStretches(unit: Unit, known: Known, options: RunOptions, rowsOf: (part: number) => number): Cut {
  const { spans, width, numeric } = known
  const near = nearParts(spans, width, numeric)
  const files = partsByFile(unit)
  const scattered = files.map(parts => isScattered(parts, known, near, rowsOf))
  const cut = stretchesOf(unit, spans, options, numeric, rowsOf)
  if (!scattered.includes(true)) {
    const stretches = cut.sort(inOrder(spans, options.order, numeric)).map(parts => ({ parts, whole: false }))
    return { stretches, spans, near }
  }
  const together = files.map(parts => {
    const own = parts.map(part => spans[part])
    return joinedSpan(own, numeric)
  })
  // Only a prefix of the row groups of a cell may be added up early (semantics 3.3).
  const isFirst = (f: number) =>
    together.slice(0, f).every(before => nearParts([before, together[f]], width, numeric)[0].length === 0)
  const whole = files.map((_, f) => scattered[f] && isFirst(f))
  const own = files.flatMap((parts, f) => parts.map(part => (whole[f] ? { ...together[f], part } : spans[part])))
  const isWhole = new Set(files.flatMap((parts, f) => (whole[f] ? parts : [])))
  const all = files
    .filter((_, f) => whole[f])
    .map(parts => parts.map(part => ({ part, rowGroup: unit.parts[part].rowGroup })))
  const others = cut.filter(([{ part }]) => !isWhole.has(part))
  const lists = [...all, ...others].sort(inOrder(own, options.order, numeric))
  return {
    stretches: lists.map(parts => ({ parts, whole: isWhole.has(parts[0].part) })),
    spans: own,
    near: nearParts(own, width, numeric),
  }
}

/**
 * Tells whether the row groups of a file hold few rows of most of its cells each, as they do in files in no order: states
 * of each would be as many as rows.
 */
function isScattered(
  parts: readonly number[],
  { spans, width }: Known,
  near: readonly (readonly number[])[],
  rowsOf: (part: number) => number,
): boolean {
  const own = new Set(parts)
  const meeting = parts.reduce((sum, part) => sum + near[part].filter(other => own.has(other)).length, 0)
  if (meeting <= (parts.length * parts.length) / 2) return false
  return haveFewRows(
    parts.map(part => {
      const { listings, first, last } = spans[part]
      const buckets = width === Infinity ? 1 : width > 0 ? (last - first) / width + 1 : Infinity
      return { rows: rowsOf(part), listings: 'all' in listings ? listings.all.length : null, buckets }
    }),
  )
}

/**
 * Joins row groups of one file that follow one another: the first alone, then two, four, … Long stretches carry state on;
 * short ones at the front let the first rows leave when a few row groups of each file have been read. A stretch does not
 * end within row groups of a single listing while it may be longer: those in which that listing begins and ends hold
 * others, too, and as far as footers tell they may touch all its bars, which would be open on either side of the end.
 */
function stretchesOf(
  { parts, rows }: Unit,
  spans: readonly Span[],
  { workers, taken }: RunOptions,
  numeric: boolean,
  rowsOf: (part: number) => number,
): StretchPart[][] {
  const bound = taken ? MOST_TAKING_ROWS : MOST_ROWS
  const most = Math.min(bound, rows / (SHARES * workers))
  const longest = Math.max(most, Math.min(2 * bound, rows / (2 * workers)))
  const lists: StretchPart[][] = []
  let filled = 0
  let limit = 0
  let last = -1
  for (const [part, { file, rowGroup }] of parts.entries()) {
    const own = rowsOf(part)
    const goesOn =
      file === last && (filled + own <= limit || (filled + own <= longest && staysAt(spans, part, numeric)))
    if (!goesOn) {
      limit = Math.min(most, file === last ? Math.max(limit, filled) * 2 : own)
      lists.push([])
      filled = 0
    }
    lists[lists.length - 1].push({ part, rowGroup })
    filled += own
    last = file
  }
  return lists
}

/** Tells whether a listing goes on from the part before into this one, and one of the two holds nothing else. */
function staysAt(spans: readonly Span[], part: number, numeric: boolean): boolean {
  const [before, own] = [part - 1, part].map(each => listingBounds(spans[each], numeric))
  return before.greatest === own.least && (before.least === before.greatest || own.least === own.greatest)
}

/** Orders stretches so that what leaves first is read first. */
function inOrder(spans: readonly Span[], order: 'listing' | 'time', numeric: boolean) {
  const first = ([{ part }]: StretchPart[]) => spans[part].first
  if (order === 'time') return (a: StretchPart[], b: StretchPart[]) => first(a) - first(b) || a[0].part - b[0].part
  const least = ([{ part }]: StretchPart[]) => listingBounds(spans[part], numeric).least
  return (a: StretchPart[], b: StretchPart[]) => compareListings(least(a), least(b)) || a[0].part - b[0].part
}
