import {
  type Column,
  compareListings,
  type Frame,
  frameColumn,
  GrowingColumn,
  halves,
  KeyTable,
  type Listing,
  listingAt,
  MS_PER_DAY,
  PIECE,
  rowNumbers,
  take,
  type Unit,
} from '../core/index.js'
import { letGo, type ResultBlock, type Results } from './results.js'

/** Rows that values are looked up for: their listings, and from when until when, in ns after midnight. */
export interface Window {
  least: Listing
  greatest: Listing
  /** Every one of them, where these are known; null where their bounds are. */
  listings: ReadonlySet<Listing> | null
  from: number
  to: number
}

/** What is known of a block of rows: those of one row group, or of a day. Bounds are null where no row has a listing. */
interface Block {
  source: ResultBlock
  least: Listing | null
  greatest: Listing | null
  from: number
  to: number
}

/** The columns of a block that is being read: time stamps as halves, whether values stand, the values. */
export interface BlockColumns {
  words: Int32Array
  stands: Uint8Array
  values: Column[]
}

/** Pieces by number: where their rows are, their first and last time, the values with which they end, and whether they stand. */
export interface Pieces {
  block: Int32Array
  row: Int32Array
  rows: Int32Array
  first: Float64Array
  last: Float64Array
  ends: Float64Array[]
  stands: Int32Array
}

/** Where the pieces of each listing's day lie in what an internal pass left, see `PIECE`. */
export class PieceTable {
  readonly pieces: Pieces
  private readonly keys: KeyTable
  private readonly blocks: Block[] = []
  private readonly order: Int32Array // pieces by key, then by time
  private readonly starts: Int32Array // of each key's pieces in that order
  private readonly grown: Record<'block' | 'row' | 'rows' | 'key' | 'first' | 'last' | 'stands', GrowingColumn>
  private readonly ends: GrowingColumn[]

  /** Surveys all blocks of a source once; `names` are the values of its rows. */
  constructor(
    results: Results,
    source: string,
    private readonly names: readonly string[],
  ) {
    const listing = results.specs(source).find(({ name }) => name === 'ListingId')
    this.keys = new KeyTable([
      { name: 'Date', type: 'date' },
      { name: 'ListingId', type: listing?.type === 'str' ? 'str' : 'i64' },
    ])
    const column = (name: string, type: 'i32' | 'f64') => new GrowingColumn({ name, type })
    this.grown = {
      block: column('block', 'i32'),
      row: column('row', 'i32'),
      rows: column('rows', 'i32'),
      key: column('key', 'i32'),
      first: column('first', 'f64'),
      last: column('last', 'f64'),
      stands: column('stands', 'i32'),
    }
    this.ends = names.map(name => column(name, 'f64'))
    const whole = new Set<number>() // pieces that are a day
    for (const block of results.blocks(source)) if (block.rows > 0) this.survey(block, whole)
    const { block, row, rows, first, last, stands, key } = this.grown
    const [ints, doubles] = [
      (each: GrowingColumn) => each.view().values as Int32Array,
      (each: GrowingColumn) => each.view().values as Float64Array,
    ]
    this.pieces = {
      block: ints(block),
      row: ints(row),
      rows: ints(rows),
      first: doubles(first),
      last: doubles(last),
      ends: this.ends.map(doubles),
      stands: ints(stands),
    }
    const { order, starts } = this.inOrder(ints(key), whole)
    this.order = order
    this.starts = starts
  }

  private survey(source: ResultBlock, whole: Set<number>): void {
    const frame = source.frame(['Date', 'ListingId', 'TimeBucket', PIECE.head, PIECE.stands, ...this.names])
    const heads = frameColumn(frame, PIECE.head).values as Int32Array
    const at = headsOf(heads)
    const count = at.length
    const dates = take(frameColumn(frame, 'Date'), at, count)
    const listings = take(frameColumn(frame, 'ListingId'), at, count)
    const { words, stands, values } = this.columnsOf(frame)
    const before = this.grown.key.length
    const block: Block = { source, least: null, greatest: null, from: Infinity, to: -Infinity }
    const [rows, standing] = [new Int32Array(count), new Int32Array(count)]
    const [first, last] = [new Float64Array(count), new Float64Array(count)]
    const ends = this.names.map(() => new Float64Array(count))
    for (let p = 0; p < count; p++) {
      const end = (p + 1 < count ? at[p + 1] : heads.length) - 1
      const midnight = midnightOf((dates.values as Int32Array)[p])
      first[p] = offsetAt(words, at[p], midnight)
      last[p] = offsetAt(words, end, midnight)
      rows[p] = end + 1 - at[p]
      standing[p] = stands[end]
      for (const [v, column] of values.entries()) ends[v][p] = valueAt(column, end)
      if (heads[at[p]] === PIECE.ofDay) whole.add(before + p)
      widen(block, listingAt(listings, p), first[p], last[p])
    }
    const put = (column: GrowingColumn, from: Int32Array | Float64Array) =>
      column.appendValues(from, rowNumbers(count), count)
    put(this.grown.block, new Int32Array(count).fill(this.blocks.length))
    put(this.grown.row, at)
    put(this.grown.rows, rows)
    put(this.grown.key, this.keys.resolve([dates, listings], count))
    put(this.grown.first, first)
    put(this.grown.last, last)
    put(this.grown.stands, standing)
    for (const [v, end] of ends.entries()) put(this.ends[v], end)
    this.blocks.push(block)
    letGo(source, frame)
  }

  /** Orders pieces by key and time. Where a day was made as a whole, pieces that were tried before do not count. */
  private inOrder(keys: Int32Array, whole: ReadonlySet<number>): { order: Int32Array; starts: Int32Array } {
    const { first, last } = this.pieces
    const { count } = this.keys
    const days = new Set([...whole].map(piece => keys[piece]))
    const counts = (piece: number) => whole.has(piece) || !days.has(keys[piece])
    const starts = new Int32Array(count + 1)
    for (let piece = 0; piece < keys.length; piece++) if (counts(piece)) starts[keys[piece] + 1]++
    for (let key = 0; key < count; key++) starts[key + 1] += starts[key]
    const next = starts.slice()
    const order = new Int32Array(starts[count])
    for (let piece = 0; piece < keys.length; piece++) if (counts(piece)) order[next[keys[piece]]++] = piece
    for (let key = 0; key < count; key++) {
      const own = order.subarray(starts[key], starts[key + 1])
      let rises = true
      for (let i = 1; i < own.length && rises; i++) rises = last[own[i - 1]] <= first[own[i]]
      if (!rises) own.sort((a, b) => first[a] - first[b] || last[a] - last[b])
    }
    return { order, starts }
  }

  /** The dates and listings of days, by key. */
  get days(): { dates: Int32Array; listings: Column } {
    const [dates, listings] = this.keys.keys.map(key => key.view())
    return { dates: dates.values as Int32Array, listings }
  }

  /** Lists the keys of a unit that a window can see; of rows without a listing nothing is theirs. */
  chosen({ day, listings }: Pick<Unit, 'day' | 'listings'>, window: Window | null): number[] {
    const { dates, listings: names } = this.days
    const wanted = listings && new Set(listings)
    const isSeen = (listing: Listing) =>
      window?.listings?.has(listing) ??
      (!window || (compareListings(listing, window.least) >= 0 && compareListings(listing, window.greatest) <= 0))
    const keys: number[] = []
    for (let key = 0; key < this.keys.count; key++) {
      const listing = listingAt(names, key)
      if (listing === null || (day !== null && dates[key] !== day)) continue
      if ((!wanted || wanted.has(String(listing))) && isSeen(listing)) keys.push(key)
    }
    return keys
  }

  /** Lists the pieces of a key, ascending. */
  of(key: number): Int32Array {
    return this.order.subarray(this.starts[key], this.starts[key + 1])
  }

  /** Counts the rows in blocks that a window can see; null sees all. */
  near(window: Window | null): number {
    const near = window === null ? this.blocks : this.blocks.filter(block => meet(block, window))
    return near.reduce((rows, { source }) => rows + source.rows, 0)
  }

  /** Reads the columns of a block; `done` says that they are not read any more. */
  read(block: number): BlockColumns & { done: () => void } {
    const { source } = this.blocks[block]
    const frame = source.frame(['TimeBucket', PIECE.stands, ...this.names])
    return { ...this.columnsOf(frame), done: () => letGo(source, frame) }
  }

  private columnsOf(frame: Frame): BlockColumns {
    const stamps = frameColumn(frame, 'TimeBucket').values as BigInt64Array
    return {
      words: halves(stamps),
      stands: frameColumn(frame, PIECE.stands).values as Uint8Array,
      values: this.names.map(name => frameColumn(frame, name)),
    }
  }
}

/** Lists the rows with which pieces begin. */
export function headsOf(heads: Int32Array): Int32Array {
  const rows = new Int32Array(heads.length)
  let count = 0
  for (let row = 0; row < heads.length; row++) if (heads[row] !== 0) rows[count++] = row
  return rows.subarray(0, count)
}

function widen(block: Block, listing: Listing | null, first: number, last: number): void {
  block.from = Math.min(block.from, first)
  block.to = Math.max(block.to, last)
  if (listing === null) return
  if (block.least === null || compareListings(listing, block.least) < 0) block.least = listing
  if (block.greatest === null || compareListings(listing, block.greatest) > 0) block.greatest = listing
}

const meet = ({ least, greatest, from, to }: Block, window: Window): boolean =>
  least !== null &&
  greatest !== null &&
  from <= window.to &&
  window.from <= to &&
  compareListings(least, window.greatest) <= 0 &&
  compareListings(window.least, greatest) <= 0

/** Returns a value of a block, NaN for null. */
export const valueAt = ({ values, valid }: Column, row: number): number =>
  valid && !valid[row] ? Number.NaN : (values as Float64Array)[row]

/** The midnight of a date as the halves of its stamp. */
export interface Midnight {
  high: number
  low: number
}

export function midnightOf(day: number): Midnight {
  const stamp = BigInt(day * MS_PER_DAY) * 1_000_000n
  return { high: Number(stamp >> 32n), low: Number(BigInt.asUintN(32, stamp)) }
}

const TWO_32 = 4294967296

/** Returns a stamp in ns after a midnight: in halves, as the whole is no exact double. */
export const offsetAt = (words: Int32Array, row: number, { high, low }: Midnight): number =>
  (words[2 * row + 1] - high) * TWO_32 + ((words[2 * row] >>> 0) - low)
