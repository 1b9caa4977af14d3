import * as z from 'zod'
import {
  BasaltError,
  type EntryParameters,
  family,
  type Metric,
  metric,
  type Offer,
  series,
} from '../../lib/core/index.js'
import { WINDOW_AGGREGATIONS } from '../kernels/quote-volatility.js'
import { SOURCES, type Source, sourcePrice } from './quote.js'

/** 252 trading days of 24 hours. */
const YEAR_SECONDS = 252 * 86_400

const seconds = z.number().positive().nullable().default(null)

const DEFINITION = {
  name: 'volatility',
  doc: 'annualised volatility of quoted prices, of the bucket or over windows of it',
  axes: [
    { field: 'source', parameter: 'source' },
    { field: 'second_level_aggregations', parameter: 'window_aggregation' },
  ],
  pick: 'source',
  fields: (sources: string[]) => ({
    source: z.array(z.enum(sources)).min(1).default(['Mid']).describe('which price; Last is that of the last trade'),
    aggregations: z.array(z.literal('Std')).min(1).default(['Std']).describe('of the returns'),
    subsample_seconds: seconds.describe('one price for each slot of this width'),
    second_level_window_seconds: seconds.describe(
      'one value for each window of this width, then an aggregate of those',
    ),
    second_level_aggregations: z
      .array(z.enum(WINDOW_AGGREGATIONS).nullable())
      .min(1)
      .default([null])
      .describe('over the windows; needs second_level_window_seconds'),
  }),
  example: { source: ['Mid'], subsample_seconds: 5 },
}

/** The source that trades tell. */
export const TRADE_SOURCE = 'Last'

export const bookVolatility = family({
  ...DEFINITION,
  module: 'l2',
  makes: ({ source }) => source !== TRADE_SOURCE,
})
export const tradesVolatility = family({
  ...DEFINITION,
  module: 'l2_trades',
  makes: ({ source }) => source === TRADE_SOURCE,
})

const text = (value: number) => String(value).replace('.', 'p')

function nameOf({ source, second_level_window_seconds: window, window_aggregation: aggregate }: EntryParameters) {
  const name = `L2Volatility${source}`
  return window === null ? `${name}Std` : `${name}Win${text(window)}s${aggregate ?? ''}`
}

function check(
  { second_level_window_seconds: window, window_aggregation: aggregate, subsample_seconds: subsample }: EntryParameters,
  offer: Offer,
) {
  const refuse = (problem: string) => {
    throw new BasaltError('config', problem)
  }
  if (aggregate !== null && window === null) refuse('second_level_aggregations needs second_level_window_seconds')
  if (window !== null && aggregate === null)
    refuse(`second_level_window_seconds needs second_level_aggregations: ${WINDOW_AGGREGATIONS.join(', ')}`)
  if (window !== null && window > offer.bucketSeconds) refuse('a window is wider than the bucket')
  if (subsample !== null && subsample > (window ?? offer.bucketSeconds)) refuse('a slot is wider than what it divides')
}

function volatilityOf(source: Source | typeof TRADE_SOURCE): Metric {
  const isTraded = source === TRADE_SOURCE
  return metric({
    module: isTraded ? 'l2_trades' : 'l2',
    ...(isTraded && { filter: 'price' }),
    family: 'volatility',
    pick: source,
    name: nameOf,
    unit: '1/√yr',
    doc: `volatility of the ${isTraded ? 'price of the last trade (LIT_CONTINUOUS where Classification is mapped)' : source === 'Mid' ? 'mid' : source}; null with fewer than two returns`,
    formula: 'sd of log returns · √(K·n/B), or · √(K/s) of prices s seconds apart',
    merge: '–',
    empty: 'null',
    uses(parameters, offer) {
      check(parameters, offer)
      return {
        deviation: series('quote_volatility', [isTraded ? 'LocalPrice' : sourcePrice(source, offer)], {
          annualisation_seconds: YEAR_SECONDS,
          subsample: parameters.subsample_seconds,
          window: parameters.second_level_window_seconds,
          aggregate: parameters.window_aggregation,
          left: offer.closed === 'left',
        }),
      }
    },
  })
}

export const [midVolatility, bidVolatility, askVolatility, weightedMidVolatility] = SOURCES.map(volatilityOf)
export const lastTradeVolatility = volatilityOf(TRADE_SOURCE)
