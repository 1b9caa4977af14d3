import {
  type BucketRule,
  type Column,
  compareListings,
  type GrowingColumn,
  intervalStart,
  type Listing,
  listingAt,
  listingBounds,
  listingOf,
  type Span,
} from '../core/index.js'

/** Tells which cells a row group may touch, by what is known of it before it is read. */
export class Reach {
  /** The first of its listings, as far as is known. */
  readonly least: Listing
  private readonly greatest: Listing
  private readonly listed: Set<Listing> | null
  private readonly members: number[] = [] // by entity: 1 it may hold rows of it, 0 it holds none

  constructor(
    readonly span: Span,
    numeric: boolean,
  ) {
    const { listings } = span
    this.listed = 'all' in listings ? new Set(listings.all.map(text => listingOf(text, numeric))) : null
    const { least, greatest } = listingBounds(span, numeric)
    this.least = least
    this.greatest = greatest
  }

  /** Tells whether rows of an entity may be in it; `listings` are the listings of entities by number. */
  mayHold(entity: number, listings: Column): boolean {
    const known = this.members[entity]
    if (known !== undefined) return known === 1
    const member = this.holdsListing(entity, listings)
    this.members[entity] = member ? 1 : 0
    return member
  }

  /** Tells whether it may hold an entity that comes before this one in order of listing, or this one itself. */
  mayPrecede(entity: number, listings: Column): boolean {
    const listing = listingAt(listings, entity)
    return listing === null || compareListings(this.least, listing) <= 0 // null comes last
  }

  private holdsListing(entity: number, listings: Column): boolean {
    const listing = listingAt(listings, entity)
    if (listing === null) return this.span.nulls
    if (this.listed) return this.listed.has(listing)
    return compareListings(this.least, listing) <= 0 && compareListings(listing, this.greatest) <= 0
  }
}

/** Returns the first and the last instant of the bucket of a label, in ns after midnight, both included. */
export function bucketSpan(label: number, rule: BucketRule): { from: number; to: number } {
  if (rule.mode === 'daily_analytics') return { from: -Infinity, to: Infinity }
  const from = intervalStart(label, rule)
  return { from, to: rule.mode === 'sparse_original' ? from : from + rule.width }
}

/** What becomes of a cell when a row group has been folded. */
export const FATE = { done: 0, kept: 1, open: 2 } as const

/** Decides, at the end of each row group of a stretch, which cells are done. */
export class Touch {
  private readonly reaches: Reach[]

  /** `stretch` lists the parts that are folded here one after another; `spans` are of them and of all that come near. */
  constructor(
    spans: readonly Span[],
    private readonly stretch: readonly number[],
    private readonly rule: BucketRule,
    numeric: boolean,
  ) {
    this.reaches = spans.map(span => new Reach(span, numeric))
  }

  /** Returns what a part of the stretch may hold, as its footer states. */
  reachOf(part: number): Reach | undefined {
    return this.reaches.find(({ span }) => span.part === part)
  }

  /**
   * Returns the fate of each cell after part `part`. A cell that an earlier part of elsewhere may have touched leaves
   * with the sum of this row group alone (semantics 3.3: only a prefix may be added up early); one that waits for a part
   * of this stretch is kept; one that a later part of elsewhere may touch leaves open.
   */
  fates(part: number, owners: Int32Array, labels: Float64Array, listings: GrowingColumn): Uint8Array {
    const column = listings.view()
    const start = this.stretch[0]
    const before = this.reaches.filter(({ span }) => span.part < start)
    const own = this.reaches.filter(({ span }) => span.part > part && this.stretch.includes(span.part))
    const after = this.reaches.filter(({ span }) => span.part > part && !this.stretch.includes(span.part))
    const fates = new Uint8Array(owners.length)
    const near = [...before, ...own, ...after]
    const shared: boolean[] = [] // by entity: some other part may hold it
    let from = 0
    let to = 0
    const touched = (reaches: Reach[], entity: number) =>
      reaches.some(reach => reach.span.first <= to && reach.span.last >= from && reach.mayHold(entity, column))
    for (let cell = 0; cell < fates.length; cell++) {
      const entity = owners[cell]
      shared[entity] ??= near.some(reach => reach.mayHold(entity, column))
      if (!shared[entity]) continue
      const span = bucketSpan(labels[cell], this.rule)
      from = span.from
      to = span.to
      if (touched(before, entity)) fates[cell] = FATE.open
      else if (touched(own, entity)) fates[cell] = FATE.kept
      else if (touched(after, entity)) fates[cell] = FATE.open
    }
    return fates
  }
}
