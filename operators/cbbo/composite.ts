import {
  type BucketRule,
  type Column,
  type Context,
  columnOfDoubles,
  compareListings,
  type Frame,
  frameColumn,
  GrowingColumn,
  intervalStart,
  type Listing,
  labelOf,
  listingAt,
  originOffset,
  sorted,
  take,
  valueText,
} from '../../lib/core/index.js'
import { DayClock } from '../transforms/day-clock.js'
import { doublesIn, Instruments, type ListingDay, type Snapshots } from './instruments.js'
import { type Levels, levelsOf, type Side, sidesOf } from './levels.js'
import { COUNTS, levelColumns } from './snapshots.js'

export interface CompositeParameters {
  rule: BucketRule
  /** A row for each change of the book, or for its state at the end of each bucket. */
  by: 'event' | 'timebucket'
  levelsIn: number
  levelsOut: number
  orders: boolean
  key: 'InstrumentId' | 'PrimaryListingId'
  lastEvent: boolean
  /** Market states in which a snapshot adds to the book, where snapshots do not say themselves whether they count. */
  states: string[] | null
  /** Markets whose own books stand beside that of all, their columns led by the MIC. */
  markets: string[]
}

/** Builds the book of each instrument from the last snapshots of its listings (semantics 5.8). */
export function composite(books: Frame, parameters: CompositeParameters, context: Context): Frame {
  const instruments = new Instruments(context)
  const snapshots = instruments.read(books)
  const groups = new Map<number, ListingDay[]>()
  for (const each of snapshots.days)
    if (each.group >= 0) groups.set(each.group, [...(groups.get(each.group) ?? []), each])
  const counts = countsOf(books, parameters.states)
  const sides = sidesOf(books, parameters.levelsIn)
  const made = new CompositeRows(parameters)
  for (const [group, members] of groups) {
    const book = new Book(
      sides,
      members.length,
      counts,
      parameters.levelsOut,
      inMarkets(books, members, parameters.markets),
    )
    const events = eventsOf(snapshots, members)
    const labels =
      parameters.by === 'event' ? changes(book, events) : bucketEnds(book, events, members[0].day, parameters.rule)
    for (const label of labels) made.put(group, members, book, label)
  }
  return made.frame(instruments, snapshots, context)
}

/** Tells of each snapshot whether it adds to the book: 1 or 0. */
function countsOf(books: Frame, states: string[] | null): Float64Array {
  if (books.columns.has(COUNTS)) return doublesIn(books, COUNTS)
  const state = books.columns.get('MarketState')
  if (!states || state?.type !== 'str') return new Float64Array(books.rows).fill(1)
  const { values, valid, dictionary } = state
  const counted = dictionary.words.map(word => states.includes(word))
  return Float64Array.from(values, (code, row) => Number((!valid || valid[row] === 1) && counted[code]))
}

/** Lists by market the numbers of the listings that are traded there. */
function inMarkets(books: Frame, members: readonly ListingDay[], markets: readonly string[]): number[][] {
  if (markets.length === 0) return []
  const mics = frameColumn(books, 'MIC')
  const own = members.map(({ from }) => (mics.valid && !mics.valid[from] ? null : valueText(mics, from)))
  return markets.map(mic => own.flatMap((each, member) => (each === mic ? [member] : [])))
}

/** The snapshots of an instrument's listings, in order of time. */
interface Event {
  time: number
  row: number
  member: number
}

function eventsOf({ times }: Snapshots, members: readonly ListingDay[]): Event[] {
  const events: Event[] = []
  for (const [member, { from, to }] of members.entries())
    for (let row = from; row < to; row++) events.push({ time: times[row], row, member })
  return events.sort((a, b) => a.time - b.time || a.member - b.member || a.row - b.row)
}

/** Takes snapshots in, and yields the instants at which the book has changed. */
function* changes(book: Book, events: readonly Event[]): Generator<number> {
  let before = ''
  for (let e = 0; e < events.length; ) {
    const { time } = events[e]
    for (; e < events.length && events[e].time === time; e++) book.turn(events[e])
    const levels = book.build()
    if (levels !== before) yield time
    before = levels
  }
}

/** Takes snapshots in, and yields the label of each bucket from the first to the last, with the book as it ends. */
function* bucketEnds(book: Book, events: readonly Event[], day: number, rule: BucketRule): Generator<number> {
  if (events.length === 0) return
  const origin = originOffset(rule, day)
  const last = labelOf(events[events.length - 1].time, origin, rule)
  let e = 0
  for (let label = labelOf(events[0].time, origin, rule); label <= last; label += rule.width) {
    const end = intervalStart(label, rule) + rule.width
    const isIn = (time: number) => (rule.closed === 'right' ? time <= end : time < end)
    for (; e < events.length && isIn(events[e].time); e++) book.turn(events[e])
    book.build()
    yield label
  }
}

/** The last snapshots of an instrument's listings, and the levels that they make together and by market. */
class Book {
  lastEvent = Number.NaN
  /** That of all listings, and behind it those of the markets. */
  books: Levels[] = []
  private readonly rows: Int32Array // by member
  private readonly all: number[]

  constructor(
    private readonly sides: readonly Side[],
    members: number,
    private readonly counts: Float64Array,
    private readonly most: number,
    private readonly markets: readonly (readonly number[])[],
  ) {
    this.rows = new Int32Array(members).fill(-1)
    this.all = Array.from(this.rows, (_, member) => member)
  }

  turn({ member, row, time }: Event): void {
    this.rows[member] = row
    this.lastEvent = time
  }

  /** Adds up the levels of listings whose state counts; returns them as text, to tell whether they changed. */
  build(): string {
    this.books = [this.all, ...this.markets].map(members => levelsOf(this.sides, this.counted(members), this.most))
    return this.books.flatMap(sides => sides.map(String)).join('|')
  }

  /** Returns the last rows of listings that add to the book. */
  private counted(members: readonly number[]): number[] {
    return members.map(member => this.rows[member]).filter(row => row >= 0 && this.counts[row] === 1)
  }
}

/** Rows on their way out. */
class CompositeRows {
  private readonly groups: number[] = []
  private readonly labels: number[] = []
  private readonly events: number[] = []
  private readonly columns = new Map<string, number[]>()
  private readonly members = new Map<number, readonly ListingDay[]>()
  private readonly prefixes: string[] // of each book's columns

  constructor(private readonly parameters: CompositeParameters) {
    const { levelsOut, orders, markets } = parameters
    this.prefixes = ['', ...markets]
    const names = levelColumns(levelsOut, ['Price', 'Quantity', ...(orders ? ['NumOrders'] : [])])
    for (const prefix of this.prefixes) for (const name of names) this.columns.set(`${prefix}${name}`, [])
  }

  put(group: number, members: readonly ListingDay[], { books, lastEvent }: Book, label: number): void {
    this.members.set(group, members)
    this.groups.push(group)
    this.labels.push(label)
    this.events.push(lastEvent)
    for (const [b, prefix] of this.prefixes.entries())
      for (const [s, side] of ['Bid', 'Ask'].entries())
        for (let level = 1; level <= this.parameters.levelsOut; level++) {
          const [price, quantity, orders] = books[b][s][level - 1] ?? [Number.NaN, Number.NaN, Number.NaN]
          this.columns.get(`${prefix}${side}Price${level}`)?.push(price)
          this.columns.get(`${prefix}${side}Quantity${level}`)?.push(quantity)
          this.columns.get(`${prefix}${side}NumOrders${level}`)?.push(orders)
        }
  }

  frame(instruments: Instruments, snapshots: Snapshots, context: Context): Frame {
    const { key, lastEvent } = this.parameters
    const rows = this.groups.length
    const groups = Int32Array.from(this.groups)
    const { keys } = instruments
    const days = Int32Array.from(groups, group => keys?.dates[group] ?? 0)
    const clock = new DayClock()
    const stamps = (offsets: number[]): Column => ({
      type: 'ts',
      values: clock.stamps(Float64Array.from(offsets), days),
      valid: null,
    })
    const instrument = keys ? take(keys.instruments, groups, rows) : emptyKey()
    const columns = new Map<string, Column>([
      ['Date', { type: 'date', values: days, valid: null }],
      [key, key === 'InstrumentId' ? instrument : this.primaries(groups, snapshots, context)],
      ['TimeBucket', stamps(this.labels)],
    ])
    if (lastEvent) columns.set('LastEventTimestamp', stamps(this.events))
    for (const [name, values] of this.columns) columns.set(name, columnOfDoubles(Float64Array.from(values)))
    return sorted({ rows, columns }, ['Date', key, 'TimeBucket'])
  }

  /** Returns the primary listing of each group: one that the reference table calls so, else the first. */
  private primaries(groups: Int32Array, { frame }: Snapshots, { reference }: Context): Column {
    const listings = frameColumn(frame, 'ListingId')
    const flags = reference?.column('IsPrimary')
    const rows = new Map<number, number>()
    for (const [group, members] of this.members) {
      const listed = members.map(({ from, day }) => {
        const row = reference?.find(valueText(listings, from), day) ?? -1
        return {
          from,
          isPrimary: flags !== undefined && row >= 0 && isSet(flags, row),
          listing: listingAt(listings, from) as Listing,
        }
      })
      listed.sort((a, b) => Number(b.isPrimary) - Number(a.isPrimary) || compareListings(a.listing, b.listing))
      rows.set(group, listed[0].from)
    }
    const index = groups.map(group => rows.get(group) as number)
    return take(listings, index, index.length)
  }
}

function isSet(flags: Column, row: number): boolean {
  if (flags.valid && !flags.valid[row]) return false
  const text = flags.type === 'str' ? flags.dictionary.words[flags.values[row]] : String(flags.values[row])
  return ['Y', 'YES', 'T', 'TRUE', '1'].includes(text.toUpperCase())
}

const emptyKey = (): Column => new GrowingColumn({ name: 'InstrumentId', type: 'i64' }, 0).view()
