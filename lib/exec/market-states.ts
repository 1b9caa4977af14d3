import {
  and,
  BasaltError,
  type Batches,
  type Column,
  type ColumnBinding,
  type Context,
  columnOf,
  concat,
  type DataFile,
  dayText,
  type Expr,
  type GridPlan,
  ge,
  IDENTITY_COLUMNS,
  type Interval,
  type Listing,
  le,
  listingAt,
  MS_PER_DAY,
  NS_PER_DAY,
  originOffset,
  type RecordBatch,
  rankRows,
  type Step,
} from '../core/index.js'
import { readTable } from '../io/index.js'

/** How the table of market states is read. */
export interface StatesTable {
  files: DataFile[]
  /** Files that cannot be opened fail the days that need them. */
  broken: { day: number | null; error: BasaltError }[]
  bindings: ColumnBinding[]
  /** Partition date, filter. */
  steps: Step[]
}

/** What the table says of one day. */
export interface StatesOfDay {
  /** Intervals in the states of the grid, ns after the day's midnight, in order. Listings without one are left out. */
  intervals: Map<Listing, Interval[]>
  /** Every listing of the table on that day. */
  listings: Set<Listing>
  /** Identity columns that the table has, by listing. */
  attributes: Map<string, Map<Listing, string | bigint>>
  /** Listings whose last state is one of the grid and ends with the date, for want of `session_end`. */
  openEnded: number
}

/** Reads the rows of market states day by day. What files without a date hold is kept, once read. */
export class StateRows {
  private undated: RecordBatch[] | undefined

  constructor(
    private readonly table: StatesTable,
    private readonly context: Omit<Context, 'where'>,
  ) {}

  /** Lists the days of all rows, ascending; all files are read. */
  async days(): Promise<number[]> {
    const days = new Set<number>()
    for (const batch of await this.read(this.table.files)) {
      const { values, valid } = columnOf(batch, 'Date') as Column & { type: 'date' }
      for (let row = 0; row < values.length; row++) if (!valid || valid[row]) days.add(values[row])
    }
    return [...days].sort((a, b) => a - b)
  }

  /** Reads the rows of a day that meet a condition. */
  async of(day: number, rows: Expr): Promise<RecordBatch[]> {
    const { files, broken } = this.table
    const fault = broken.find(each => each.day === null || each.day === day)
    if (fault) throw fault.error
    this.undated ??= await this.read(files.filter(file => file.day === null))
    const dated = await this.read(files.filter(file => file.day === day))
    const batches = [...this.undated, ...dated]
    const filter = this.context.registry.get('operators', 'filter')
    const context = { ...this.context, where: {} }
    const wanted: RecordBatch[] = []
    for await (const batch of filter.run(iterated(batches), { where: and(rows, ofDay(day)) }, context))
      wanted.push(batch)
    return wanted
  }

  private async read(files: DataFile[]): Promise<RecordBatch[]> {
    if (files.length === 0) return []
    const { bindings, steps } = this.table
    const context = { ...this.context, where: {} }
    let rows: Batches = iterated(await readTable(files, bindings, this.context.signal))
    for (const { operator, parameters } of steps)
      rows = this.context.registry.get('operators', operator).run(rows, parameters, context)
    const batches: RecordBatch[] = []
    for await (const batch of rows) batches.push(batch)
    return batches
  }
}

/** Reads day by day what grids are made of. */
export class MarketStates {
  private readonly rows: StateRows

  constructor(
    table: StatesTable,
    private readonly plan: GridPlan,
    context: Omit<Context, 'where'>,
  ) {
    this.rows = new StateRows(table, context)
  }

  /** Reads the states of a day; `universe` is the condition that its listings meet. */
  async of(day: number, universe: Expr): Promise<StatesOfDay> {
    return statesOf(day, await this.rows.of(day, universe), this.plan)
  }
}

/** Dates are days since the epoch. */
const ofDay = (day: number): Expr => and(ge('Date', day), le('Date', day))

async function* iterated<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values
}

/** Columns that order the rows of a listing (semantics 3.1). */
const ORDER = ['EventTime', 'SequenceSource', 'SequenceNo']

/** Turns the rows of a day into the intervals of a grid. */
export function statesOf(day: number, batches: readonly RecordBatch[], plan: GridPlan): StatesOfDay {
  const found: StatesOfDay = { intervals: new Map(), listings: new Set(), attributes: new Map(), openEnded: 0 }
  const known = IDENTITY_COLUMNS.flatMap(name =>
    batches.length > 0 && columnOf(batches[0], name) ? [{ name, values: valuesOf(found, name) }] : [],
  )
  eachState(day, batches, plan.sessionEnd, ({ listing, state, from, to, isLast, value }) => {
    found.listings.add(listing)
    for (const { name, values } of known) {
      const own = values.has(listing) ? null : value(name)
      if (own !== null) values.set(listing, own)
    }
    if (state === null || !plan.states.includes(state) || to <= from) return
    if (isLast && !plan.sessionEnd) found.openEnded++
    const intervals = found.intervals.get(listing)
    if (intervals) intervals.push({ from, to })
    else found.intervals.set(listing, [{ from, to }])
  })
  return found
}

/** A row of market states, and until when it holds. */
export interface StateRow extends Interval {
  listing: Listing
  state: string | null
  /** It is the listing's last one of the day. */
  isLast: boolean
  /** Returns what another column says. */
  value(column: string): Listing | null
}

/**
 * Visits the rows of a day listing by listing, in total order. A state holds until the listing's next row, the last one
 * until `sessionEnd`, or with the date. Times are in ns after midnight.
 */
export function eachState(
  day: number,
  batches: readonly RecordBatch[],
  sessionEnd: GridPlan['sessionEnd'],
  visit: (row: StateRow) => void,
): void {
  if (batches.length === 0) return
  const columns = new Map<string, Column | null>()
  const column = (name: string): Column | null => {
    let known = columns.get(name)
    if (known === undefined) {
      known = columnOf(batches[0], name) ? concat(batches.map(batch => columnOf(batch, name) as Column)) : null
      columns.set(name, known)
    }
    return known
  }
  const listings = column('ListingId') as Column
  const states = column('MarketState') as Column
  const times = column('EventTime') as Column & { type: 'ts' }
  const rows = times.values.length
  const order = rankRows([listings, ...ORDER.flatMap(name => column(name) ?? [])], rows)
  const midnight = BigInt(day * MS_PER_DAY) * 1_000_000n
  const end = sessionEnd ? originOffset({ origin: sessionEnd.time, zone: sessionEnd.zone }, day) : NS_PER_DAY
  for (let k = 0; k < rows; k++) {
    const row = order[k]
    const listing = listingAt(listings, row)
    if (listing === null) continue
    if (times.valid && !times.valid[row])
      throw new BasaltError('data', `marketstate: a row of listing ${listing} on ${dayText(day)} has no time`)
    const isLast = k + 1 === rows || listingAt(listings, order[k + 1]) !== listing
    visit({
      listing,
      state: listingAt(states, row) as string | null,
      from: Number(times.values[row] - midnight),
      to: isLast ? end : Number(times.values[order[k + 1]] - midnight),
      isLast,
      value: name => {
        const own = column(name)
        return own && listingAt(own, row)
      },
    })
  }
}

function valuesOf({ attributes }: StatesOfDay, name: string): Map<Listing, string | bigint> {
  const values = new Map<Listing, string | bigint>()
  attributes.set(name, values)
  return values
}
