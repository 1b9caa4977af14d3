import {
  type ColumnBinding,
  compareListings,
  type DataFile,
  listingBounds,
  listingOf,
  type PassPlan,
  type Span,
  type Unit,
} from '../core/index.js'
import { partsByFile } from './units.js'

const NS = { s: 1_000_000_000n, ms: 1_000_000n, us: 1000n, ns: 1n, auto: 1n } as const
const NS_PER_DAY = 86_400_000_000_000n

/**
 * Returns what each part of a unit may hold, by its footer; null where footers do not tell of all parts, or where bars
 * need rows of their listing's whole day: they are then finished when all parts are done.
 */
export function spansOf(unit: Unit, pass: PassPlan, files: readonly DataFile[], needsDay: boolean): Span[] | null {
  const { day } = unit
  const binding = (name: string) => pass.bindings.find(each => each.name === name)
  const [date, time, listing] = ['Date', 'EventTime', 'ListingId'].map(binding)
  if (day === null || needsDay || pass.aggregate.rule === null || pass.aggregate.apart) return null
  if (date?.partition !== 'date' || !time?.source || !listing) return null
  const spans: Span[] = []
  for (const [part, { file, rowGroup }] of unit.parts.entries()) {
    const times = timesOf(files[file], rowGroup, time, BigInt(day) * NS_PER_DAY)
    const listings = listingsOf(files[file], rowGroup, listing)
    if (!times || !listings) return null
    spans.push({ part, ...times, ...listings })
  }
  return spans
}

function timesOf(
  { columns, rowGroups }: DataFile,
  rowGroup: number,
  { source, timeUnit = 'auto', timeZone = 'UTC' }: ColumnBinding,
  midnight: bigint,
): Pick<Span, 'first' | 'last'> | undefined {
  const bounds = rowGroups[rowGroup].bounds[source as string]
  const column = columns.find(({ name }) => name === source)
  if (!bounds || !column) return undefined
  // Bounds of what is no stamp: reading the rows says so.
  if (column.type !== 'ts' && column.type !== 'i64' && column.type !== 'i32') return undefined
  // Bounds of naive stamps are wall times; those of another zone are elsewhere.
  if (timeZone !== 'UTC' && !column.physical.includes('UTC')) return undefined
  const tick = column.type === 'ts' ? 1n : NS[timeUnit]
  const [first, last] = [bounds.min, bounds.max].map(bound => Number(BigInt(bound) * tick - midnight))
  return Math.abs(first) <= Number.MAX_SAFE_INTEGER && Math.abs(last) <= Number.MAX_SAFE_INTEGER
    ? { first, last }
    : undefined
}

function listingsOf(
  { columns, rowGroups, mic }: DataFile,
  rowGroup: number,
  { source, type, partition, constant }: ColumnBinding,
): Pick<Span, 'listings' | 'nulls'> | undefined {
  if (source === null) {
    const value = partition === 'mic' ? mic : constant
    if (partition !== undefined && partition !== 'mic') return undefined
    return value === null || value === undefined ? undefined : { listings: { all: [String(value)] }, nulls: false }
  }
  const column = columns.find(({ name }) => name === source)
  const bounds = rowGroups[rowGroup].bounds[source]
  // Bounds are of what the file holds: they say nothing of values that are read as another type.
  const same = column?.type === type || (column?.type === 'i32' && type === 'i64')
  if (!bounds || !same) return undefined
  return { listings: { min: String(bounds.min), max: String(bounds.max) }, nulls: bounds.nulls !== 0 }
}

/** Lists, for each part, the parts that may touch what it touches: a bucket of a listing that both may hold. */
export function nearParts(spans: readonly Span[], width: number, numeric: boolean): number[][] {
  const bounds = spans.map(span => listingBounds(span, numeric))
  const bits = bitsOf(spans)
  const near: number[][] = spans.map(() => [])
  for (let a = 0; a < spans.length; a++) {
    for (let b = a + 1; b < spans.length; b++) {
      if (spans[a].first - width > spans[b].last || spans[b].first - width > spans[a].last) continue
      const nulls = spans[a].nulls && spans[b].nulls
      const apart = !meet(bounds[a], bounds[b]) || disjoint(bits[a], bits[b])
      if (apart && !nulls) continue
      near[a].push(b)
      near[b].push(a)
    }
  }
  return near
}

/** Tells whether parts of different files may share a listing, as far as their bounds tell. */
export function filesMeet(spans: readonly Span[], unit: Unit, numeric: boolean): boolean {
  const bounds = partsByFile(unit).map(parts => parts.map(part => listingBounds(spans[part], numeric)).reduce(joined))
  return bounds.some((a, i) => bounds.some((b, j) => j > i && meet(a, b)))
}

/** Returns what several parts may hold together, under the number of the first. */
export function joinedSpan(spans: readonly Span[], numeric: boolean): Span {
  const byListing = (a: string, b: string) => compareListings(listingOf(a, numeric), listingOf(b, numeric))
  const known = spans.every(({ listings }) => 'all' in listings)
  const all = known ? [...new Set(spans.flatMap(({ listings }) => ('all' in listings ? listings.all : [])))] : []
  const { least, greatest } = spans.map(span => listingBounds(span, numeric)).reduce(joined)
  return {
    part: spans[0].part,
    first: Math.min(...spans.map(({ first }) => first)),
    last: Math.max(...spans.map(({ last }) => last)),
    listings: known ? { all: all.sort(byListing) } : { min: String(least), max: String(greatest) },
    nulls: spans.some(({ nulls }) => nulls),
  }
}

type Bounds = ReturnType<typeof listingBounds>

const meet = (a: Bounds, b: Bounds): boolean =>
  compareListings(a.least, b.greatest) <= 0 && compareListings(b.least, a.greatest) <= 0

const joined = (a: Bounds, b: Bounds): Bounds => ({
  least: compareListings(a.least, b.least) <= 0 ? a.least : b.least,
  greatest: compareListings(a.greatest, b.greatest) >= 0 ? a.greatest : b.greatest,
})

/** Returns sets of listings as bits, null where only bounds are known. */
function bitsOf(spans: readonly Span[]): (Uint32Array | null)[] {
  const numbers = new Map<string, number>()
  for (const { listings } of spans) {
    if ('all' in listings) for (const each of listings.all) if (!numbers.has(each)) numbers.set(each, numbers.size)
  }
  return spans.map(({ listings }) => {
    if (!('all' in listings)) return null
    const bits = new Uint32Array((numbers.size >> 5) + 1)
    for (const each of listings.all) {
      const number = numbers.get(each) as number
      bits[number >> 5] |= 1 << (number & 31)
    }
    return bits
  })
}

function disjoint(a: Uint32Array | null, b: Uint32Array | null): boolean {
  if (!a || !b) return false
  for (let word = 0; word < a.length; word++) if (a[word] & b[word]) return false
  return true
}
