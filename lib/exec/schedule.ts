import { compareListings, listingBounds, listingOf, type PassPlan, type Span, type Unit } from '../core/index.js'
import type { GatheringPlan } from '../fold/index.js'
import { distinctOf } from '../io/index.js'
import { filesMeet, needsDay, spansOf } from '../plan/index.js'
import type { RunOptions } from './run.js'
import type { ShreddedBatch } from './shreds.js'
import type { Window } from './standing.js'
import type { Stretch, StretchPart } from './stretch.js'
import { cutStretches } from './stretches.js'
import { unitRows } from './unit.js'
import { readableUnit } from './wanted.js'

/** How a unit is folded: stretches in the order in which they are started, and how their bars come together. */
export interface Schedule {
  stretches: Stretch[]
  gathering: GatheringPlan | null
  /** The unit without the row groups that are not read. */
  unit: Unit
}

/**
 * Cuts a unit into stretches. Row groups of which no row can be wanted are left out. Where it is known what row groups
 * hold, bars are finished early. With `pieces`, each row group makes its own piece of a sequence.
 */
export async function scheduleOf(all: Unit, options: RunOptions, pieces = false): Promise<Schedule> {
  const { pass, files, batchRows, order } = options
  const shredded = await options.shreds?.of(all)
  const rows = options.where(all)
  const where = shredded?.alone ? rows : unitRows(all, rows)
  const unit = shredded ? shreddedUnit(all, shredded) : readableUnit(all, pass, where, files)
  const { rule, entity } = pass.aggregate
  const numeric = entity[entity.length - 1].type === 'i64'
  const spans = await knownSpans(unit, options, numeric, shredded)
  const take = options.taken?.(unit)
  const auctions = await options.auctions?.(unit)
  const before = rowsBefore(files)
  const stretch = (parts: StretchPart[], near: Span[] | null): Stretch => {
    const { file } = unit.parts[parts[0].part]
    return {
      pass,
      file: files[file],
      parts: shredded ? parts.map(each => ({ ...each, shredded: shredded.rowsOf(unit.parts[each.part]) })) : parts,
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
  const known = { spans, width, numeric }
  const cut = cutStretches(unit, known, options, part => rowsOfPart(unit.parts[part], files, shredded))
  const { near } = cut
  return {
    stretches: cut.stretches.map(({ parts, whole }) => {
      const wanted = new Set(parts.flatMap(({ part }) => [part, ...near[part]]))
      const seen = spans.filter(({ part }) => wanted.has(part))
      return { ...stretch(parts, seen), ...(whole && { whole }) }
    }),
    gathering: {
      parameters: pass.aggregate,
      spans: cut.spans,
      near,
      columns: barColumns(pass),
      byTime: order === 'time',
    },
    unit,
  }
}

/** Returns a batch with the row groups of which rows were put on disk for it. */
function shreddedUnit(unit: Unit, shredded: ShreddedBatch): Unit {
  const parts = unit.parts.filter(part => shredded.rowsOf(part))
  return { ...unit, parts, rows: parts.reduce((rows, part) => rows + (shredded.rowsOf(part)?.rows ?? 0), 0) }
}

/** Counts the rows that are read of a row group. */
const rowsOfPart = (part: Unit['parts'][number], files: RunOptions['files'], shredded?: ShreddedBatch): number =>
  shredded ? (shredded.rowsOf(part)?.rows ?? 0) : files[part.file].rowGroups[part.rowGroup].rows

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

/**
 * Returns what is known of every part. Dictionaries are read where bounds say that files may share listings, unless rows
 * were put on disk: their listings are known then.
 */
async function knownSpans(
  unit: Unit,
  { pass, files, context }: RunOptions,
  numeric: boolean,
  shredded?: ShreddedBatch,
): Promise<Span[] | null> {
  const spans = spansOf(unit, pass, files, needsDay(pass, context.registry))
  if (spans && shredded) {
    const all = new Map(unit.parts.map(({ file }) => [file, shredded.listingsOf(file)]))
    return spans.map(span => {
      const own = all.get(unit.parts[span.part].file) ?? []
      return own.length > 0 ? { ...span, listings: { all: own } } : span
    })
  }
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
