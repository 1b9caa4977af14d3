import {
  AUCTION_STATES,
  type AuctionPlan,
  type AuctionTimes,
  type Context,
  type Listing,
  listingColumn,
  type RecordBatch,
  TRUE,
  type Unit,
} from '../core/index.js'
import { eachState, StateRows, type StatesTable } from './market-states.js'

/** An auction of a listing, ns after midnight. */
interface Auction {
  state: number // place in AUCTION_STATES
  from: number
  to: number
}

/** The auctions of one listing's day, in order of time. */
interface Entry {
  day: number
  listing: Listing
  auctions: Auction[]
}

/** Reads from market states when which listing is in an auction, for the rows of units. */
export class AuctionSource {
  private readonly rows: StateRows
  private readonly known = new Map<number | null, Promise<AuctionTimes>>()

  constructor(
    table: StatesTable,
    private readonly plan: AuctionPlan,
    private readonly listingType: 'i64' | 'str',
    context: Omit<Context, 'where'>,
  ) {
    this.rows = new StateRows(table, context)
  }

  /** Reads the auctions of a unit's day, or of all days; once a day, however many units it has. */
  read({ day }: Pick<Unit, 'day'>): Promise<AuctionTimes> {
    const known = this.known.get(day)
    if (known) return known
    const times = this.times(day)
    this.known.set(day, times)
    // Who waits for it is told of a failure; that nobody may wait is no failure of the process.
    times.catch(() => {})
    return times
  }

  private async times(day: number | null): Promise<AuctionTimes> {
    const entries: Entry[] = []
    for (const each of day === null ? await this.rows.days() : [day])
      entries.push(...auctionsOf(each, await this.rows.of(each, TRUE), this.plan))
    return timesOf(entries, this.listingType)
  }
}

/** Lists the auctions of a day. Rows that say again what holds already begin no other auction. */
export function auctionsOf(
  day: number,
  batches: readonly RecordBatch[],
  { sessionEnd }: Pick<AuctionPlan, 'sessionEnd'>,
): Entry[] {
  const entries: Entry[] = []
  eachState(day, batches, sessionEnd, ({ listing, state: name, from, to }) => {
    const state = name === null ? -1 : AUCTION_STATES.indexOf(name)
    if (state < 0 || to <= from) return
    if (entries.at(-1)?.listing !== listing) entries.push({ day, listing, auctions: [] })
    const { auctions } = entries[entries.length - 1]
    const last = auctions.at(-1)
    if (last?.state === state && last.to === from) last.to = to
    else auctions.push({ state, from, to })
  })
  return entries
}

function timesOf(entries: readonly Entry[], listingType: 'i64' | 'str'): AuctionTimes {
  const auctions = entries.flatMap(entry => entry.auctions)
  const starts = new Int32Array(entries.length + 1)
  for (const [e, entry] of entries.entries()) starts[e + 1] = starts[e] + entry.auctions.length
  return {
    days: Int32Array.from(entries, ({ day }) => day),
    listings: listingColumn(
      entries.map(({ listing }) => listing),
      listingType,
    ),
    starts,
    states: Int32Array.from(auctions, ({ state }) => state),
    from: Float64Array.from(auctions, ({ from }) => from),
    to: Float64Array.from(auctions, ({ to }) => to),
  }
}
