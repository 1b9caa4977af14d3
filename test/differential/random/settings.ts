import { Random } from '../../../operators/simulation/random.js'

export const CODECS = ['snappy', 'zstd', 'gzip', 'uncompressed', 'lz4_raw', 'brotli'] as const
export const ORDERS = ['listing', 'time', 'random', 'reversed'] as const
export const TIMES = ['ns', 'us', 'utc', 'integer_ns', 'integer_ms'] as const
export const SEQUENCES = ['none', 'numbers', 'sources'] as const
export const UNITS = ['none', 'listing', 'minor', 'exclude', 'ignore'] as const
export const LAYOUTS = ['hive', 'bmll', 'template'] as const
export const FLAG_ENCODINGS = ['yes_no', 'mmt'] as const

/** What one data set is like. Everything in it follows from these. */
export interface DataSettings {
  index: number
  seed: number
  rows: number
  dates: string[]
  mics: string[]
  /** Files of one date and market; layout bmll has one. */
  parts: number
  order: (typeof ORDERS)[number]
  /** Share of nulls in nullable columns. */
  nulls: number
  /** Length of the day over which trades are spread, in hours; short ones have many buckets of many trades. */
  hours: number
  /** Grid of event times in ns: coarse ones make ties and stamps on bucket edges. */
  tick: number
  codec: (typeof CODECS)[number]
  version: 'V1' | 'V2'
  dictionary: boolean
  rowGroupRows: number
  listings: number
  textListings: boolean
  /** Listings trade on every market, or each on its own. */
  shared: boolean
  integerSize: boolean
  /** Prices are integers of 1/10,000. */
  scaled: boolean
  textSides: boolean
  time: (typeof TIMES)[number]
  sequence: (typeof SEQUENCES)[number]
  units: (typeof UNITS)[number]
  layout: (typeof LAYOUTS)[number]
  flags: (typeof FLAG_ENCODINGS)[number]
  /** DATA.tables.trades.filter is used by the configs of this set. */
  tableFilter: boolean
}

/** Days at which clocks change in Europe and America are among them, and a weekend. */
const DATES = ['2026-02-03', '2026-03-08', '2026-03-29', '2026-03-30', '2026-10-25', '2026-11-01', '2026-12-31']
const MICS = ['XLON', 'XPAR', 'AQXE']

/** Draws the settings of data set `index`. What must occur is dealt out by the index, so that 20 sets have all of it. */
export function dataSettings(seed: number, index: number): DataSettings {
  const random = new Random(seed, index, 1)
  const deal = <T>(items: readonly T[], step = 0): T =>
    items[(index + step * Math.floor(index / items.length)) % items.length]
  const layout = deal(LAYOUTS)
  const codec = deal(CODECS)
  const single = index % 8 === 1 // one file of several row groups
  const days = single ? 1 : 1 + random.below(3)
  const from = random.below(DATES.length - days + 1)
  return {
    index,
    seed,
    // DuckDB packs brotli at its slowest level.
    rows:
      codec === 'brotli'
        ? 300 + random.below(400)
        : single
          ? 4200 + random.below(800)
          : 300 + random.below(index % 5 === 0 ? 2400 : 700),
    dates: DATES.slice(from, from + days),
    mics: MICS.slice(0, single ? 1 : 1 + random.below(MICS.length)),
    parts: single || layout === 'bmll' ? 1 : 1 + random.below(3),
    order: deal(ORDERS, 1),
    nulls: deal([0, 0.02, 0.1, 0.3]),
    hours: deal([0.05, 1, 9, 30, 0.2]),
    tick: deal([1, 1_000_000_000, 100_000_000, 250_000, 60_000_000_000], 1),
    codec,
    version: deal(['V1', 'V2'] as const, 1),
    dictionary: random.chance(0.5),
    rowGroupRows: single ? 2048 : random.pick([2048, 4096, 100_000]),
    listings: 1 + random.below(9),
    textListings: random.chance(0.4),
    shared: random.chance(0.5),
    integerSize: deal([true, false], 1),
    scaled: random.chance(0.3),
    textSides: random.chance(0.4),
    time: deal(TIMES),
    sequence: deal(SEQUENCES),
    units: deal(UNITS, 1),
    layout,
    flags: deal(FLAG_ENCODINGS, 1),
    tableFilter: random.chance(0.3),
  }
}
