import {
  BasaltError,
  type Column,
  rowOperator,
  type StandingColumn,
  type StandingPlan,
  type StandingValues,
} from '../../lib/core/index.js'
import { TimeOffsets } from '../transforms/order-keys.js'
import { DayEntries } from './day-entries.js'

export interface AsOfParameters {
  /** Which of the values that the context has, by their place in the plan. */
  from: number
  time: string
  date: string
  columns: StandingColumn[]
  tolerance: StandingPlan['tolerance']
}

/**
 * Adds columns of values that stood at each row's time, or some time from it: the last one of the listing and date
 * strictly before, or at or before. Null where none was known yet or, with a tolerance, for so long and, ahead, beyond the
 * next break or the last thing that is known of the listing.
 * Needs `taken` in its context. Rows in order of time take about 20 ns an instant: each listing's place is kept, and columns
 * of one instant are looked up once.
 */
export const asOf = rowOperator<AsOfParameters>({
  name: 'as_of',
  doc: "adds values of another table as they stood at each row's time",
  rows: ({ from, time, date, columns, tolerance }, { taken }) => {
    const standing = taken?.[from]
    if (!standing || !('times' in standing)) throw new BasaltError('internal', 'no standing values are given')
    const offsets = new TimeOffsets()
    const entries = new DayEntries(standing)
    const lookUps = ofOneInstant(columns).map(same => ({ same, places: new LookUp(same[0], standing, tolerance) }))
    return chunk => {
      const times = offsets.of(chunk, time, date)
      const entry = entries.of(chunk.required(date), chunk.required('ListingId'), chunk.rows)
      for (const { same, places } of lookUps) {
        const found = places.of(times, entry, chunk.rows)
        for (const { name, value } of same) chunk.set(name, valuesAt(standing.values[value], found))
      }
      return columns.map(({ name }) => ({ name, type: 'f64' as const }))
    }
  },
})

/** Groups columns that are looked up at one instant, seen from the row. */
function ofOneInstant(columns: readonly StandingColumn[]): StandingColumn[][] {
  const groups = new Map<string, StandingColumn[]>()
  for (const column of columns) {
    const key = `${column.lead} ${column.strict}`
    groups.set(key, [...(groups.get(key) ?? []), column])
  }
  return [...groups.values()]
}

/** Returns a value of the place of each row; -1 is none. */
function valuesAt(values: Float64Array, places: Int32Array): Column {
  const out = new Float64Array(places.length)
  const valid = new Uint8Array(places.length)
  for (let row = 0; row < places.length; row++) {
    const value = places[row] < 0 ? Number.NaN : values[places[row]]
    out[row] = value
    valid[row] = Number.isNaN(value) ? 0 : 1
  }
  return { type: 'f64', values: out, valid }
}

/** Looks up what stood at one instant, seen from each row. */
class LookUp {
  private readonly lead: number
  private readonly strict: boolean
  private readonly places: Int32Array // by entry: the row found last
  private out = new Int32Array(0)

  constructor(
    { lead, strict }: StandingColumn,
    private readonly standing: StandingValues,
    private readonly tolerance: StandingPlan['tolerance'],
  ) {
    this.lead = lead
    this.strict = strict
    this.places = standing.starts.slice(0, standing.days.length)
  }

  /** Returns the place of each row's values; -1 where nothing stood. */
  of(rowTimes: Float64Array, entries: Int32Array, rows: number): Int32Array {
    const { standing, lead, strict, places, tolerance } = this
    const since = tolerance && standing.values[tolerance.since]
    const oldest = tolerance?.ns ?? 0
    const { starts, times } = standing
    const hasBreaks = standing.breaks.length > 0
    if (this.out.length < rows) this.out = new Int32Array(rows)
    const out = this.out.subarray(0, rows).fill(-1)
    // Neighbours mostly are of one listing: its bounds are kept.
    let entry = -1
    let first = 0
    let end = 0
    let last = 0
    for (let row = 0; row < rows; row++) {
      if (entries[row] !== entry) {
        entry = entries[row]
        first = entry < 0 ? 0 : starts[entry]
        end = entry < 0 ? 0 : starts[entry + 1]
        last = end > first ? times[end - 1] : 0
      }
      if (first === end) continue
      const at = rowTimes[row] + lead
      if (lead > 0 && (hasBreaks || at > last) && at > this.limitOf(entry, rowTimes[row], last)) continue
      // Seen are values before this instant. Between two doubles of ns lies no other.
      const limit = strict ? at : at + 1
      let place = places[entry]
      place = times[place] < limit ? after(times, place, end, limit) : before(times, first, place, limit)
      if (place < first) {
        places[entry] = first
        continue
      }
      places[entry] = place
      if (!since || at - since[place] <= oldest) out[row] = place
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

/** Returns the last row with a time below a limit from row `from` on, which is one: steps that double, then halves. */
function after(times: Float64Array, from: number, end: number, limit: number): number {
  let low = from
  let step = 1
  while (low + step < end && times[low + step] < limit) {
    low += step
    step *= 2
  }
  let high = Math.min(end, low + step)
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if (times[middle] < limit) low = middle
    else high = middle
  }
  return low
}

/** Returns the last row with a time below a limit before row `to`, which is none; one before `first` where none is. */
function before(times: Float64Array, first: number, to: number, limit: number): number {
  let low = first - 1
  let high = to
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if (times[middle] < limit) low = middle
    else high = middle
  }
  return low
}
