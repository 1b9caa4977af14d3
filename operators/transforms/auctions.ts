import {
  AUCTION_STATES,
  type AuctionTimes,
  BasaltError,
  type Chunk,
  type Column,
  type ColumnSpec,
  REGULAR,
  rowOperator,
  SESSION,
} from '../../lib/core/index.js'
import { DayEntries } from '../as-of/day-entries.js'
import { DayClock } from './day-clock.js'
import { TimeOffsets } from './order-keys.js'

export interface AuctionParameters {
  time: string
  date: string
  /** The column of labels, in which those of auctions are their ends. */
  label: string
  /** Adds until when the values of each row may stand. */
  until: boolean
}

/** Later than any row: times are kept as numbers that a bar can hold. */
const NEVER = Number.MAX_SAFE_INTEGER

const WORDS = [REGULAR, ...AUCTION_STATES]

/**
 * Tells by its own market state whether a row belongs to an auction, and by the listing's auctions to which: of those in
 * its state the last one that had begun by its time, or else the first. Adds the session, where it begins, and the end of
 * auctions as their label. A row in the state of an auction that the listing did not have that day has no beginning: it
 * is refused where it counts. Needs `auctions` in its context.
 */
export const auctions = rowOperator<AuctionParameters>({
  name: 'auctions',
  doc: 'tells to which auction each row belongs, by its market state and the auctions of its listing',
  rows: ({ time, date, label, until }, { auctions: times }) => {
    if (!times) throw new BasaltError('internal', 'no auctions are given')
    const offsets = new TimeOffsets()
    const clock = new DayClock()
    const entries = new DayEntries(times)
    return chunk => {
      const { rows } = chunk
      const states = statesOf(chunk)
      const codes = new Int32Array(rows)
      const from = new Float64Array(rows)
      const valid = new Uint8Array(rows)
      const ends = until ? new Float64Array(rows) : null
      const dates = (chunk.required(date) as Column & { type: 'date' }).values
      const labels = chunk.required(label) as Column & { type: 'ts' }
      if (states || ends) {
        const at = offsets.of(chunk, time, date)
        const entry = entries.of(chunk.required(date), chunk.required('ListingId'), rows)
        const to = new Float64Array(rows)
        for (let row = 0; row < rows; row++) {
          const state = states ? states[row] : -1
          if (state >= 0) {
            codes[row] = state + 1
            const auction = auctionOf(times, entry[row], state, at[row])
            if (auction >= 0) {
              valid[row] = 1
              from[row] = times.from[auction]
              to[row] = times.to[auction]
            }
          }
          if (ends) ends[row] = valid[row] ? Math.max(to[row], at[row]) : nextOf(times, entry[row], at[row])
        }
        if (valid.includes(1)) {
          const stamps = clock.stamps(to, dates)
          const own = labels.values.slice()
          for (let row = 0; row < rows; row++) if (valid[row]) own[row] = stamps[row]
          chunk.set(label, { ...labels, values: own })
        }
      }
      const added: ColumnSpec[] = [{ name: label, type: 'ts' }]
      const put = (name: string, column: Column) => {
        chunk.set(name, column)
        added.push({ name, type: column.type })
      }
      put(SESSION.name, { type: 'str', values: codes, valid: null, dictionary: { words: WORDS } })
      put(SESSION.start, { type: 'ts', values: clock.stamps(from, dates), valid })
      if (ends) put(SESSION.until, { type: 'f64', values: ends, valid: null })
      return added
    }
  },
})

/** Returns each row's state as its place in AUCTION_STATES, -1 for others; null where no row is in an auction. */
function statesOf(chunk: Chunk): Int32Array | null {
  const column = chunk.required('MarketState')
  if (column.type !== 'str') throw new BasaltError('internal', 'market states are no text')
  const places = column.dictionary.words.map(word => AUCTION_STATES.indexOf(word))
  if (places.every(place => place < 0)) return null
  const { values, valid } = column
  const states = new Int32Array(chunk.rows)
  for (let row = 0; row < states.length; row++) states[row] = valid && !valid[row] ? -1 : places[values[row]]
  return states
}

/** Returns the auction of a state to which a time belongs; -1 where the listing has none. There are a few a day. */
function auctionOf({ starts, states, from }: AuctionTimes, entry: number, state: number, at: number): number {
  let found = -1
  if (entry < 0) return found
  for (let a = starts[entry]; a < starts[entry + 1]; a++) {
    if (states[a] !== state) continue
    if (found >= 0 && from[a] > at) break
    found = a
  }
  return found
}

/** Returns when the next auction begins, or the time itself where one is under way; NEVER where none comes. */
function nextOf({ starts, from, to }: AuctionTimes, entry: number, at: number): number {
  if (entry < 0) return NEVER
  for (let a = starts[entry]; a < starts[entry + 1]; a++) if (to[a] > at) return Math.max(from[a], at)
  return NEVER
}
