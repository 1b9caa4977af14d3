import type { DataSettings } from './settings.js'

// The columns of the files, in SQL: random but for their seed, and with everything in them that a feed may hold.

/** Listings whose names sort differently by UTF-8 bytes and by UTF-16 units, and ids that no double holds. */
const TEXT_LISTINGS = ['AIR', 'Zé', 'ﬀ', '𝒳', 'b', 'AB', 'a.b', 'Ωμ', 'x y']
const INTEGER_LISTINGS = [7, 42, 9007199254740993n, 9007199254740992n, -3, 1001, 100000, 5, 12]

const CLASSES = [
  ...['LIT_CONTINUOUS', 'LIT_CONTINUOUS', 'LIT_CONTINUOUS', 'LIT_CONTINUOUS', 'LIT_AUCTION', 'DARK_AUCTION'],
  ...['OFF_BOOK_ON_EXCHANGE', 'SI_ADDRESSABLE_BELOW_LIS', 'OTC_NEGOTIATED'],
]
export const STATES = ['CONTINUOUS_TRADING', 'OPENING_AUCTION', 'CLOSING_AUCTION', 'HALTED', 'POST_TRADE']
export const TYPES = ['LIT', 'LIT', 'LIT', 'DARK', 'OTC', 'UNKNOWN']
export const VENUES = ['A', 'B', 'C', '', 'ñ']
const FLAG_VALUES = {
  yes_no: ['Y', 'N', '-', '', 'TRUE', 'false', '1', 'no', 'yes', 'T', '0', 'F'],
  mmt: ['H', 'N', 'Y', '-', '', 'X', 'FALSE', 'true', '1', 'x', 'false'],
}

const quoted = (value: string | number | bigint) => (typeof value === 'string' ? `'${value}'` : String(value))

export interface SourceColumns {
  /** What the other columns follow from: place (the listing's number), ns (event time), base (price) and size. */
  facts: string[]
  columns: string[]
}

/** Returns `expression AS name` of every column of a file, over rows of `i`, `day` and `market` (the market's number). */
export function sourceColumns(settings: DataSettings): SourceColumns {
  const { seed, index, nulls, listings, shared, mics } = settings
  let salt = 0
  /** A number in [0, 1) of this row; every call is a number of its own. Salts that are hashed beside i give numbers that hang together. */
  const u = () => `(hash(xor(hash(i, ${seed}, ${index}), ${salt++}::UBIGINT)) / 18446744073709551616.0)`
  const maybe = (value: string, rate = nulls) => `CASE WHEN ${u()} >= ${rate} THEN ${value} END`
  const of = (values: readonly (string | number | bigint)[]) =>
    `[${values.map(quoted).join(', ')}][1 + floor(${u()} * ${values.length})::INT]`
  const rare = (value: string, rate: number, rest: string) =>
    `CASE WHEN ${u()} < ${rate} THEN ${value} ELSE ${rest} END`
  const money = (value: string) =>
    settings.scaled ? `(CASE WHEN isfinite(${value}) THEN round(${value} * 10000) END)::BIGINT` : `(${value})::DOUBLE`

  const ids = (settings.textListings ? TEXT_LISTINGS : INTEGER_LISTINGS).slice(0, listings)
  const drawn = `floor(${u()} * ${u()} * ${listings})::INT`
  const place = shared ? drawn : `((${drawn} // ${mics.length} * ${mics.length} + market) % ${listings})`
  const middle = '(20 + 30 * (place % 5))' // listings have prices of their own
  const size = settings.integerSize
    ? rare('0', 0.03, rare('-100', 0.02, `1 + floor(pow(${u()}, 3) * 5000)`))
    : rare(
        '0',
        0.03,
        rare(`'NaN'::DOUBLE`, 0.01, rare('-1.5', 0.02, rare(`'inf'::DOUBLE`, 0.005, `0.001 + pow(${u()}, 3) * 5000`))),
      )
  const price = `round(${middle} + (noise - 0.5) * 2, 2)`
  const near = (width: number) => `round(base + (${u()} - 0.5) * ${width}, 3)`
  const mid = () => maybe(money(rare('0', 0.01, near(0.2))))
  const flag = () => maybe(of(FLAG_VALUES[settings.flags]))
  const elapsed = () => maybe(`floor(${u()} * 9000000000)::BIGINT`)
  const point = () => maybe(rare('1', 0.1, rare('0', 0.1, rare(`'NaN'::DOUBLE`, 0.01, `${u()} * 1.4 - 0.2`))))
  const bid = () => maybe(money(rare('base', 0.15, `round(base - ${u()} * 0.1, 2)`)))
  const ask = () => maybe(money(rare('base', 0.15, rare('base - 0.2', 0.05, `round(base + ${u()} * 0.1, 2)`))))

  const facts = { place, ns: timeOf(settings, u), size: maybe(size, nulls / 3), noise: u() }
  const columns: Record<string, string> = {
    ListingId: `[${ids.map(quoted).join(', ')}][1 + place]`,
    Price: maybe(money(rare(`'NaN'::DOUBLE`, 0.01, rare(`'-inf'::DOUBLE`, 0.005, 'base'))), nulls / 3),
    Size: `size::${settings.integerSize ? 'BIGINT' : 'DOUBLE'}`,
    TradeNotionalEUR: maybe('CASE WHEN isfinite(size) THEN abs(base) * size * 0.8512345 END'),
    TradeNotionalUSD: maybe('CASE WHEN isfinite(size) THEN abs(base) * size * 1.0987654 END'),
    AggressorSide: maybe(settings.textSides ? of(['B', 'S', 'U']) : `${of([0, 1, 2, 1, 2])}::TINYINT`),
    Classification: maybe(of(CLASSES)),
    BMLLTradeType: maybe(of(TYPES)),
    MarketState: maybe(of(STATES)),
    BMLLParticipantType: maybe(of(['RETAIL', 'UNKNOWN', 'UNKNOWN'])),
    NegotiatedTrade: flag(),
    CrossingTrade: flag(),
    AlgorithmicTrade: flag(),
    IsBlock: flag(),
    LotType: maybe(of(['ODD', 'Odd Lot', 'odd_lot', 'ROUND', 'MIXED', 'ODDLOT', 'ODD LOTS'])),
    Ticker: maybe(`'T' || place`),
    Venue: maybe(of(VENUES)),
    Rank: maybe(`floor(${u()} * 20)::INT`),
    Score: maybe(rare(`'NaN'::DOUBLE`, 0.02, `round(${u()} * 10 - 5, 2)`)),
    PricePoint: point(),
    PricePointAtVenue: point(),
    PricePointAtPrimary: point(),
  }
  for (const scope of ['', 'AtVenue', 'AtPrimary']) {
    columns[`BestBidPrice${scope}`] = bid()
    columns[`BestAskPrice${scope}`] = ask()
  }
  for (const scope of ['', 'AtPrimary']) {
    for (const name of ['PreTradeMid', 'PostTradeMid']) columns[name + scope] = mid()
    for (const ms of [100, 1000, 60_000]) columns[`PostTradeMid${ms}ms${scope}`] = mid()
    for (const name of ['Pre', 'Post']) columns[`${name}TradeElapsedTimeChg${scope}`] = elapsed()
  }
  Object.assign(columns, sequenceOf(settings, u, maybe), unitsOf(settings, u, maybe, money))
  const listed = (expressions: Record<string, string>) =>
    Object.entries(expressions).map(([name, sql]) => `${sql} AS ${name}`)
  return { facts: listed({ ...facts, base: rare('0', 0.003, rare('-1.25', 0.005, price)) }), columns: listed(columns) }
}

/** Time in ns: one tick after another around 12:00, some of them on the second or the minute. */
function timeOf({ hours, tick, time }: DataSettings, u: () => string): string {
  const grid =
    time === 'integer_ms'
      ? Math.max(tick, 1_000_000)
      : time === 'ns' || time === 'integer_ns'
        ? tick
        : Math.max(tick, 1000)
  const offset = `((12 + (${u()} - 0.5) * ${hours}) * 3600e9)::BIGINT`
  const snapped = (to: number | string, value: string) => `(${value} // ${to} * ${to})`
  const second = snapped(1_000_000_000, offset)
  return `epoch_ns(day::TIMESTAMP) + CASE WHEN ${u()} < 0.05 THEN ${second} ELSE ${snapped(grid, offset)} END`
}

function sequenceOf(
  { sequence }: DataSettings,
  u: () => string,
  maybe: (value: string) => string,
): Record<string, string> {
  if (sequence === 'none') return {}
  const number = maybe(`floor(${u()} * 50)::BIGINT`)
  return sequence === 'numbers'
    ? { ExchangeSequenceNo: number }
    : { BMLLSequenceNo: number, BMLLSequenceSource: `floor(${u()} * 3)::BIGINT` }
}

/** Currencies of prices and of listings. Only exclude and ignore have prices that no factor converts. */
function unitsOf(
  { units }: DataSettings,
  u: () => string,
  maybe: (value: string, rate?: number) => string,
  money: (value: string) => string,
): Record<string, string> {
  if (units === 'none') return {}
  if (units === 'listing') return { CurrencyCode: maybe(`['EUR', 'GBX'][1 + place % 2]`) }
  const listing = `['GBX', 'GBP'][1 + place % 2]`
  const other = units === 'minor' ? `CASE WHEN ${listing} = 'GBX' THEN 'GBP' ELSE 'GBX' END` : `'EUR'`
  return {
    InstrumentCurrencyCode: listing,
    CurrencyCode: `CASE WHEN ${u()} < 0.8 THEN ${listing} ELSE ${other} END`,
    InstrumentCurrencyPrice: maybe(money('base + 0.005'), 0.5),
    ...(units === 'minor' && { MinorCurrencyFactor: maybe('0.01', 0.5) }),
  }
}
