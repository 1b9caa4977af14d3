import { auctionPrice, dropAuctionOrders, uncross } from './auction.js'
import { Book, type BookObserver } from './book.js'
import { aggress, callOrder, insert, quote } from './flow.js'
import type { Instrument } from './instrument.js'
import { Intensity } from './intensity.js'
import type { Listing } from './listings.js'
import { type Print, printOffBook } from './prints.js'
import { emptyTouch, QuoteCursor, type Touch } from './quotes.js'
import type { Random } from './random.js'
import { isCall, type MarketState, type Phase, UNCROSS_LEAD } from './session.js'

const QUOTES_PER_TRADE = 6 // passive events between two trades, about
const LONGEST_GAP = 60e9 // ns, mean wait for the next passive event in a quiet listing

/** Where a listing's day is recorded: trades and state changes, in the order in which they happen. */
export interface Recorder {
  trade(day: ListingDay, time: number, print: Print): void
  state(day: ListingDay, time: number): void
}

/** Plays one listing through one day, one event a step. Times are whole ns after midnight UTC and never repeat. */
export class ListingDay {
  readonly book: Book
  readonly intensity: Intensity
  /** The listing's own quote before the event that is being played. */
  readonly touch: Touch
  readonly consolidated: QuoteCursor
  readonly primaryQuotes: QuoteCursor
  lastAggressor: 0 | 1 | 2 = 0
  private phase = -1
  private now = 0
  private trades = 0 // numbered so far
  private printed = 0
  private continuous = 0 // trades already due to the day's continuous trading
  private continuousQuota = 0
  private nextTradeAt = Number.POSITIVE_INFINITY
  private gap = LONGEST_GAP

  constructor(
    readonly listing: Listing,
    readonly instrument: Instrument,
    readonly phases: readonly Phase[],
    readonly quota: number, // trades of the day
    readonly random: Random,
    private readonly recorder: Recorder,
    offsets: number,
    observer: BookObserver | undefined,
  ) {
    this.book = new Book(listing.index, observer)
    this.touch = instrument.single ? instrument.touch : emptyTouch()
    this.intensity = new Intensity(phases, random)
    this.consolidated = new QuoteCursor(instrument.consolidated, offsets)
    this.primaryQuotes = new QuoteCursor(instrument.primaryPath, offsets)
  }

  /** Plays the event due at `time` and returns when the next one is. */
  step(time: number): number {
    this.now = time
    this.book.now = time
    const { messages } = this.book
    const { phase } = this
    const next = this.play()
    if (this.book.messages !== messages || this.phase !== phase) this.book.settle()
    this.instrument.noteQuotes(this, time)
    return next === Number.POSITIVE_INFINITY ? next : Math.max(Math.floor(next), time + 1)
  }

  get state(): MarketState {
    return this.book.state
  }

  /** Numbers the next trade of the day, from 1. */
  nextTrade(): number {
    return ++this.trades
  }

  print(print: Print): void {
    this.printed++
    this.recorder.trade(this, this.now, print)
  }

  private play(): number {
    const following = this.phases[this.phase + 1]
    if (following && this.now >= following.start) return this.enter(following)
    const phase = this.phases[this.phase]
    if (isCall(phase.state)) return this.playCall(phase)
    if (phase.state === 'CONTINUOUS_TRADING') return this.playContinuous(phase)
    if (phase.state === 'POST_TRADE') return this.playPostTrade(phase)
    return phase.end
  }

  private enter(phase: Phase): number {
    this.phase++
    this.book.state = phase.state
    this.recorder.state(this, this.now)
    if (isCall(phase.state)) this.gap = ((phase.end - phase.start) * 0.95) / this.callOrders(phase.state)
    if (phase.state === 'OPENING_AUCTION') for (let i = 0; i < 30; i++) insert(this, i % 2 === 0 ? 1 : 2)
    if (phase.state === 'CONTINUOUS_TRADING') {
      // Fixed at the open: what the opening did not use and the close does not need.
      const later = this.closingPrints() + Math.round(this.quota * 0.004)
      this.continuousQuota ||= Math.max(0, this.quota - this.printed - later)
      this.planTrade()
      return this.nextContinuous(phase)
    }
    if (phase.state === 'POST_TRADE') return this.planPostTrade(phase)
    return isCall(phase.state) ? this.now + this.random.exponential() * this.gap : phase.end
  }

  private closingPrints(): number {
    return Math.min(this.quota, Math.max(1, Math.round(this.quota * 0.025)))
  }

  private callPrints(state: MarketState): number {
    if (state === 'CLOSING_AUCTION') return this.closingPrints()
    return this.quota < 4 ? 0 : Math.max(1, Math.round(this.quota * (state === 'OPENING_AUCTION' ? 0.01 : 0.002)))
  }

  /** Counts the trades that a call may use up at most. Calls between open and close take theirs from the continuous. */
  private callQuota(state: MarketState): number {
    if (state === 'CLOSING_AUCTION') return this.quota - this.printed
    if (state === 'OPENING_AUCTION') return this.quota - this.closingPrints()
    return this.continuousQuota - this.continuous
  }

  private callOrders(state: MarketState): number {
    return 24 + 3 * this.callPrints(state)
  }

  private playCall(phase: Phase): number {
    const uncrossAt = phase.end - UNCROSS_LEAD
    if (this.now < uncrossAt) {
      this.instrument.advance(this.now)
      callOrder(this)
      return Math.min(this.now + 1 + this.random.exponential() * this.gap, uncrossAt)
    }
    const most = Math.min(this.callPrints(phase.state), this.callQuota(phase.state))
    const ticks = most > 0 ? auctionPrice(this.book, Math.round(this.instrument.fair)) : 0
    if (ticks > 0) {
      const units = ticks * this.listing.tickUnits
      const print = (trade: number, size: number) => this.print({ trade, kind: 'auction', units, size, side: 0 })
      const prints = uncross(this.book, ticks, most, () => this.nextTrade(), print)
      if (phase.state !== 'OPENING_AUCTION') this.continuous += prints
    }
    dropAuctionOrders(this.book)
    return phase.end
  }

  private playContinuous(phase: Phase): number {
    this.instrument.advance(this.now)
    if (this.now >= this.nextTradeAt) {
      const left = this.continuousQuota - this.continuous
      const before = this.printed
      if (this.random.chance(0.16) || aggress(this, left) === 0) printOffBook(this)
      this.continuous += this.printed - before
      this.planTrade()
    } else quote(this)
    return this.nextContinuous(phase)
  }

  /** Sets when the next trade is due: on the day's schedule, or soon when the schedule is behind. */
  private planTrade(): void {
    if (this.continuous >= this.continuousQuota) {
      this.nextTradeAt = Number.POSITIVE_INFINITY
      this.gap = LONGEST_GAP
      return
    }
    const due = this.intensity.timeOf((this.continuous + this.random.uniform()) / this.continuousQuota)
    this.nextTradeAt = Math.max(due, Math.floor(this.now + 1 + this.random.exponential() * 20_000))
    this.gap = Math.min((this.nextTradeAt - this.now) / QUOTES_PER_TRADE, LONGEST_GAP)
  }

  private nextContinuous(phase: Phase): number {
    // Three in ten events answer the one before within microseconds, as machines do.
    const gap = this.random.chance(0.3) ? Math.min(this.gap, 60_000) : this.gap
    return Math.min(this.now + 1 + this.random.exponential() * gap, this.nextTradeAt, phase.end)
  }

  private planPostTrade(phase: Phase): number {
    this.gap = (phase.end - this.now) / (this.quota - this.printed + 1)
    return this.quota > this.printed ? this.now + this.gap : phase.end
  }

  /** Reports what the day still owes, off the book. */
  private playPostTrade(phase: Phase): number {
    printOffBook(this)
    return this.quota > this.printed ? Math.min(this.now + this.gap, phase.end - 1) : phase.end
  }
}
