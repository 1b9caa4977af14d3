import {
  BasaltError,
  type Column,
  KeyTable,
  rowOperator,
  type StandingColumn,
  type StandingValues,
} from '../../lib/core/index.js'
import { TimeOffsets } from '../transforms/order-keys.js'

export interface AsOfParameters {
  time: string
  date: string
  columns: StandingColumn[]
}

/**
 * Adds columns of values that stood at each row's time, or some time from it: the last one of the listing and date
 * strictly before, or at or before. Null where none was known yet and, ahead, beyond the next break or the last thing that
 * is known of the listing.
 * Needs `standing` in its context. Rows in order of time take about 20 ns a column: each listing's place is kept.
 */
export const asOf = rowOperator<AsOfParameters>({
  name: 'as_of',
  doc: "adds values of another table as they stood at each row's time",
  rows: ({ time, date, columns }, { standing }) => {
    if (!standing) throw new BasaltError('internal', 'no standing values are given')
    const offsets = new TimeOffsets()
    const entries = new Entries(standing)
    const lookUps = columns.map(column => new LookUp(column, standing))
    return chunk => {
      const times = offsets.of(chunk, time, date)
      const entry = entries.of(chunk.required(date), chunk.required('ListingId'), chunk.rows)
      for (const each of lookUps) {
        const values = each.of(times, entry, chunk.rows)
        const valid = new Uint8Array(chunk.rows)
        for (let row = 0; row < chunk.rows; row++) valid[row] = Number.isNaN(values[row]) ? 0 : 1
        chunk.set(each.name, { type: 'f64', values, valid })
      }
      return columns.map(({ name }) => ({ name, type: 'f64' as const }))
    }
  },
})

/** Finds the entry of each row, by date and listing. */
class Entries {
  private readonly table: KeyTable
  private readonly known: number

  constructor({ days, listings }: StandingValues) {
    this.table = new KeyTable([
      { name: 'Date', type: 'date' },
      { name: 'ListingId', type: listings.type },
    ])
    this.known = days.length
    // Each is there once, so that its number is its place.
    this.table.resolve([{ type: 'date', values: days, valid: null }, listings], days.length)
  }

  /** Returns the entry of each row, and what is no entry for others. */
  of(dates: Column, listings: Column, rows: number): Int32Array {
    const { table, known } = this
    if (listings.type !== table.keys[1].spec.type)
      throw new BasaltError('internal', 'listings of two tables are of two types')
    const found = table.resolve([dates, listings], rows)
    for (let row = 0; row < rows; row++) if (found[row] >= known) found[row] = -1
    return found
  }
}

/** Looks one column up. */
class LookUp {
  readonly name: string
  private readonly lead: number
  private readonly strict: boolean
  private readonly places: Int32Array // by entry: the row found last
  private out = new Float64Array(0)

  constructor(
    { name, lead, strict }: StandingColumn,
    private readonly standing: StandingValues,
  ) {
    this.name = name
    this.lead = lead
    this.strict = strict
    this.places = standing.starts.slice(0, standing.days.length)
  }

  of(rowTimes: Float64Array, entries: Int32Array, rows: number): Float64Array {
    const { standing, lead, strict, places } = this
    const { starts, times, values } = standing
    if (this.out.length < rows) this.out = new Float64Array(rows)
    const out = this.out.subarray(0, rows)
    for (let row = 0; row < rows; row++) {
      const entry = entries[row]
      if (entry < 0 || starts[entry] === starts[entry + 1]) {
        out[row] = Number.NaN
        continue
      }
      const at = rowTimes[row] + lead
      const [first, end] = [starts[entry], starts[entry + 1]]
      if (lead > 0 && at > this.limitOf(entry, rowTimes[row], times[end - 1])) {
        out[row] = Number.NaN
        continue
      }
      let place = places[entry]
      if (strict ? times[place] >= at : times[place] > at) place = before(times, first, place, at, strict)
      else place = after(times, place, end, at, strict)
      if (place < first) {
        out[row] = Number.NaN
        places[entry] = first
        continue
      }
      places[entry] = place
      out[row] = values[place]
    }
    return out
  }

  /** Returns up to when values are looked up for a row; `last` is as late as quotes tell of anything. */
  private limitOf(entry: number, time: number, last: number): number {
    const end = this.breakAfter(entry, time)
    return this.standing.untilBreaks && end < Number.POSITIVE_INFINITY ? end : Math.min(last, end)
  }

  /** Returns the next break behind an instant: there are a few a day. */
  private breakAfter(entry: number, time: number): number {
    const { breakStarts, breaks } = this.standing
    for (let i = breakStarts[entry]; i < breakStarts[entry + 1]; i++) if (breaks[i] > time) return breaks[i]
    return Number.POSITIVE_INFINITY
  }
}

const isSeen = (time: number, at: number, strict: boolean): boolean => (strict ? time < at : time <= at)

/** Returns the last row seen from row `from` on, which is seen: steps that double, then halves. */
function after(times: Float64Array, from: number, end: number, at: number, strict: boolean): number {
  let low = from
  let step = 1
  while (low + step < end && isSeen(times[low + step], at, strict)) {
    low += step
    step *= 2
  }
  let high = Math.min(end, low + step)
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if (isSeen(times[middle], at, strict)) low = middle
    else high = middle
  }
  return low
}

/** Returns the last row seen before row `to`, which is not; one before `first` where none is. */
function before(times: Float64Array, first: number, to: number, at: number, strict: boolean): number {
  let low = first - 1
  let high = to
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if (isSeen(times[middle], at, strict)) low = middle
    else high = middle
  }
  return low
}
