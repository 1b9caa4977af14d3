import type { ListingDay } from './listing-day.js'
import type { Listing } from './listings.js'
import { emptyTouch, QuotePath, type Touch } from './quotes.js'
import { Random } from './random.js'

const SESSION = 30_600e9 // ns of a usual trading day, over which `volatility` is spread

/** What the listings of one instrument share: the price everybody believes in, and the consolidated quote. */
export class Instrument {
  /** The fair price, in (fractional) ticks. */
  fair: number
  readonly listings: ListingDay[] = [] // the primary first
  /** The consolidated quote after the last event. */
  readonly touch: Touch = emptyTouch()
  /** Best bid and offer over all listings that trade continuously. */
  consolidated!: QuotePath
  /** Best bid and offer of the primary listing; the consolidated path itself when there is no other listing. */
  primaryPath!: QuotePath
  private moved = 0 // ns after midnight UTC
  private readonly random: Random

  constructor(
    readonly primary: Listing,
    seed: number,
  ) {
    this.fair = primary.startTicks
    this.random = new Random(seed, 0xfa12, primary.index)
  }

  /** Starts a day of one listing or several: an overnight move, empty quotes. */
  startDay(time: number, listings: number): void {
    this.listings.length = 0
    this.moved = time
    this.shift(this.random.bell() * this.primary.volatility * 0.4)
    clear(this.touch)
    this.consolidated = new QuotePath(this.primary)
    this.primaryPath = listings > 1 ? new QuotePath(this.primary) : this.consolidated
  }

  /** Tells whether the instrument trades in one place only, so that all its quotes are one. */
  get single(): boolean {
    return this.primaryPath === this.consolidated
  }

  /** Lets the fair price diffuse up to `time`. */
  advance(time: number): void {
    if (time <= this.moved) return
    this.shift(this.random.bell() * this.primary.volatility * Math.sqrt((time - this.moved) / SESSION))
    this.moved = time
  }

  /** Moves the fair price, within a fifth of where it began: a sample of many days must stay in range of its tick size. */
  shift(ticks: number): void {
    const { startTicks } = this.primary
    this.fair = Math.min(Math.max(this.fair + ticks, startTicks * 0.8), startTicks * 1.2)
  }

  /** Reads and notes the quotes after an event of `day` at `time`. */
  noteQuotes(day: ListingDay, time: number): void {
    const { touch } = this
    clear(touch)
    for (const listing of this.listings) addTouch(listing, touch)
    this.consolidated.note(time, touch.bid, touch.ask)
    if (this.single) return
    clear(day.touch)
    addTouch(day, day.touch)
    if (day === this.listings[0]) this.primaryPath.note(time, day.touch.bid, day.touch.ask)
  }
}

function clear(touch: Touch): void {
  touch.bid = touch.bidSize = touch.ask = touch.askSize = 0
}

/** Adds what a listing quotes to a best bid and offer. Only continuous trading has quotes that one can trade at. */
function addTouch(day: ListingDay, into: Touch): void {
  if (day.state !== 'CONTINUOUS_TRADING') return
  const bid = day.book.best(1)
  if (bid && bid.price >= into.bid) {
    into.bidSize = bid.price > into.bid ? bid.size : into.bidSize + bid.size
    into.bid = bid.price
  }
  const ask = day.book.best(2)
  if (ask && (into.ask === 0 || ask.price <= into.ask)) {
    into.askSize = ask.price === into.ask ? into.askSize + ask.size : ask.size
    into.ask = ask.price
  }
}
