import {
  type BucketRule,
  type GridPlan,
  type Interval,
  insideLabels,
  type Listing,
  NS_PER_DAY,
  originOffset,
  overlappingLabels,
  type WallInterval,
} from '../core/index.js'
import type { StatesOfDay } from './market-states.js'
import { Roster } from './roster.js'

const NONE = new Float64Array(0)

/** Which listings have which buckets on one day. */
export class DayGrid {
  readonly roster: Roster
  /** Listings whose last state runs to the end of the date. */
  readonly openEnded: number
  private readonly own: ReadonlyMap<Listing, Float64Array> | null
  private readonly all: Float64Array

  private constructor(
    own: ReadonlyMap<Listing, Float64Array> | null,
    all: Float64Array,
    listings: Iterable<Listing>,
    openEnded: number,
  ) {
    this.own = own
    this.all = all
    this.openEnded = openEnded
    this.roster = new Roster(listings)
  }

  /** Lays the same buckets for every listing; `listings` are those that are known beside those with data. */
  static uniform(day: number, plan: GridPlan, rule: BucketRule, listings: Iterable<Listing>): DayGrid {
    const wall = wallInterval(day, plan) ?? null
    const all = wall ? insideLabels(onClock(wall, day, plan), originOffset(rule, day), rule) : NONE
    return new DayGrid(null, all, all.length > 0 ? listings : [], 0)
  }

  /** Lays the buckets of market states. */
  static ofStates(day: number, plan: GridPlan, rule: BucketRule, states: StatesOfDay): DayGrid {
    const origin = originOffset(rule, day)
    const wall = wallInterval(day, plan)
    const limits = wall && onClock(wall, day, plan)
    const own = new Map<Listing, Float64Array>()
    for (const [listing, intervals] of states.intervals) {
      const inside = wall === null ? [] : limits ? intervals.flatMap(each => within(each, limits)) : intervals
      const padded = inside.map(({ from, to }) => ({ from: from - plan.pad, to: to + plan.pad }))
      if (padded.length > 0) own.set(listing, overlappingLabels(padded, origin, rule))
    }
    return new DayGrid(own, NONE, own.keys(), states.openEnded)
  }

  /** Names a listing that has data. */
  name(listing: Listing): void {
    if (!this.own && this.all.length > 0) this.roster.add(listing)
  }

  sessions(listing: Listing | null): Float64Array {
    if (listing === null) return NONE
    return this.own ? (this.own.get(listing) ?? NONE) : this.all
  }
}

/** Returns the wall times of a day, null for a day without a grid; undefined where nothing limits it. */
function wallInterval(day: number, { mode, calendar, interval }: GridPlan): WallInterval | null | undefined {
  if (Object.hasOwn(calendar, day)) return calendar[day]
  return mode === 'uniform' ? interval : undefined
}

/** Turns wall times into ns after the UTC midnight of the day. */
function onClock([start, end]: WallInterval, day: number, { zone }: GridPlan): Interval {
  const at = (time: number) =>
    // 24:00 is the midnight that ends the day: that of the next one.
    time === NS_PER_DAY
      ? originOffset({ origin: 0, zone }, day + 1) + NS_PER_DAY
      : originOffset({ origin: time, zone }, day)
  return { from: at(start), to: at(end) }
}

function within({ from, to }: Interval, limits: Interval): Interval[] {
  const [first, last] = [Math.max(from, limits.from), Math.min(to, limits.to)]
  return last > first ? [{ from: first, to: last }] : []
}
