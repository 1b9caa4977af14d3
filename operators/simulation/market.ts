import { BasaltError, type RecordBatch } from '../../lib/core/index.js'
import { Agenda } from './agenda.js'
import type { BookObserver } from './book.js'
import { Instrument } from './instrument.js'
import { ListingDay, type Recorder } from './listing-day.js'
import { buildListings, type Listing, quotas } from './listings.js'
import { StateLog } from './market-state.js'
import { LOOK_AHEAD, OFFSETS } from './mids.js'
import { Random } from './random.js'
import { referenceBatch } from './reference.js'
import { phasesOf, type WallClock, wallClock } from './session.js'
import { Tape } from './tape.js'
import { venueOf } from './venues.js'

export interface SimulationOptions {
  listings: number
  tradesPerDay: number // rows of the trades table a day, over all markets
  days: readonly number[] // days since the epoch, ascending
  markets: readonly string[] // MICs
  seed: number // below 2^32
  /** Hears every change of every book, listing by listing as time passes. */
  observer?: BookObserver
}

/** A batch of one table. Batches of one (day, table, mic) come in time order; those of different markets alternate. */
export interface MarketChunk {
  day: number // days since the epoch
  table: 'reference' | 'trades' | 'marketstate'
  mic: string
  batch: RecordBatch
}

/**
 * Simulates limit order books of a universe of listings and yields the tables they leave behind, day by day: first
 * `reference`, then `trades` as they become final, at last `marketstate`. Every batch owns its memory. The same
 * options give the same rows; a pull computes no more than the next batch needs.
 */
export function* simulate(options: SimulationOptions): Generator<MarketChunk, void, undefined> {
  check(options)
  const listings = buildListings(options.listings, options.markets, options.seed)
  const instruments = new Map<number, Instrument>()
  for (const listing of listings) {
    if (listing.primary === listing.index) instruments.set(listing.instrument, new Instrument(listing, options.seed))
  }
  for (const day of options.days) {
    for (const mic of options.markets) {
      const listed = listings.filter(listing => listing.venue.mic === mic)
      yield { day, table: 'reference', mic, batch: referenceBatch(listed, day) }
    }
    yield* simulateDay(day, listings, instruments, options)
  }
}

function check({ listings, tradesPerDay, markets, days, seed }: SimulationOptions): void {
  const count = (name: string, value: number, least: number) => {
    if (!Number.isSafeInteger(value) || value < least) {
      throw new BasaltError('config', `${name} must be a whole number of at least ${least}, not ${value}`)
    }
  }
  count('listings', listings, 1)
  count('trades', tradesPerDay, 0)
  count('seed', seed, 0)
  if (seed >= 2 ** 32) throw new BasaltError('config', `seed must be below 2^32, not ${seed}`)
  if (listings > 20_000) throw new BasaltError('config', `at most 20000 listings can be simulated, not ${listings}`)
  if (markets.length === 0 || new Set(markets).size !== markets.length) {
    throw new BasaltError('config', `markets must be named, each once, not [${markets.join(', ')}]`)
  }
  if (days.some((day, i) => !Number.isInteger(day) || (i > 0 && day <= days[i - 1]))) {
    throw new BasaltError('config', 'days must be whole and ascending')
  }
}

function* simulateDay(
  day: number,
  listings: readonly Listing[],
  instruments: ReadonlyMap<number, Instrument>,
  { tradesPerDay, markets, seed, observer }: SimulationOptions,
): Generator<MarketChunk, void, undefined> {
  const desks = markets.map(
    (mic): Desk => ({
      mic,
      tape: new Tape(mic, day, listings, markets),
      states: new StateLog(mic),
      clock: wallClock(venueOf(mic), day),
    }),
  )
  const actors = openDay(day, listings, instruments, quotas(listings, tradesPerDay), seed, observer, desks)
  const agenda = new Agenda(actors.map(actor => actor.phases[0].start))
  let events = 0
  const tapes = actors.map(actor => desks[markets.indexOf(actor.listing.venue.mic)].tape)
  for (;;) {
    const { time } = agenda
    if (time === Number.POSITIVE_INFINITY) break
    const actor = actors[agenda.actor]
    const before = actor.book.messages
    agenda.reschedule(actor.step(time))
    tapes[actor.listing.index].skip(actor.book.messages - before)
    // Looking at the tapes at every event would cost more than the few rows that leave later.
    if (++events % 512 !== 0) continue
    let taken = false
    for (const { mic, tape } of desks) {
      for (let batch = tape.take(time); batch; batch = tape.take(time)) {
        taken = true
        yield { day, table: 'trades', mic, batch }
      }
    }
    if (taken) forget(instruments, Math.min(time, ...desks.map(({ tape }) => tape.oldest)) - LOOK_AHEAD - 1)
  }
  for (const { mic, tape, states } of desks) {
    for (let batch = tape.take(Number.POSITIVE_INFINITY); batch; batch = tape.take(Number.POSITIVE_INFINITY)) {
      yield { day, table: 'trades', mic, batch }
    }
    yield { day, table: 'marketstate', mic, batch: states.batch(day) }
  }
}

interface Desk {
  mic: string
  tape: Tape
  states: StateLog
  clock: WallClock
}

function openDay(
  day: number,
  listings: readonly Listing[],
  instruments: ReadonlyMap<number, Instrument>,
  trades: readonly number[],
  seed: number,
  observer: BookObserver | undefined,
  desks: readonly Desk[],
): ListingDay[] {
  const listed = new Map<number, number>()
  for (const { instrument } of listings) listed.set(instrument, (listed.get(instrument) ?? 0) + 1)
  for (const [index, instrument] of instruments) instrument.startDay(0, listed.get(index)!)
  // One listing in twenty halts, at least one a day.
  const draw = new Random(seed, 0x4a17, day)
  const halted = new Set(Array.from({ length: Math.ceil(listings.length / 20) }, () => draw.below(listings.length)))
  return listings.map((listing, i) => {
    const { tape, states, clock } = desks.find(desk => desk.mic === listing.venue.mic)!
    const recorder: Recorder = {
      trade: (actor, time, print) => tape.trade(actor, time, print),
      state: (actor, time) => states.add(actor, time),
    }
    const random = new Random(seed, 0xda7, day, listing.index)
    const phases = phasesOf(listing.venue, clock, random, halted.has(i))
    const instrument = instruments.get(listing.instrument)!
    const actor = new ListingDay(listing, instrument, phases, trades[i], random, recorder, OFFSETS, observer)
    instrument.listings.push(actor)
    return actor
  })
}

function forget(instruments: ReadonlyMap<number, Instrument>, time: number): void {
  for (const instrument of instruments.values()) {
    instrument.consolidated.forget(time)
    if (!instrument.single) instrument.primaryPath.forget(time)
  }
}
