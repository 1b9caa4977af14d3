import {
  add,
  and,
  type Classify,
  coalesce,
  col,
  div,
  type Expr,
  type ExprLike,
  eq,
  expr,
  gt,
  isIn,
  isNull,
  KEY_COLUMNS,
  lit,
  lt,
  mul,
  NULL,
  not,
  notNull,
  or,
  sameText,
  type TableColumn,
  type TableSettings,
  TRUE,
  table,
  when,
} from '../../lib/core/index.js'
import { ICEBERG_TAG, matchesTaken, tagOf } from '../iceberg/tagging.js'

/** Horizons, in ms, at which a trade may carry the mid before and after it. */
export const HORIZONS_MS = [1, 2, 5, 10, 25, 50, 100, 200, 500, 1000, 5000, 15000, 30000, 60000, 300000] as const

const NS_PER_MS = 1_000_000

const price = (name: string, doc: string): TableColumn => ({ name, kind: 'f64', doc, scale: 'price' })
const size = (name: string, doc: string): TableColumn => ({ name, kind: 'f64', doc, scale: 'size', unit: 'shares' })
const text = (name: string, doc: string): TableColumn => ({ name, kind: 'str', doc })
const flag = (name: string, doc: string): TableColumn => ({ name, kind: 'flag', doc })

const BOOKS = [
  { suffix: '', where: 'consolidated' },
  { suffix: 'AtVenue', where: 'at the venue' },
  { suffix: 'AtPrimary', where: 'at the primary market' },
]

const quotes = BOOKS.flatMap(({ suffix, where }) =>
  ['Bid', 'Ask'].flatMap(side => [
    price(`Best${side}Price${suffix}`, `best ${side.toLowerCase()} price at the trade, ${where}`),
    size(`Best${side}Size${suffix}`, `best ${side.toLowerCase()} quantity at the trade, ${where}`),
  ]),
)

const mids = ['', 'AtPrimary'].flatMap(suffix =>
  (['Pre', 'Post'] as const).flatMap(when => [
    price(`${when}TradeMid${suffix}`, `mid ${when === 'Pre' ? 'just before' : 'just after'} the trade`),
    ...HORIZONS_MS.map(ms =>
      price(`${when}TradeMid${ms}ms${suffix}`, `mid ${ms} ms ${when === 'Pre' ? 'before' : 'after'} the trade`),
    ),
  ]),
)

const elapsed = ['', 'AtPrimary'].flatMap(suffix =>
  ['Pre', 'Post'].map(
    (when): TableColumn => ({
      name: `${when}TradeElapsedTimeChg${suffix}`,
      kind: 'i64',
      unit: 'ns',
      doc: `time ${when === 'Pre' ? 'since the last' : 'to the next'} change of the quote`,
    }),
  ),
)

/** Price in the listing's own unit: never notional over size, which loses bits and mixes units. */
const localPrice = (has: Has, { mixedUnits }: TableSettings): Expr => {
  const converted = mixedUnits === 'exclude' ? when(foreignUnit(has), NULL, convertedPrice(has)) : convertedPrice(has)
  return has('InstrumentCurrencyPrice') ? coalesce('InstrumentCurrencyPrice', converted) : converted
}

type Has = (column: string) => boolean

/** What trades that carry no quote take of the one that stood before them, by what it is there. */
const AT_THE_TRADE: Record<string, string> = {
  PreTradeMid: 'Mid',
  MidPrice: 'Mid',
  WeightedMidPrice: 'WeightedMid',
  // Quotes of a listing are those of its venue; without others they stand for the consolidated ones, too.
  ...Object.fromEntries(
    ['', 'AtVenue'].flatMap(suffix =>
      ['Bid', 'Ask'].flatMap(side => [
        [`Best${side}Price${suffix}`, side],
        [`Best${side}Size${suffix}`, `${side}Size`],
      ]),
    ),
  ),
}

/** Names the quantity of the best level of the listing's own book, ns after a trade; null: strictly before it. */
export const bookSize = (side: 'Bid' | 'Ask', after: number | null): string =>
  after === null ? `Book${side}SizeBefore` : `Book${side}SizeAfter${after}ns`

/** Reads such a name: whatever trades carry, it comes of quotes. */
function ofBook(name: string): { value: string; lead: number; strict: boolean } | undefined {
  const [, side, after] = /^Book(Bid|Ask)Size(?:Before|After(\d+)ns)$/.exec(name) ?? []
  return side ? { value: `${side}Size`, lead: Number(after ?? 0), strict: after === undefined } : undefined
}

/** The column of what the tick rule says of trades of unknown side: 1 or -1, null where it says nothing. */
export const TICK_DIRECTION = 'TickDirection'

/** Direction as AggressorSide tells it; without that column every direction is unknown. */
export const reportedDirection = (has: Has, unknown: ExprLike = 0): Expr =>
  has('AggressorSide') ? when(eq('AggressorSide', 1), 1, when(eq('AggressorSide', 2), -1, unknown)) : expr(unknown)

/**
 * Direction of a trade, where it is not known by a rule (semantics 5.1): the price against the mid before it, and where they
 * are equal or there is none, the tick rule.
 */
function directionOf(has: Has, classify: Classify): Expr {
  if (classify === 'none') return has('AggressorSide') ? reportedDirection(has) : lit(0)
  const tick = coalesce(TICK_DIRECTION, lit(0))
  if (classify === 'tick') return reportedDirection(has, tick)
  const byQuote = when(gt('LocalPrice', 'PreTradeMid'), 1, when(lt('LocalPrice', 'PreTradeMid'), -1, tick))
  return reportedDirection(has, byQuote)
}

/** Currencies quoted in a minor unit, and the major unit they belong to. */
export const MINOR_UNITS: Record<string, string> = { GBp: 'GBP', GBX: 'GBP', ZAc: 'ZAR', ILA: 'ILS' }

const minors = Object.keys(MINOR_UNITS)

/** The listing is quoted in a minor unit (pence) and the price is in its major unit (pounds). */
const toMinor = (): Expr =>
  or(...minors.map(minor => and(isIn('CurrencyCode', [MINOR_UNITS[minor]]), isIn('InstrumentCurrencyCode', [minor]))))

/** The listing is quoted in a major unit and the price is in its minor unit. */
const toMajor = (): Expr =>
  or(...minors.map(minor => and(isIn('CurrencyCode', [minor]), isIn('InstrumentCurrencyCode', [MINOR_UNITS[minor]]))))

/** Price in CurrencyCode, converted between a minor and its major unit where the two codes are such a pair. */
function convertedPrice(has: Has): Expr {
  if (!has('CurrencyCode') || !has('InstrumentCurrencyCode')) return col('Price')
  const factor = has('MinorCurrencyFactor') ? coalesce('MinorCurrencyFactor', 0.01) : lit(0.01)
  return when(toMinor(), div('Price', factor), when(toMajor(), mul('Price', factor), 'Price'))
}

/** Rows priced in another unit than their listing that no factor converts (semantics 1.2, mixed-unit guard). */
export function foreignUnit(has: Has): Expr {
  if (!has('CurrencyCode') || !has('InstrumentCurrencyCode')) return not(TRUE)
  const local = has('InstrumentCurrencyPrice') ? isNull('InstrumentCurrencyPrice') : TRUE
  const known = and(notNull('CurrencyCode'), notNull('InstrumentCurrencyCode'), notNull('Price'))
  const bothPence = and(isIn('CurrencyCode', PENCE), isIn('InstrumentCurrencyCode', PENCE))
  return and(
    local,
    known,
    not(sameText('CurrencyCode', 'InstrumentCurrencyCode')),
    not(toMinor()),
    not(toMajor()),
    not(bothPence),
  )
}

const PENCE = ['GBp', 'GBX']

const QUOTES = { by: 'time', module: 'standing_quotes', table: 'l2', known: 'Mid', since: 'Since' } as const

export const trades = table({
  name: 'trades',
  doc: 'one row a trade',
  columns: [
    ...KEY_COLUMNS,
    { name: 'TradeTimestampNanoseconds', kind: 'time', doc: 'execution time' },
    { name: 'TradeTimestamp', kind: 'time', doc: 'execution time' },
    { name: 'PublicationTimestamp', kind: 'time', doc: 'publication time' },
    { ...price('Price', 'price in CurrencyCode'), required: true },
    price('InstrumentCurrencyPrice', "price in the listing's own currency unit"),
    text('CurrencyCode', 'unit of Price'),
    text('InstrumentCurrencyCode', "the listing's own unit"),
    { name: 'MinorCurrencyFactor', kind: 'f64', doc: 'minor unit over major unit, 0.01 for pence' },
    {
      name: 'Size',
      kind: 'number',
      scale: 'size',
      unit: 'shares',
      doc: 'shares or contracts; fractions allowed',
      required: true,
    },
    { name: 'TradeNotional', kind: 'f64', doc: 'notional in CurrencyCode' },
    { name: 'TradeNotionalEUR', kind: 'f64', unit: 'EUR', doc: 'notional in EUR' },
    { name: 'TradeNotionalUSD', kind: 'f64', unit: 'USD', doc: 'notional in USD' },
    {
      name: 'AggressorSide',
      kind: 'code',
      codes: { 0: 0, 1: 1, 2: 2 },
      codesKey: 'side_codes',
      doc: '1 buyer, 2 seller, 0 or null unknown',
    },
    text('Classification', 'class of the trade: LIT_CONTINUOUS, LIT_AUCTION, …'),
    text('BMLLTradeType', 'LIT, DARK, OTC or UNKNOWN'),
    text('MarketState', 'state of the market at the trade'),
    text('MarketStateAtPrimary', 'state of the primary market at the trade'),
    text('BMLLParticipantType', 'RETAIL or UNKNOWN'),
    flag('NegotiatedTrade', 'negotiated'),
    flag('CrossingTrade', 'crossing'),
    flag('AlgorithmicTrade', 'algorithmic'),
    { ...flag('IsBlock', 'block'), mmt: ['Y', 'TRUE', '1'] },
    text('LotType', 'odd, round or mixed lot'),
    { name: 'PricePoint', kind: 'f64', doc: '0 = at the bid, 1 = at the ask, consolidated' },
    { name: 'PricePointAtVenue', kind: 'f64', doc: 'the same at the venue' },
    { name: 'PricePointAtPrimary', kind: 'f64', doc: 'the same at the primary market' },
    ...quotes,
    ...mids,
    ...elapsed,
    price('MidPrice', 'mid at the trade'),
    price('WeightedMidPrice', 'mid at the trade, each side weighted by the quantity of the other'),
    text('TradeId', 'identifier of the trade'),
    text('ExecutionVenue', 'venue of execution'),
  ],
  time: ['TradeTimestampNanoseconds', 'TradeTimestamp'],
  taken: [
    { ...QUOTES, anyAge: true, column: ofBook },
    {
      ...QUOTES,
      // Before a trade, strictly; a horizon's mid is that of its instant (semantics 5.1, impact rules).
      column(name) {
        const value = Object.hasOwn(AT_THE_TRADE, name) ? AT_THE_TRADE[name] : undefined
        if (value) return { value, lead: 0, strict: true }
        const [, when, ms] = /^(Pre|Post)TradeMid(\d+)ms$/.exec(name) ?? []
        if (!when) return undefined
        return { value: 'Mid', lead: Number(ms) * (when === 'Post' ? NS_PER_MS : -NS_PER_MS), strict: false }
      },
    },
    matchesTaken,
    {
      by: 'row',
      module: 'tick_directions',
      column: name => (name === TICK_DIRECTION ? { value: TICK_DIRECTION } : undefined),
    },
  ],
  always: ['LocalPrice', 'LocalNotional', 'PriceEUR', 'Direction'],
  derived: {
    LocalPrice: localPrice,
    LocalNotional: () => mul('LocalPrice', 'Size'),
    PriceEUR: () => div('TradeNotionalEUR', 'Size'),
    Direction: (has, { classify = 'none' }) => directionOf(has, classify),
    [ICEBERG_TAG]: tagOf,
    PreTradeMid: has => (has('PreTradeMid1ms') ? { op: 'col', name: 'PreTradeMid1ms' } : undefined),
    MidPrice: has =>
      has('BestBidPrice') && has('BestAskPrice') ? mul(0.5, add('BestBidPrice', 'BestAskPrice')) : undefined,
    WeightedMidPrice: has =>
      ['BestBidPrice', 'BestAskPrice', 'BestBidSize', 'BestAskSize'].every(has)
        ? div(
            add(mul('BestBidPrice', 'BestAskSize'), mul('BestAskPrice', 'BestBidSize')),
            add('BestBidSize', 'BestAskSize'),
          )
        : undefined,
  },
  bmll: { folder: 'Trades-Plus', prefix: 'trades-plus-' },
})
