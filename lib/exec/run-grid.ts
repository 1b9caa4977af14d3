import {
  type Context,
  compareListings,
  dayText,
  type Expr,
  type Grid,
  type GridListing,
  type GridPlan,
  type Listing,
  type PassPlan,
  type Unit,
} from '../core/index.js'
import { DayGrid } from './day-grid.js'
import { MarketStates, type StatesOfDay, type StatesTable } from './market-states.js'
import type { SeenListings } from './seen-listings.js'

/** What the grid of a pass is made from. */
export interface GridSources {
  plan: PassPlan
  /** The table of market states; null for a uniform grid. */
  states: StatesTable | null
  /** Listings of the universe on a day that are known without data: the reference table's. */
  listings: (day: number) => Listing[]
  /** The condition that rows of the universe meet on a day. */
  universe: (day: number) => Expr
  context: Omit<Context, 'where'>
  warn: (text: string) => void
}

/** A day that is being laid out. */
interface OpenDay {
  day: number
  grid: DayGrid
  states: StatesOfDay | null
}

/** The grid of a run: days are laid out when rows of them, or of a later one, are asked about. */
export class RunGrid implements Grid {
  dropped = 0
  private readonly reader: MarketStates | null
  private readonly plan: GridPlan
  private seen: SeenListings | null = null
  private open: OpenDay | null = null
  private readonly days = new Map<number, Set<Listing>>() // days to come and the one at hand: listings with rows
  private lost: 'all' | Set<Listing> = new Set()

  constructor(private readonly sources: GridSources) {
    this.plan = sources.plan.timeline?.grid as GridPlan
    this.reader = sources.states && new MarketStates(sources.states, this.plan, sources.context)
  }

  /** Begins the unit of a day, or of all days where files state none. */
  begin(day: number | null, seen: SeenListings): void {
    this.seen = seen
    this.open = null
    this.lost = new Set()
    this.days.clear()
    if (day !== null) this.days.set(day, new Set())
  }

  /** Forgets the listings of a failed unit. */
  lose({ listings }: Unit): void {
    if (listings === null) this.lost = 'all'
    else if (this.lost !== 'all') {
      const { entity } = this.sources.plan.aggregate
      const numeric = entity[entity.length - 1].type === 'i64'
      for (const each of listings) if (each !== null) this.lost.add(numeric ? BigInt(each) : each)
    }
  }

  async before(day: number, listing: Listing | null): Promise<GridListing[]> {
    this.name()
    // Rows without a listing are of no listing with rows.
    if (Number.isFinite(day) && !this.days.has(day)) this.days.set(day, new Set())
    const found: GridListing[] = []
    for (;;) {
      this.open ??= await this.next(day)
      const { open } = this
      if (!open) return found
      for (const each of open.grid.roster.before(open.day < day ? null : listing)) {
        if (this.whole(open.day, each)) found.push(this.absent(open, each))
      }
      if (open.day >= day) return found
      this.close(open)
    }
  }

  sessions(_day: number, listing: Listing | null): Float64Array {
    return (this.open as OpenDay).grid.sessions(listing)
  }

  whole(_day: number, listing: Listing | null): boolean {
    return this.lost !== 'all' && (listing === null || !this.lost.has(listing))
  }

  /** Takes in which listings have rows by now. */
  private name(): void {
    for (const { day, listing } of this.seen?.takeFresh() ?? []) {
      const listings = this.days.get(day)
      if (listings) listings.add(listing)
      else this.days.set(day, new Set([listing]))
      if (this.open?.day === day) this.open.grid.name(listing)
    }
  }

  /** Opens the first of the days that have not been laid out, up to `limit`. */
  private async next(limit: number): Promise<OpenDay | null> {
    const day = Math.min(...this.days.keys())
    if (this.days.size === 0 || day > limit) return null
    const { rule } = this.sources.plan.aggregate
    if (!rule) return null
    const states = this.reader && (await this.reader.of(day, this.sources.universe(day)))
    const grid = states
      ? DayGrid.ofStates(day, this.plan, rule, states)
      : DayGrid.uniform(day, this.plan, rule, this.sources.listings(day))
    for (const listing of this.days.get(day) as Set<Listing>) grid.name(listing)
    return { day, grid, states }
  }

  private close(open: OpenDay): void {
    this.open = null
    const seen = this.days.get(open.day) as Set<Listing>
    this.days.delete(open.day)
    if (open.states && this.lost !== 'all') this.warnOf(open, open.states, seen)
  }

  /** Says what the table of market states lacks. */
  private warnOf({ day, grid }: OpenDay, states: StatesOfDay, seen: Set<Listing>): void {
    const { sources, plan } = this
    const where = `${sources.plan.name}@${dayText(day)}`
    const without = [...new Set([...states.listings, ...seen])]
      .filter(listing => grid.sessions(listing).length === 0)
      .sort(compareListings)
    if (without.length > 0 && plan.calendar[day] !== null) {
      const named = plan.states.join(' or ')
      sources.warn(
        `${where}: ${without.length} listings have no rows of the grid, for marketstate has no interval of ${named} of them; the first ${without[0]}`,
      )
    }
    if (states.openEnded > 0) {
      sources.warn(
        `${where}: ${states.openEnded} listings are in a state of the grid when their rows of marketstate end; their grid runs to the end of the date (DATA.session_end ends it earlier)`,
      )
    }
  }

  private absent({ day, grid, states }: OpenDay, listing: Listing): GridListing {
    const entity = this.seen?.find(day, listing) ?? -1
    return {
      day,
      listing,
      sessions: grid.sessions(listing),
      seen: entity >= 0,
      attribute: name =>
        (entity >= 0 ? this.seen?.attribute(name, entity) : null) ?? states?.attributes.get(name)?.get(listing) ?? null,
    }
  }
}
