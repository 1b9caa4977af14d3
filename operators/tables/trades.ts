import {
  add,
  and,
  coalesce,
  col,
  div,
  type Expr,
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
import { ICEBERG_TAG, matchesTaken, tagOf } from '../iceberg/tagging.js'
import { directionOf, TICK_DIRECTION } from './trade-direction.js'
import { quotesTaken } from './trade-quotes.js'

/** Horizons, in ms, at which a trade may carry the mid before and after it. */
export const HORIZONS_MS = [1, 2, 5, 10, 25, 50, 100, 200, 500, 1000, 5000, 15000, 30000, 60000, 300000] as const

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
    price('WeightedMidPrice', 'mid at the trade, each side weighted by the quantity of the other'),
    text('TradeId', 'identifier of the trade'),
    text('ExecutionVenue', 'venue of execution'),
  ],
  time: ['TradeTimestampNanoseconds', 'TradeTimestamp'],
  taken: [
    ...quotesTaken,
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
