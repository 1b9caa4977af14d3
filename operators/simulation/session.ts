import { MS_PER_DAY, NS_PER_SECOND, wallTime, wallToUtc } from '../../lib/core/index.js'
import type { Random } from './random.js'
import type { Venue } from './venues.js'

/** Market states that the simulation passes through, coded by position. */
export const MARKET_STATES = [
  'PRE_OPEN',
  'OPENING_AUCTION',
  'CONTINUOUS_TRADING',
  'INTRADAY_AUCTION',
  'HALTED',
  'UNSCHEDULED_AUCTION',
  'CLOSING_AUCTION',
  'POST_TRADE',
  'CLOSED',
] as const

export type MarketState = (typeof MARKET_STATES)[number]

/** One stretch of a listing's day. Stretches follow each other without gap. */
export interface Phase {
  state: MarketState
  start: number // ns after midnight UTC, inclusive
  end: number // exclusive
}

/** Tells whether orders are collected without matching and uncrossed at the end. */
export function isCall(state: MarketState): boolean {
  return state.endsWith('_AUCTION')
}

/** How long before the end of a call the book uncrosses: its trades are stamped inside the call. */
export const UNCROSS_LEAD = 150_000 // ns

const SECOND = NS_PER_SECOND

/** Reads a wall time of one venue and day as ns after that day's midnight UTC. */
export type WallClock = (text: string) => number

/** Returns a venue's clock of a day. It remembers its answers: a look into the time zone costs microseconds. */
export function wallClock(venue: Venue, day: number): WallClock {
  const known = new Map<string, number>()
  return text => {
    let time = known.get(text)
    if (time === undefined) {
      const midnight = day * MS_PER_DAY
      time = (wallToUtc(midnight + wallTime(text)! / 1e6, venue.zone) - midnight) * 1e6
      known.set(text, time)
    }
    return time
  }
}

/** Lays out a listing's day. Calls end at random within 30 s, as venues do so that the end cannot be gamed. */
export function phasesOf(venue: Venue, at: WallClock, random: Random, halted: boolean): Phase[] {
  const late = () => Math.floor(random.uniform() * 30 * SECOND)
  const starts: [MarketState, number][] = [
    ['PRE_OPEN', at(venue.preOpen)],
    ['OPENING_AUCTION', at(venue.openingCall)],
    ['CONTINUOUS_TRADING', at(venue.open) + late()],
  ]
  if (venue.intradayCall) {
    starts.push(['INTRADAY_AUCTION', at(venue.intradayCall[0]) + random.below(90_000)])
    starts.push(['CONTINUOUS_TRADING', at(venue.intradayCall[1]) + late()])
  }
  if (halted) {
    // After any intraday auction and well before the close, so that stretches never overlap.
    const halt = at('14:00') + Math.floor(random.uniform() * 3_600 * SECOND)
    const call = halt + Math.floor((120 + random.uniform() * 240) * SECOND)
    starts.push(['HALTED', halt], ['UNSCHEDULED_AUCTION', call])
    starts.push(['CONTINUOUS_TRADING', call + 180 * SECOND + late()])
  }
  starts.push(
    ['CLOSING_AUCTION', at(venue.close) + random.below(90_000)],
    ['POST_TRADE', at(venue.closingUncross) + late()],
    ['CLOSED', at(venue.postTradeEnd) + late()],
  )
  return starts.map(([state, start], i) => ({ state, start, end: starts[i + 1]?.[1] ?? Number.POSITIVE_INFINITY }))
}
