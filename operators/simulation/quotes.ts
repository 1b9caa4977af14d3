import { type Listing, priceOf } from './listings.js'

/** Best bid and offer of one moment in ticks and shares; price 0 means that the side is empty. */
export interface Touch {
  bid: number
  bidSize: number
  ask: number
  askSize: number
}

export const emptyTouch = (): Touch => ({ bid: 0, bidSize: 0, ask: 0, askSize: 0 })

/**
 * Records how a best bid and offer changes, oldest first: one entry per instant at which either price changed, with
 * the mid that held from then on (NaN when one side is missing, bid > ask, or the market is not trading continuously).
 */
export class QuotePath {
  private times: number[] = []
  private mids: number[] = []
  private base = 0 // number of entries forgotten
  private bid = 0
  private ask = 0

  constructor(private readonly listing: Listing) {}

  /** Notes the prices at `time`; equal prices are no change, and the last note of an instant wins. */
  note(time: number, bid: number, ask: number): void {
    if (bid === this.bid && ask === this.ask) return
    this.bid = bid
    this.ask = ask
    const valid = bid > 0 && ask >= bid
    const mid = valid ? (priceOf(this.listing, bid) + priceOf(this.listing, ask)) / 2 : Number.NaN
    const last = this.times.length - 1
    if (this.times[last] === time) this.mids[last] = mid
    else {
      this.times.push(time)
      this.mids.push(mid)
    }
  }

  /** Drops what no question about `time` or later needs. */
  forget(time: number): void {
    let needed = 0
    while (needed + 1 < this.times.length && this.times[needed + 1] <= time) needed++
    // Copying the rest costs its length, so wait until most of it is dead.
    if (needed < 256 || needed < this.times.length / 2) return
    this.times = this.times.slice(needed)
    this.mids = this.mids.slice(needed)
    this.base += needed
  }

  /** Returns the number of the last entry at or before `time`, searching on from entry `from`; -1 if there is none. */
  seek(time: number, from: number): number {
    const { times, base } = this
    let next = Math.max(from + 1, base) - base
    while (next < times.length && times[next] <= time) next++
    return next + base - 1
  }

  /** Returns the mid of entry `number`, in currency units; NaN when there is no valid one. */
  mid(number: number): number {
    return number < this.base ? Number.NaN : this.mids[number - this.base]
  }

  /** Returns the time of entry `number`, ns after midnight UTC; NaN when there is no such entry. */
  time(number: number): number {
    return number < this.base ? Number.NaN : (this.times[number - this.base] ?? Number.NaN)
  }
}

/** Answers a row's questions about a path. Rows come in time order, so each offset keeps its place and moves on. */
export class QuoteCursor {
  private readonly places: Int32Array

  constructor(
    readonly path: QuotePath,
    offsets: number,
  ) {
    this.places = new Int32Array(offsets).fill(-1)
  }

  /** Returns the number of the entry that held at `time`; `offset` tells which question of the row this is. */
  entryAt(time: number, offset: number): number {
    const entry = this.path.seek(time, this.places[offset])
    this.places[offset] = entry
    return entry
  }
}
