import {
  add,
  and,
  coalesce,
  col,
  div,
  type Expr,
  eq,
  isIn,
  isNull,
  KEY_COLUMNS,
  lit,
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
    text('TradeId', 'identifier of the trade'),
    text('ExecutionVenue', 'venue of execution'),
  ],
  time: ['TradeTimestampNanoseconds', 'TradeTimestamp'],
  standing: {
    module: 'standing_mids',
    value: 'Mid',
    // Before a trade, strictly; a horizon's mid is that of its instant (semantics 5.1, impact rules).
    column(name) {
      if (name === 'PreTradeMid') return { lead: 0, strict: true }
      const [, when, ms] = /^(Pre|Post)TradeMid(\d+)ms$/.exec(name) ?? []
      if (!when) return undefined
      return { lead: Number(ms) * (when === 'Post' ? NS_PER_MS : -NS_PER_MS), strict: false }
    },
  },
  always: ['LocalPrice', 'LocalNotional', 'PriceEUR', 'Direction'],
  derived: {
    LocalPrice: localPrice,
    LocalNotional: () => mul('LocalPrice', 'Size'),
    PriceEUR: () => div('TradeNotionalEUR', 'Size'),
    // Without a side column every direction is unknown.
    Direction: has =>
      has('AggressorSide')
        ? when(eq('AggressorSide', 1), 1, when(eq('AggressorSide', 2), -1, 0))
        : { op: 'lit', value: 0 },
    PreTradeMid: has => (has('PreTradeMid1ms') ? { op: 'col', name: 'PreTradeMid1ms' } : undefined),
    MidPrice: has =>
      has('BestBidPrice') && has('BestAskPrice') ? mul(0.5, add('BestBidPrice', 'BestAskPrice')) : undefined,
  },
  bmll: { folder: 'Trades-Plus', prefix: 'trades-plus-' },
})
