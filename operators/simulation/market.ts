import { BasaltError, nearest } from '../../lib/core/index.js'
import { Agenda } from './agenda.js'
import type { BookObserver } from './book.js'
import { Desk, type MarketChunk, SIMULATED_TABLES, type SimulatedTable } from './desk.js'
import { Instrument } from './instrument.js'
import { ListingDay } from './listing-day.js'
import { buildListings, type Listing, quotas } from './listings.js'
import { LOOK_AHEAD, OFFSETS } from './mids.js'
import { Random } from './random.js'
import { referenceBatch } from './reference.js'
import { phasesOf, wallClock } from './session.js'

export interface SimulationOptions {
  listings: number
  tradesPerDay: number // rows of the trades table a day, over all markets
  days: readonly number[] // days since the epoch, ascending
  markets: readonly string[] // MICs
  seed: number // below 2^32
  tables?: readonly SimulatedTable[] // to yield; all. What one holds does not depend on the others
  /** Hears every change of every book, listing by listing as time passes. */
  observer?: BookObserver
}

/**
 * Simulates limit order books of a universe of listings and yields the tables they leave behind, day by day: first
 * `reference`, then the others as their rows become final, `marketstate` at the end. Every batch owns its memory. The
 * same options give the same rows; a pull computes no more than the next batch needs.
 */
export function* simulate(options: SimulationOptions): Generator<MarketChunk, void, undefined> {
  check(options)
  const listings = buildListings(options.listings, options.markets, options.seed)
  const instruments = new Map<number, Instrument>()
  for (const listing of listings) {
    if (listing.primary === listing.index) instruments.set(listing.instrument, new Instrument(listing, options.seed))
  }
  const wanted = new Set(options.tables ?? SIMULATED_TABLES)
  for (const day of options.days) {
    for (const mic of wanted.has('reference') ? options.markets : []) {
      const listed = listings.filter(listing => listing.venue.mic === mic)
      yield { day, table: 'reference', mic, batch: referenceBatch(listed, day) }
    }
    yield* simulateDay(day, listings, instruments, options, wanted)
  }
}

function check({ listings, tradesPerDay, markets, days, seed, tables }: SimulationOptions): void {
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
  if (tables?.length === 0) throw new BasaltError('config', 'at least one table must be named')
  for (const table of tables ?? []) if (!SIMULATED_TABLES.includes(table)) throw unknownTable(table)
}

function unknownTable(table: string): BasaltError {
  const near = nearest(table, SIMULATED_TABLES)
  const hint = near ? `did you mean '${near}'?` : `there are ${SIMULATED_TABLES.join(', ')}`
  return new BasaltError('config', `the simulation has no table '${table}'; ${hint}`)
}

function* simulateDay(
  day: number,
  listings: readonly Listing[],
  instruments: ReadonlyMap<number, Instrument>,
  { tradesPerDay, markets, seed, observer }: SimulationOptions,
  wanted: ReadonlySet<SimulatedTable>,
): Generator<MarketChunk, void, undefined> {
  const desks = new Map(markets.map(mic => [mic, new Desk(mic, day, listings, markets, wanted, observer)]))
  const actors = openDay(day, listings, instruments, quotas(listings, tradesPerDay), seed, desks)
  const agenda = new Agenda(actors.map(actor => actor.phases[0].start))
  const venues = actors.map(({ listing }) => desks.get(listing.venue.mic)!)
  const homes = actors.map(({ listing }) => desks.get(listing.opol)!)
  let events = 0
  for (;;) {
    const { time, actor: index } = agenda
    if (time === Number.POSITIVE_INFINITY) break
    const actor = actors[index]
    agenda.reschedule(actor.step(time))
    venues[index].played(actor, time)
    homes[index].quoted(actor, time)
    // Looking for full batches at every event would cost more than the few rows that leave later.
    if (++events % 512 !== 0) continue
    let taken = false
    for (const desk of desks.values()) {
      if (yield* desk.trades(time)) taken = true
      yield* desk.others(false)
    }
    if (!taken) continue
    const oldest = Math.min(time, ...Array.from(desks.values(), desk => desk.oldest))
    forget(instruments, oldest - LOOK_AHEAD - 1)
  }
  for (const desk of desks.values()) {
    yield* desk.trades(Number.POSITIVE_INFINITY)
    yield* desk.others(true)
  }
}

function openDay(
  day: number,
  listings: readonly Listing[],
  instruments: ReadonlyMap<number, Instrument>,
  trades: readonly number[],
  seed: number,
  desks: ReadonlyMap<string, Desk>,
): ListingDay[] {
  const listed = new Map<number, number>()
  for (const { instrument } of listings) listed.set(instrument, (listed.get(instrument) ?? 0) + 1)
  for (const [index, instrument] of instruments) instrument.startDay(0, listed.get(index)!)
  // One listing in twenty halts, at least one a day.
  const draw = new Random(seed, 0x4a17, day)
  const halted = new Set(Array.from({ length: Math.ceil(listings.length / 20) }, () => draw.below(listings.length)))
  const clocks = new Map(listings.map(({ venue }) => [venue, wallClock(venue, day)]))
  return listings.map((listing, i) => {
    const { venue } = listing
    const desk = desks.get(venue.mic)!
    const random = new Random(seed, 0xda7, day, listing.index)
    const phases = phasesOf(venue, clocks.get(venue)!, random, halted.has(i))
    const instrument = instruments.get(listing.instrument)!
    const actor = new ListingDay(listing, instrument, phases, trades[i], random, desk, OFFSETS, desk)
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
