import * as z from 'zod'
import {
  and,
  type EntryParameters,
  type Expr,
  eq,
  filterExpr,
  gt,
  isNull,
  type Metric,
  module,
  ne,
  not,
  notNull,
  type Offer,
  or,
  type TableSettings,
} from '../../lib/core/index.js'
import { taggingOf } from '../iceberg/tagging.js'
import { reportedDirection } from '../tables/trade-direction.js'
import { foreignUnit } from '../tables/trades.js'
import { isClassified, type Side, tradesOfSide } from './sides.js'

/** 252 trading days of 24 hours. */
const ANNUAL_SECONDS = 252 * 86_400

const LIT_CONTINUOUS = { Classification: ['LIT_CONTINUOUS'] }

const volumeEligible = (): Expr => gt('Size', 0)
const priceEligible = (): Expr => and(volumeEligible(), notNull('LocalPrice'))

/** Returns the trades that a measure may see, whatever their class: of a positive size and, for prices, a finite price. */
export const eligibleTrades = (kind: 'price' | 'volume'): Expr =>
  kind === 'price' ? priceEligible() : volumeEligible()

/** The base filter in force: the default is off where the table has no Classification. */
export function baseFilter({ config, has }: Offer): Expr {
  if (config.base_filter === undefined || config.base_filter === null) {
    return filterExpr(has('Classification') ? LIT_CONTINUOUS : {})
  }
  return filterExpr(config.base_filter)
}

function rowFilter(kind: 'price' | 'volume', offer: Offer): Expr {
  const own = kind === 'price' ? offer.config.price_filter : offer.config.volume_filter
  return own === undefined || own === null ? baseFilter(offer) : filterExpr(own)
}

/** Returns the rows that a trade metric folds, before the entry's own filters. */
export function tradeRows(metric: Metric, parameters: EntryParameters, offer: Offer): Expr {
  const eligible = eligibleTrades(metric.filter ?? 'volume')
  const ofClass = metric.ownClass ? metric.ownClass(parameters, offer) : rowFilter(metric.filter ?? 'volume', offer)
  const side = parameters.side ? tradesOfSide(parameters.side as Side, offer) : and()
  return and(eligible, ofClass, side)
}

/** Returns the rows that make a bucket exist: eligible rows of any filter in force or of a requested class. */
export function tradeBuckets(offer: Offer, ownClasses: Expr[]): Expr {
  const filters = [baseFilter(offer)]
  if (offer.config.price_filter) filters.push(rowFilter('price', offer))
  if (offer.config.volume_filter) filters.push(rowFilter('volume', offer))
  return and(volumeEligible(), or(...filters, ...ownClasses))
}

interface Counted {
  name: string
  where: Expr
  needs?: string[]
}

/** Names the trades that are not eligible, for the run report. */
export function ineligibleTrades({ mixedUnits, has }: Offer): Counted[] {
  const foreign = { name: 'trades in another unit than their listing', where: foreignUnit(has) }
  return [
    { name: 'trades without a positive size', where: not(volumeEligible()) },
    { name: 'trades without a finite price', where: and(volumeEligible(), isNull('LocalPrice')) },
    ...(mixedUnits === 'exclude' ? [foreign] : []),
  ]
}

/** Names the rows that no metric sees, for the run report. */
export function excludedRows(offer: Offer): Counted[] {
  const unknown = and(volumeEligible(), baseFilter(offer), tradesOfSide('Unknown', offer))
  const signed = { name: 'trades of unknown side, of signed metrics', where: unknown, needs: ['Direction'] }
  return [...ineligibleTrades(offer), ...(offer.has('AggressorSide') || isClassified(offer) ? [signed] : [])]
}

/** Names the trades of the base filter whose side a rule has found, for the run report (semantics 5.1). */
export function classifiedShares(offer: Offer) {
  if (!isClassified(offer)) return []
  const among = and(volumeEligible(), baseFilter(offer))
  const found = and(among, eq(reportedDirection(offer.has), 0), ne('Direction', 0))
  const compared = ne('LocalPrice', 'PreTradeMid')
  const needs = ['Direction']
  const share = (rule: string, where: Expr) => ({
    name: `trades have their side from the ${rule}`,
    where,
    among,
    needs,
  })
  if (offer.config.classify === 'tick') return [share('tick rule', found)]
  const byQuote = and(notNull('PreTradeMid'), compared)
  return [share('quote before them', and(found, byQuote)), share('tick rule', and(found, not(byQuote)))]
}

const MIXED = 'price in another currency unit than its listing; map InstrumentCurrencyPrice, or set mixed_units'

/** Returns conditions that are data faults when a price measure is asked for. */
export function refusedRows(offer: Offer) {
  if (offer.mixedUnits !== 'error') return []
  return [
    {
      needs: ['LocalPrice'],
      where: and(volumeEligible(), foreignUnit(offer.has)),
      problem: MIXED,
      fields: ['ListingId', 'CurrencyCode', 'InstrumentCurrencyCode'].filter(offer.has),
    },
  ]
}

/** Without the listing's own unit, a listing whose prices come in two currencies cannot be averaged. */
export function singleCurrency({ has, mixedUnits }: Offer) {
  // exclude cannot tell which of the two currencies is the listing's: it is no better than an error here.
  if (!has('CurrencyCode') || has('InstrumentCurrencyCode') || mixedUnits === 'ignore') return []
  return [
    {
      column: 'CurrencyCode',
      needs: ['LocalPrice'],
      where: has('InstrumentCurrencyPrice') ? isNull('InstrumentCurrencyPrice') : and(),
      problem:
        'prices in more than one currency; map InstrumentCurrencyCode or InstrumentCurrencyPrice, or set mixed_units: ignore',
    },
  ]
}

/** Tells how rows of trades are read with settings of the block. */
export function readingOfTrades(
  config: Offer['config'],
  pass: Record<string, Offer['config']>,
): Partial<TableSettings> {
  const { classify, tolerance_seconds, use_tagged_trades } = config
  return {
    classify: classify ?? 'none',
    tolerance: tolerance_seconds ? Math.round(tolerance_seconds * 1e9) : null,
    icebergs: use_tagged_trades ? taggingOf(pass.iceberg_analytics) : null,
  }
}

export const trade = module({
  name: 'trade',
  doc: 'bars and statistics of trades: volumes, prices, dispersion, discrepancies, flags, impact, microstructure',
  table: 'trades',
  block: 'trade_analytics',
  settings: ({ filterMap }) => ({
    base_filter: z
      .nullish(filterMap as z.ZodType)
      .describe('trades that count; default LIT_CONTINUOUS where Classification is mapped; {} = all'),
    price_filter: z.nullish(filterMap as z.ZodType).describe('replaces base_filter for price measures'),
    volume_filter: z.nullish(filterMap as z.ZodType).describe('replaces base_filter for volume measures'),
    classify: z
      .enum(['none', 'quote', 'tick'])
      .default('none')
      .describe(
        'side of trades whose aggressor is unknown: by the quote before them, then the tick rule, or by that alone',
      ),
    tolerance_seconds: z
      .number()
      .positive()
      .nullable()
      .default(null)
      .describe('quotes of l2 that are older do not stand at a trade; null: any'),
    enable_retail_imbalance: z.boolean().default(false).describe('adds module retail_imbalance to the pass'),
    use_tagged_trades: z
      .boolean()
      .default(false)
      .describe('tag trades by the settings of iceberg_analytics, for flag IcebergExecution'),
    tagged_trades_context_key: z
      .string()
      .default('trades_iceberg')
      .describe('the name under which they are tagged: trade_tag_context_key of iceberg_analytics'),
    annualisation_seconds: z.number().positive().default(ANNUAL_SECONDS).describe('seconds of a year of volatility'),
  }),
  defaults: ({ has }) => {
    const entry = (measure: string) => ({ family: 'generic_metrics', entry: { sides: ['Total'], measures: [measure] } })
    const measures = ['VWAP', ...(has('PricePoint') ? ['VolumeWeightedPricePlacement'] : []), 'Volume', 'OHLC']
    return measures.map(entry)
  },
  rows: tradeBuckets,
  where: tradeRows,
  excluded: excludedRows,
  shares: classifiedShares,
  reading: readingOfTrades,
  refused: refusedRows,
  single: singleCurrency,
  alsoReads: ({ use_tagged_trades }) => (use_tagged_trades ? ['iceberg_analytics'] : []),
  adds: ({ enable_retail_imbalance }) => (enable_retail_imbalance ? ['retail_imbalance'] : []),
  notes: ({ has, config }) =>
    has('Classification') || config.base_filter ? [] : ['Classification is not mapped, so every trade counts'],
})
