import {
  compareListings,
  type Expr,
  listingBounds,
  listingOf,
  type PassPlan,
  type Span,
  type Unit,
} from '../core/index.js'
import type { GatheringPlan } from '../fold/index.js'
import { distinctOf } from '../io/index.js'
import { filesMeet, nearParts, needsDay, spansOf } from '../plan/index.js'
import type { RunOptions } from './run.js'
import type { Window } from './standing.js'
import type { Stretch, StretchPart } from './stretch.js'
import { readableUnit } from './wanted.js'

/** How a unit is folded: stretches in the order in which they are started, and how their bars come together. */
export interface Schedule {
  stretches: Stretch[]
  gathering: GatheringPlan | null
  /** The unit without the row groups that are not read. */
  unit: Unit
}

const MOST_ROWS = 1_000_000 // of a stretch: the bars of two stretches wait for each other at their seam
const MOST_TAKING_ROWS = 262_144 // of one whose rows take values of other rows: what they see is in memory meanwhile
const SHARES = 6 // stretches a worker gets at least, so that none works alone at the end

/**
 * Cuts a unit into stretches. Row groups of which no row can be wanted are left out. Where it is known what row groups
 * hold, bars are finished early. With `pieces`, each row group makes its own piece of a sequence.
 */
export async function scheduleOf(whole: Unit, where: Expr, options: RunOptions, pieces = false): Promise<Schedule> {
  const { pass, files, batchRows, order } = options
  const unit = readableUnit(whole, pass, where, files)
  const { rule, entity } = pass.aggregate
  const numeric = entity[entity.length - 1].type === 'i64'
  const spans = await knownSpans(unit, options, numeric)
  const take = options.taken?.(unit)
  const auctions = await options.auctions?.(unit)
  const before = rowsBefore(files)
  const stretch = (parts: StretchPart[], near: Span[] | null): Stretch => {
    const { file } = unit.parts[parts[0].part]
    return {
      pass,
      file: files[file],
      parts,
      spans: near,
      where,
      batchRows,
      byTime: order === 'time',
      rowsBefore: before[file],
      ...(take && { take: () => take(near && windowOf(spans ?? [], parts, pass, numeric)) }),
      ...(pieces && { pieces }),
      ...(auctions && { auctions }),
    }
  }
  if (!spans) {
    const single = unit.parts.map(({ rowGroup }, part) => stretch([{ part, rowGroup }], null))
    return { stretches: single, gathering: null, unit }
  }
  const width = rule?.mode === 'sparse_digitised' ? rule.width : rule?.mode === 'daily_analytics' ? Infinity : 0
  const near = nearParts(spans, width, numeric)
  const lists = stretchesOf(unit, spans, options, numeric).sort(inOrder(spans, order, numeric))
  return {
    stretches: lists.map(parts => {
      const wanted = new Set(parts.flatMap(({ part }) => [part, ...near[part]]))
      return stretch(
        parts,
        spans.filter(({ part }) => wanted.has(part)),
      )
    }),
    gathering: { parameters: pass.aggregate, spans, near, columns: barColumns(pass), byTime: order === 'time' },
    unit,
  }
}

/** Returns what the rows of a stretch can see of values that stand at their times, and some time from them. */
export function windowOf(
  spans: readonly Span[],
  parts: readonly Pick<StretchPart, 'part'>[],
  { taken }: PassPlan,
  numeric: boolean,
): Window {
  const own = parts.map(({ part }) => spans[part])
  const bounds = own.map(span => listingBounds(span, numeric))
  const all = own.map(({ listings }) => ('all' in listings ? listings.all.map(text => listingOf(text, numeric)) : null))
  const leads = (taken ?? []).flatMap(plan => (plan.by === 'time' ? plan.columns.map(({ lead }) => lead) : []))
  return {
    least: bounds.map(({ least }) => least).reduce((a, b) => (compareListings(a, b) <= 0 ? a : b)),
    greatest: bounds.map(({ greatest }) => greatest).reduce((a, b) => (compareListings(a, b) >= 0 ? a : b)),
    listings: all.includes(null) ? null : new Set(all.flatMap(listings => listings ?? [])),
    from: Math.min(...own.map(({ first }) => first)) + Math.min(0, ...leads),
    to: Math.max(...own.map(({ last }) => last)) + Math.max(0, ...leads),
  }
}

/** Counts the rows of the files of its date before each: what a date has kept stays right whatever others become. */
function rowsBefore(files: RunOptions['files']): number[] {
  const totals = new Map<number | null, number>()
  return files.map(({ day, rowGroups }) => {
    const before = totals.get(day) ?? 0
    totals.set(
      day,
      rowGroups.reduce((total, { rows }) => total + rows, before),
    )
    return before
  })
}

/** Returns what is known of every part; dictionaries are read where bounds say that files may share listings. */
async function knownSpans(unit: Unit, { pass, files, context }: RunOptions, numeric: boolean): Promise<Span[] | null> {
  const spans = spansOf(unit, pass, files, needsDay(pass, context.registry))
  if (!spans || !filesMeet(spans, unit, numeric)) return spans
  const listing = pass.bindings.find(({ name }) => name === 'ListingId')
  for (const span of spans) {
    if (!listing || 'all' in span.listings) continue
    const { file, rowGroup } = unit.parts[span.part]
    const all = await distinctOf(files[file], rowGroup, listing)
    const byListing = (a: string, b: string) => compareListings(listingOf(a, numeric), listingOf(b, numeric))
    if (all && all.length > 0) span.listings = { all: all.sort(byListing) }
  }
  return spans
}

const barColumns = ({ derive }: PassPlan): string[] => derive.map(({ name }) => name)

/**
 * Joins row groups of one file that follow one another: the first alone, then two, four, … Long stretches carry state on;
 * short ones at the front let the first rows leave when a few row groups of each file have been read. A stretch does not
 * end within row groups of a single listing while it may be longer: those in which that listing begins and ends hold
 * others, too, and as far as footers tell they may touch all its bars, which would be open on either side of the end.
 */
function stretchesOf(
  { parts, rows }: Unit,
  spans: readonly Span[],
  { files, workers, taken }: RunOptions,
  numeric: boolean,
): StretchPart[][] {
  const bound = taken ? MOST_TAKING_ROWS : MOST_ROWS
  const most = Math.min(bound, rows / (SHARES * workers))
  const longest = Math.max(most, Math.min(2 * bound, rows / (2 * workers)))
  const lists: StretchPart[][] = []
  let filled = 0
  let limit = 0
  let last = -1
  for (const [part, { file, rowGroup }] of parts.entries()) {
    const own = files[file].rowGroups[rowGroup].rows
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
