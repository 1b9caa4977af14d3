import * as z from 'zod'
import { gathered, type LaterOffer, laterModule, type Outline, type OutputColumn } from '../../lib/core/index.js'
import { sourceKey, statistic } from '../statistics/result-columns.js'
import { type AtBestParameters, atBest } from './at-best.js'
import { checkInstruments } from './instruments.js'

const MEASURES = ['TimeAtCBB', 'TimeAtCBO', 'QuantityAtCBB', 'QuantityAtCBO'] as const
const ALL_MEASURES = [...MEASURES, 'PresenceShare'] as const
const AGGREGATIONS = ['TWMean', 'Min', 'Max', 'Median'] as const

/** How long, and with what quantity, each listing stands at the best price of its instrument over all markets. */
export const cbboAnalytics = laterModule({
  name: 'cbbo_analytics',
  doc: 'time and quantity of a listing at the best bid and offer of its instrument over all markets',
  block: 'cbbo_analytics',
  settings: {
    market_states: z
      .union([z.string(), z.array(z.string()).min(1)])
      .nullable()
      .default(null)
      .describe('a snapshot of the listing in another state is no quote; null: all are'),
    measures: z
      .array(z.enum(ALL_MEASURES))
      .min(1)
      .default([...MEASURES])
      .describe('what to compute'),
    quantity_aggregations: z
      .array(z.enum(AGGREGATIONS))
      .min(1)
      .default([...AGGREGATIONS])
      .describe('of the quantities: weighted by time, or over the snapshots of the bucket'),
    tolerance_seconds: z
      .number()
      .positive()
      .nullable()
      .default(null)
      .describe('a consolidated quote that is older is none'),
  },
  sources: () => [
    { field: 'l2', name: null, rows: 'tops_of_l2' },
    { field: 'cbbo', name: null, rows: 'tops_of_cbbo' },
  ],
  outline,
  async run([books, quotes], parameters: AtBestParameters, context) {
    return atBest(await gathered(books), await gathered(quotes), parameters, context)
  },
})

const DOCS: Record<string, { unit: string; doc: string; formula: string }> = {
  TimeAtCBB: {
    unit: 'share',
    doc: 'share of the time with a bid of the listing and a consolidated one in which they are equal',
    formula: 'time with BidPrice1 = CBB / time in which both exist',
  },
  TimeAtCBO: {
    unit: 'share',
    doc: 'share of the time with an ask of the listing and a consolidated one in which they are equal',
    formula: 'time with AskPrice1 = CBO / time in which both exist',
  },
  PresenceShare: {
    unit: 'share',
    doc: 'share of the bucket in which the listing has any quote',
    formula: 'time with any quote / N',
  },
}

function outline(offer: LaterOffer): Outline | null {
  const { config, sources, pass } = offer
  const [books] = sources
  if (!checkInstruments(offer, sources)) return null
  const columns = (config.measures as string[]).flatMap(measure => columnsOf(measure, config.quantity_aggregations))
  const key = (name: string) =>
    sourceKey(books.columns.find(each => each.name === name) as OutputColumn, 'by itself: key')
  const tolerance = config.tolerance_seconds === null ? null : Math.round(config.tolerance_seconds * 1e9)
  const parameters: AtBestParameters = { rule: pass.rule, tolerance, columns: columns.map(({ name }) => name) }
  const shared = sources.every(source => source.columns.some(({ name }) => name === 'InstrumentId'))
  const reads = (names: string[]) => (source: number) => [
    ...['Date', 'ListingId', 'TimeBucket', 'InstrumentId', ...names].filter(name =>
      sources[source].columns.some(column => column.name === name),
    ),
  ]
  return {
    keys: ['Date', 'ListingId', 'TimeBucket'],
    columns: [key('Date'), key('ListingId'), key('TimeBucket'), ...columns],
    reads: [reads(['BidPrice1', 'BidQuantity1', 'AskPrice1', 'AskQuantity1'])(0), reads(['BidPrice1', 'AskPrice1'])(1)],
    rule: pass.rule,
    scope: 'date',
    cuts: [{ columns: [['Date'], ['Date']] }, ...(shared ? [{ columns: [['InstrumentId'], ['InstrumentId']] }] : [])],
    holdsRows: true,
    parameters,
  }
}

function columnsOf(measure: string, aggregations: string[]): OutputColumn[] {
  const common = {
    from: `measures ${measure}`,
    inputs: ['l2', 'cbbo'],
    nullRule: 'null while there is nothing to compare',
  }
  const simple = DOCS[measure]
  if (simple) return [statistic({ ...common, name: measure, ...simple })]
  const side = measure.endsWith('B') ? 'bid' : 'ask'
  return aggregations.map(aggregation =>
    statistic({
      ...common,
      name: `${measure}${aggregation === 'TWMean' ? '' : aggregation}`,
      unit: 'shares',
      doc: `quantity of the listing at the consolidated ${side}, 0 while it is away from it`,
      formula: aggregation === 'TWMean' ? 'time-weighted mean' : `${aggregation} over the snapshots of the bucket`,
    }),
  )
}
