import { listingAt, type StandingPlan, type StandingValues, take } from '../core/index.js'
import {
  type BlockColumns,
  type Midnight,
  midnightOf,
  offsetAt,
  PieceTable,
  valueAt,
  type Window,
} from './piece-table.js'
import type { Results } from './results.js'
import { takenValues } from './taken.js'
import { type Chosen, shared } from './taken-entries.js'

export type { Window } from './piece-table.js'

/** Memory is taken for so many times the rows that are there, so that the next stretch can use it again. */
const SPARE = 1.2

/** What a window sees of a listing's day: pieces own[begin..end); those before are known by their ends. */
interface SeenDay {
  key: number
  own: Int32Array
  begin: number
  end: number
}

/** What a window sees of days, and how many rows that is. */
export interface Seen {
  days: SeenDay[]
  rows: number
}

/**
 * Values that stand until the next one, as an internal pass left them piece by piece: each piece is of one listing and
 * date, and the pieces of both follow one another in time. Read is what a window of rows can see: of what stood before it,
 * the last value.
 */
export class StandingSource {
  private readonly names: string[]
  private readonly table: PieceTable
  /** Memory that stretches have given back. The collector would see to it late: each thread knows it by a small object. */
  private readonly free: Float64Array[][] = []

  constructor(results: Results, plan: StandingPlan) {
    this.names = takenValues(plan)
    this.table = new PieceTable(results, plan.source, this.names)
  }

  /** Bytes that a row takes when it is read. */
  get rowBytes(): number {
    return 8 * (1 + this.names.length)
  }

  /** Counts the rows of a unit's listings, by name. */
  rows(unit: Chosen): Map<string, number> {
    const { rows } = this.table.pieces
    const { listings } = this.table.days
    const { days } = this.look(unit, null)
    return new Map(
      days.map(({ key, own }) => [String(listingAt(listings, key)), own.reduce((sum, piece) => sum + rows[piece], 0)]),
    )
  }

  /** Counts the rows in blocks that a window can see; null sees all. */
  near(window: Window | null): number {
    return this.table.near(window)
  }

  /** Finds what rows of a unit can see through a window; null is all that there is of its days and listings. */
  look(unit: Chosen, window: Window | null): Seen {
    const { rows } = this.table.pieces
    const days = this.table.chosen(unit, window).map(key => this.seenOf(key, window))
    const count = ({ own, begin, end }: SeenDay) =>
      own.subarray(begin, end).reduce((sum, piece) => sum + rows[piece], 0)
    return { days, rows: days.reduce((sum, day) => sum + count(day), 0) }
  }

  /** Takes memory back: nobody reads these values any more. */
  release({ times, values }: StandingValues): void {
    this.free.push([times, ...this.names.map(name => values[name])])
  }

  /** Returns memory of at least so many rows for times and for each value. */
  private room(rows: number): Float64Array[] {
    const fits = this.free.findIndex(([times]) => times.length >= rows)
    const [known] = this.free.splice(Math.max(fits, 0), 1) // one that is too small makes room for a larger one
    if (fits >= 0) return known
    const most = Math.ceil(rows * SPARE)
    return Array.from({ length: 1 + this.names.length }, () => shared(most))
  }

  /** Reads what is seen. Arrays may be longer than the rows in them. */
  read({ days, rows: seen }: Seen): StandingValues {
    const { table, names } = this
    const { pieces } = table
    const { dates, listings } = table.days
    const keys = days.map(({ key }) => key)
    // Of each day a row more for what stood before the window, and one for as long as anything is known.
    const rows = new StandingRows(this.room(seen + 2 * days.length))
    const starts = new Int32Array(keys.length + 1)
    const breakStarts = new Int32Array(keys.length + 1)
    const blocks = new Map<number, ReturnType<PieceTable['read']>>()
    const blockOf = (piece: number) => {
      const number = pieces.block[piece]
      let block = blocks.get(number)
      if (!block) blocks.set(number, (block = table.read(number)))
      return block
    }
    for (const [e, { key, own, begin, end }] of days.entries()) {
      starts[e] = rows.count
      breakStarts[e] = rows.breaks.length
      const midnight = midnightOf(dates[key])
      rows.stood = begin > 0 && pieces.stands[own[begin - 1]] === 1
      let before = begin - 1
      while (before >= 0 && Number.isNaN(pieces.ends[0][own[before]])) before--
      if (before >= 0)
        rows.put(
          pieces.last[own[before]],
          pieces.ends.map(end => end[own[before]]),
        )
      for (let i = begin; i < end; i++) {
        const from = pieces.row[own[i]]
        rows.take(blockOf(own[i]), from, from + pieces.rows[own[i]], midnight)
      }
      if (rows.count > starts[e]) rows.last(pieces.last[own[own.length - 1]])
    }
    for (const { done } of blocks.values()) done()
    starts[keys.length] = rows.count
    breakStarts[keys.length] = rows.breaks.length
    const index = Int32Array.from(keys)
    return {
      days: index.map(key => dates[key]),
      listings: take(listings, index, index.length),
      starts,
      times: rows.times,
      values: Object.fromEntries(names.map((name, v) => [name, rows.values[v]])),
      breakStarts,
      breaks: Float64Array.from(rows.breaks),
    }
  }

  private seenOf(key: number, window: Window | null): SeenDay {
    const { first, last } = this.table.pieces
    const { from, to } = window ?? { from: -Infinity, to: Infinity }
    const own = this.table.of(key)
    let begin = 0
    while (begin < own.length && last[own[begin]] < from) begin++
    let end = begin
    while (end < own.length && first[own[end]] <= to) end++
    return { key, own, begin, end }
  }
}

/** Values and their times, in memory that threads share, while they are read. */
class StandingRows {
  count = 0
  readonly times: Float64Array
  readonly values: Float64Array[]
  /** Times at which values ceased to stand. */
  readonly breaks: number[] = []
  /** Values stood at the row that was read last. */
  stood = false

  constructor([times, ...values]: Float64Array[]) {
    this.times = times
    this.values = values
  }

  put(time: number, values: readonly number[]): void {
    this.times[this.count] = time
    for (const [v, value] of values.entries()) this.values[v][this.count] = value
    this.count++
  }

  /** Takes rows from..to of a block; those without a value only say whether values stand. */
  take({ words, stands, values: columns }: BlockColumns, from: number, to: number, midnight: Midnight) {
    const { times, values, breaks } = this
    const [{ values: known, valid }] = columns
    const [main] = values
    let { count, stood } = this
    for (let row = from; row < to; row++) {
      const time = offsetAt(words, row, midnight)
      const isStanding = stands[row] === 1
      if (stood && !isStanding) breaks.push(time)
      stood = isStanding
      if (valid && !valid[row]) continue
      times[count] = time
      main[count] = known[row] as number
      for (let v = 1; v < columns.length; v++) values[v][count] = valueAt(columns[v], row)
      count++
    }
    this.count = count
    this.stood = stood
  }

  /** Lets the last value stand until an instant, as far as anything is known. */
  last(until: number): void {
    if (this.times[this.count - 1] >= until) return
    for (const column of this.values) column[this.count] = column[this.count - 1]
    this.times[this.count++] = until
  }
}
