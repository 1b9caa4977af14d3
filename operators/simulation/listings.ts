import { figi, isin } from './identifiers.js'
import { Random } from './random.js'
import { type Venue, venueOf } from './venues.js'

/** One listing of the simulated universe. Prices are counted in ticks; `price` turns ticks into the listing's unit. */
export interface Listing {
  index: number // position in the universe
  instrument: number // index of the instrument
  primary: number // index of the instrument's primary listing
  listingId: number
  instrumentId: number
  ticker: string
  isin: string
  figi: string
  venue: Venue
  opol: string // MIC of the primary listing
  currency: string
  segment: string
  tickUnits: number // tick size × 10 000
  startTicks: number // price before the first day
  spread: number // typical bid-ask spread, ticks
  volatility: number // standard deviation of a day's change, ticks
  typicalSize: number // shares
  weight: number // share of the universe's trades, before normalisation
}

/** Builds the universe, markets in turn. About one listing in five is the second one of an instrument from elsewhere. */
export function buildListings(count: number, markets: readonly string[], seed: number): Listing[] {
  const venues = markets.map(venueOf)
  const random = new Random(seed, 0x11571)
  const tickers = new Set<string>()
  const listings: Listing[] = []
  // Pence stay in London: both listings of an instrument share a currency.
  const alone = new Map(venues.filter(venue => venue.currency !== 'GBX').map(venue => [venue, [] as Listing[]]))
  let listingId = 100_000_000
  let instruments = 0
  for (let index = 0; index < count; index++) {
    listingId += 1 + random.below(9_973)
    const venue = venues[index % venues.length]
    const home = index % 5 >= 3 ? crossListable(alone, venue) : undefined
    const weight = 1 / (index + 3)
    const segment = random.pick(venue.segments)
    if (home) {
      listings.push({ ...home, index, listingId, venue, segment, figi: figi(random), weight: weight * 0.6 })
    } else {
      const identity = { index, instrument: instruments++, primary: index, listingId, venue, segment, weight }
      const listing = { ...identity, ...newInstrument(venue, random, tickers) }
      listings.push(listing)
      alone.get(venue)?.push(listing)
    }
  }
  return listings
}

/** Takes an instrument that is listed elsewhere alone so far. */
function crossListable(alone: ReadonlyMap<Venue, Listing[]>, venue: Venue): Listing | undefined {
  for (const [home, listings] of alone) if (home !== venue && listings.length > 0) return listings.shift()
  return undefined
}

function newInstrument(venue: Venue, random: Random, tickers: Set<string>) {
  const major = 4 + random.heavy() * 14 // a share price in the major currency
  const { tickUnits, startTicks } = grid(venue.currency === 'GBX' ? major * 100 : major)
  return {
    instrumentId: 1_000_000 + random.below(8_000_000),
    ticker: newTicker(random, tickers),
    isin: isin(venue.country, random),
    figi: figi(random),
    opol: venue.mic,
    currency: venue.currency,
    tickUnits,
    startTicks,
    spread: 1.2 + random.uniform() * 2.5,
    volatility: startTicks * (0.006 + random.uniform() * 0.014),
    typicalSize: Math.max(20, Math.round(4_000 / major)),
  }
}

/** Puts a price on a grid whose ticks are 1 to 4 parts in 10 000 of it: 1, 2 or 5 times a power of ten. */
function grid(price: number): { tickUnits: number; startTicks: number } {
  const target = price * 10_000 * 0.0004
  let tickUnits = 1
  for (const step of [2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000])
    if (step <= target) tickUnits = step
  return { tickUnits, startTicks: Math.round((price * 10_000) / tickUnits) }
}

function newTicker(random: Random, taken: Set<string>): string {
  for (;;) {
    const letters = Array.from({ length: 3 + random.below(2) }, () => random.pick([...'ABCDEFGHIKLMNOPRSTUVW']))
    const ticker = letters.join('')
    if (taken.has(ticker)) continue
    taken.add(ticker)
    return ticker
  }
}

/** Converts ticks (halves allowed) to the listing's currency unit with one rounding, so that 0.3 is the double 0.3. */
export function priceOf(listing: Listing, ticks: number): number {
  return (ticks * listing.tickUnits) / 10_000
}

/** Names a trade by its number inside the listing's day: unique in a day, and what an order message may refer to. */
export function tradeIdOf(listing: Listing, trade: number): string {
  return `${listing.ticker}${listing.index.toString(36)}-${trade}`
}

/** Splits a day's trades over the listings by weight; every listing gets a few where there are enough. */
export function quotas(listings: readonly Listing[], trades: number): number[] {
  const least = Math.min(12, Math.floor(trades / (2 * listings.length)))
  const rest = trades - least * listings.length
  const total = listings.reduce((sum, listing) => sum + listing.weight, 0)
  const counts: number[] = []
  let given = 0
  let weight = 0
  for (const listing of listings) {
    weight += listing.weight
    const upTo = listing === listings.at(-1) ? rest : Math.round((rest * weight) / total)
    counts.push(least + upTo - given)
    given = upTo
  }
  return counts
}
