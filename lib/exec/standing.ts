import {
  type Column,
  compareListings,
  type Frame,
  frameColumn,
  GrowingColumn,
  KeyTable,
  type Listing,
  listingAt,
  MS_PER_DAY,
  PIECE,
  type StandingPlan,
  type StandingValues,
  take,
  type Unit,
} from '../core/index.js'
import type { ResultBlock, Results } from './results.js'
import { takenValues } from './taken.js'

/** Rows that values are looked up for: their listings, and from when until when, in ns after midnight. */
export interface Window {
  least: Listing
  greatest: Listing
  from: number
  to: number
}

type Chosen = Pick<Unit, 'day' | 'listings'>

/** What is known of a block of rows: those of one row group, or of a day. Bounds are null where no row has a listing. */
interface Block {
  source: ResultBlock
  least: Listing | null
  greatest: Listing | null
  from: number
  to: number
}

/** The columns of a block that is being read. */
interface Read {
  words: Int32Array // time stamps as halves
  stands: Uint8Array
  values: Column[]
}

const TWO_32 = 4294967296

/**
 * Values that stand until the next one, as an internal pass left them piece by piece: each piece is of one listing and
 * date, and the pieces of both follow one another in time. Read is what a window of rows can see: of what stood before it,
 * the last value.
 */
export class StandingSource {
  private readonly keys: KeyTable
  private readonly blocks: Block[] = []
  // By piece: its block and rows, its first and last time, the values with which it ends and whether they stand.
  private readonly block = new GrowingColumn({ name: 'block', type: 'i32' })
  private readonly row = new GrowingColumn({ name: 'row', type: 'i32' })
  private readonly length = new GrowingColumn({ name: 'rows', type: 'i32' })
  private readonly key = new GrowingColumn({ name: 'key', type: 'i32' })
  private readonly first = new GrowingColumn({ name: 'first', type: 'f64' })
  private readonly last = new GrowingColumn({ name: 'last', type: 'f64' })
  private readonly ends: GrowingColumn[]
  private readonly endStands = new GrowingColumn({ name: 'stands', type: 'i32' })
  private readonly order: Int32Array // pieces by key, then by time
  private readonly starts: Int32Array // of each key's pieces in that order
  private readonly names: string[]
  private readonly listingType: 'i64' | 'str'

  constructor(results: Results, plan: StandingPlan) {
    this.names = takenValues(plan)
    this.ends = this.names.map(name => new GrowingColumn({ name, type: 'f64' }))
    const type = results.specs(plan.source).find(({ name }) => name === 'ListingId')?.type
    this.listingType = type === 'str' ? 'str' : 'i64'
    this.keys = new KeyTable([
      { name: 'Date', type: 'date' },
      { name: 'ListingId', type: this.listingType },
    ])
    const whole = new Set<number>() // pieces that are a day
    for (const source of results.blocks(plan.source)) this.survey(source, whole)
    const { order, starts } = this.inOrder(whole)
    this.order = order
    this.starts = starts
  }

  /** Bytes that a row takes when it is read. */
  get rowBytes(): number {
    return 8 * (1 + this.names.length)
  }

  /** Finds the pieces of a block. */
  private survey(source: ResultBlock, whole: Set<number>): void {
    if (source.rows === 0) return
    const frame = source.frame(['Date', 'ListingId', 'TimeBucket', PIECE.head, PIECE.stands, ...this.names])
    const heads = frameColumn(frame, PIECE.head).values as Int32Array
    const index = new Int32Array(heads.length)
    let count = 0
    for (let row = 0; row < heads.length; row++) if (heads[row] !== 0) index[count++] = row
    const at = index.subarray(0, count)
    const dates = take(frameColumn(frame, 'Date'), at, count)
    const listings = take(frameColumn(frame, 'ListingId'), at, count)
    const keys = this.keys.resolve([dates, listings], count)
    const { words, stands, values } = this.columns(frame)
    const before = this.key.length
    const own: Block = { source, least: null, greatest: null, from: Infinity, to: -Infinity }
    const numbers = { block: new Int32Array(count), rows: new Int32Array(count), stands: new Int32Array(count) }
    const times = [new Float64Array(count), new Float64Array(count)]
    const ends = this.names.map(() => new Float64Array(count))
    for (let p = 0; p < count; p++) {
      const end = (p + 1 < count ? at[p + 1] : heads.length) - 1
      const midnight = midnightOf((dates.values as Int32Array)[p])
      times[0][p] = offsetAt(words, at[p], midnight)
      times[1][p] = offsetAt(words, end, midnight)
      numbers.block[p] = this.blocks.length
      numbers.rows[p] = end + 1 - at[p]
      numbers.stands[p] = stands[end]
      for (const [v, column] of values.entries()) ends[v][p] = valueAt(column, end)
      if (heads[at[p]] === PIECE.ofDay) whole.add(before + p)
      const listing = listingAt(listings, p)
      if (listing !== null && (own.least === null || compareListings(listing, own.least) < 0)) own.least = listing
      if (listing !== null && (own.greatest === null || compareListings(listing, own.greatest) > 0))
        own.greatest = listing
      own.from = Math.min(own.from, times[0][p])
      own.to = Math.max(own.to, times[1][p])
    }
    this.blocks.push(own)
    const all = Int32Array.from({ length: count }, (_, p) => p)
    this.block.appendValues(numbers.block, all, count)
    this.row.appendValues(at, all, count)
    this.length.appendValues(numbers.rows, all, count)
    this.key.appendValues(keys, all, count)
    this.first.appendValues(times[0], all, count)
    this.last.appendValues(times[1], all, count)
    this.endStands.appendValues(numbers.stands, all, count)
    for (const [v, end] of ends.entries()) this.ends[v].appendValues(end, all, count)
  }

  private columns(frame: Frame): Read {
    const stamps = frameColumn(frame, 'TimeBucket').values as BigInt64Array
    return {
      words: new Int32Array(stamps.buffer, stamps.byteOffset, 2 * stamps.length),
      stands: frameColumn(frame, PIECE.stands).values as Uint8Array,
      values: this.names.map(name => frameColumn(frame, name)),
    }
  }

  /** Orders pieces by key and time. Where a day was made as a whole, pieces that were tried before do not count. */
  private inOrder(whole: ReadonlySet<number>): { order: Int32Array; starts: Int32Array } {
    const keys = this.key.view().values as Int32Array
    const first = this.first.view().values as Float64Array
    const last = this.last.view().values as Float64Array
    const days = new Set([...whole].map(piece => keys[piece]))
    const starts = new Int32Array(this.keys.count + 1)
    const counts = (piece: number) => whole.has(piece) || !days.has(keys[piece])
    for (let piece = 0; piece < keys.length; piece++) if (counts(piece)) starts[keys[piece] + 1]++
    for (let key = 0; key < this.keys.count; key++) starts[key + 1] += starts[key]
    const next = starts.slice()
    const order = new Int32Array(starts[this.keys.count])
    for (let piece = 0; piece < keys.length; piece++) if (counts(piece)) order[next[keys[piece]]++] = piece
    for (let key = 0; key < this.keys.count; key++) {
      const own = order.subarray(starts[key], starts[key + 1])
      let rises = true
      for (let i = 1; i < own.length && rises; i++) rises = last[own[i - 1]] <= first[own[i]]
      if (!rises) own.sort((a, b) => first[a] - first[b] || last[a] - last[b])
    }
    return { order, starts }
  }

  /** Counts the rows of a unit's listings, by name. */
  rows(unit: Chosen): Map<string, number> {
    const rowsOf = this.length.view().values as Int32Array
    const dates = this.keys.keys[0].view().values as Int32Array
    const listings = this.keys.keys[1].view()
    return new Map(
      this.chosen(unit, null, dates, listings).map(key => {
        const own = this.order.subarray(this.starts[key], this.starts[key + 1])
        return [String(listingAt(listings, key)), own.reduce((sum, piece) => sum + rowsOf[piece], 0)]
      }),
    )
  }

  /** Counts the rows in blocks that a window of a date can see; null sees all. */
  seen(window: Window | null): number {
    const near = window === null ? this.blocks : this.blocks.filter(block => meet(block, window))
    return near.reduce((rows, { source }) => rows + source.rows, 0)
  }

  /** Reads what rows of a unit can see through a window; null is all that there is of its days and listings. */
  read(unit: Chosen, window: Window | null): StandingValues {
    const { order, starts, names } = this
    const [blockOf, rowOf, rowsOf] = [this.block, this.row, this.length].map(each => each.view().values as Int32Array)
    const [first, last] = [this.first, this.last].map(each => each.view().values as Float64Array)
    const stands = this.endStands.view().values as Int32Array
    const ends = this.ends.map(each => each.view().values as Float64Array)
    const dates = this.keys.keys[0].view().values as Int32Array
    const listings = this.keys.keys[1].view()
    const keys = this.chosen(unit, window, dates, listings)
    const { from, to } = window ?? { from: -Infinity, to: Infinity }
    // Pieces before the window are known by their ends. A row for what stood before, one for what is known last.
    const seen = keys.map(key => {
      const own = order.subarray(starts[key], starts[key + 1])
      let begin = 0
      while (begin < own.length && last[own[begin]] < from) begin++
      let end = begin
      while (end < own.length && first[own[end]] <= to) end++
      return { key, own, begin, end }
    })
    const total = seen.reduce((sum, { own, begin, end }) => {
      let rows = 2
      for (let i = begin; i < end; i++) rows += rowsOf[own[i]]
      return sum + rows
    }, 0)
    const shared = () => new Float64Array(new SharedArrayBuffer(8 * total))
    const times = shared()
    const values = names.map(shared)
    const [main] = values
    const starting = new Int32Array(keys.length + 1)
    const breakStarts = new Int32Array(keys.length + 1)
    const breaks: number[] = []
    const blocks = new Map<number, Read>()
    let filled = 0
    for (const [e, { key, own, begin, end }] of seen.entries()) {
      starting[e] = filled
      breakStarts[e] = breaks.length
      const { high, low } = midnightOf(dates[key])
      let stood = begin > 0 && stands[own[begin - 1]] === 1
      let before = begin - 1
      while (before >= 0 && Number.isNaN(ends[0][own[before]])) before--
      if (before >= 0) {
        times[filled] = last[own[before]]
        for (let v = 0; v < names.length; v++) values[v][filled] = ends[v][own[before]]
        filled++
      }
      for (let i = begin; i < end; i++) {
        const block = blockOf[own[i]]
        let read = blocks.get(block)
        if (!read) {
          const frame = this.blocks[block].source.frame(['TimeBucket', PIECE.stands, ...names])
          blocks.set(block, (read = this.columns(frame)))
        }
        const { words, stands: standing, values: columns } = read
        const [{ values: known, valid }] = columns
        const until = rowOf[own[i]] + rowsOf[own[i]]
        for (let row = rowOf[own[i]]; row < until; row++) {
          const time = (words[2 * row + 1] - high) * TWO_32 + ((words[2 * row] >>> 0) - low)
          const isStanding = standing[row] === 1
          if (stood && !isStanding) breaks.push(time)
          stood = isStanding
          if (valid && !valid[row]) continue
          times[filled] = time
          main[filled] = known[row] as number
          for (let v = 1; v < columns.length; v++) values[v][filled] = valueAt(columns[v], row)
          filled++
        }
      }
      // Something is known of the listing until its last piece ends.
      const known = own.length > 0 ? last[own[own.length - 1]] : -Infinity
      if (filled > starting[e] && times[filled - 1] < known) {
        for (const column of values) column[filled] = column[filled - 1]
        times[filled++] = known
      }
    }
    starting[keys.length] = filled
    breakStarts[keys.length] = breaks.length
    const index = Int32Array.from(keys)
    return {
      days: Int32Array.from(keys, key => dates[key]),
      listings: take(listings, index, index.length),
      starts: new Int32Array(starting),
      times,
      values: Object.fromEntries(names.map((name, v) => [name, values[v]])),
      breakStarts,
      breaks: Float64Array.from(breaks),
    }
  }

  /** Lists the keys of a unit that a window can see; of rows without a listing nothing is theirs. */
  private chosen(unit: Chosen, window: Window | null, dates: Int32Array, listings: Column): number[] {
    const wanted = unit.listings && new Set(unit.listings)
    const keys: number[] = []
    for (let key = 0; key < this.keys.count; key++) {
      const listing = listingAt(listings, key)
      if (listing === null || (unit.day !== null && dates[key] !== unit.day)) continue
      if (wanted && !wanted.has(String(listing))) continue
      if (window && (compareListings(listing, window.least) < 0 || compareListings(listing, window.greatest) > 0))
        continue
      keys.push(key)
    }
    return keys
  }
}

const meet = ({ least, greatest, from, to }: Block, window: Window): boolean =>
  least !== null &&
  greatest !== null &&
  from <= window.to &&
  window.from <= to &&
  compareListings(least, window.greatest) <= 0 &&
  compareListings(window.least, greatest) <= 0

const valueAt = ({ values, valid }: Column, row: number): number =>
  valid && !valid[row] ? Number.NaN : (values as Float64Array)[row]

/** The midnight of a date as the halves of its stamp. */
function midnightOf(day: number): { high: number; low: number } {
  const stamp = BigInt(day * MS_PER_DAY) * 1_000_000n
  return { high: Number(stamp >> 32n), low: Number(BigInt.asUintN(32, stamp)) }
}

/** Returns a stamp in ns after a midnight: in halves, as the whole is no exact double. */
const offsetAt = (words: Int32Array, row: number, { high, low }: { high: number; low: number }): number =>
  (words[2 * row + 1] - high) * TWO_32 + ((words[2 * row] >>> 0) - low)
