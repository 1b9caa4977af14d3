import {
  CONTINUOUS,
  type Context,
  type Listing,
  listingAt,
  type StandingPlan,
  type StandingValues,
  TRUE,
} from '../core/index.js'
import { eachState, StateRows, type StatesTable } from './market-states.js'

/** Reads from market states where continuous trading ends, for values that are looked up ahead. */
export class TradingEnds {
  private readonly rows: StateRows
  private readonly known = new Map<number, Promise<Map<Listing, number[]>>>()

  constructor(
    table: StatesTable,
    private readonly plan: NonNullable<StandingPlan['states']>,
    context: Omit<Context, 'where'>,
  ) {
    this.rows = new StateRows(table, context)
  }

  /** Puts the ends that market states tell in the place of those that quotes told; listings they do not know keep these. */
  async over(values: StandingValues): Promise<StandingValues> {
    const { days, listings, breakStarts, breaks } = values
    const starts = new Int32Array(days.length + 1)
    const all: number[] = []
    for (let e = 0; e < days.length; e++) {
      starts[e] = all.length
      const ends = (await this.of(days[e])).get(listingAt(listings, e) as Listing)
      for (const end of ends ?? breaks.subarray(breakStarts[e], breakStarts[e + 1])) all.push(end)
    }
    starts[days.length] = all.length
    return { ...values, breakStarts: starts, breaks: Float64Array.from(all), untilBreaks: true }
  }

  private of(day: number): Promise<Map<Listing, number[]>> {
    const known = this.known.get(day)
    if (known) return known
    const ends = this.endsOf(day)
    this.known.set(day, ends)
    ends.catch(() => {}) // who waits for it is told
    return ends
  }

  private async endsOf(day: number): Promise<Map<Listing, number[]>> {
    const ends = new Map<Listing, number[]>()
    eachState(day, await this.rows.of(day, TRUE), this.plan.sessionEnd, ({ listing, state, from, to }) => {
      const own = ends.get(listing) ?? []
      ends.set(listing, own)
      if (state !== CONTINUOUS || to <= from) return
      // A row that says again what holds already ends nothing.
      if (own.at(-1) === from) own[own.length - 1] = to
      else own.push(to)
    })
    return ends
  }
}
