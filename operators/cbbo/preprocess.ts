import * as z from 'zod'
import { gathered, type LaterOffer, laterModule, type Outline, type OutputColumn } from '../../lib/core/index.js'
import { l3BookSettings } from '../l3-book/module.js'
import { sourceKey, statistic } from '../statistics/result-columns.js'
import { DEPTH } from '../tables/book-columns.js'
import { type CompositeParameters, composite } from './composite.js'
import { checkInstruments } from './instruments.js'
import { COUNTS, levelColumns } from './snapshots.js'

const NOT_YET = 'not available in this version'

export const compositeSettings = {
  index_by: z
    .enum(['InstrumentId', 'PrimaryListingId'])
    .default('InstrumentId')
    .describe('what a row is called by; the primary listing is that of IsPrimary, else the first'),
  top_n: z.int().min(1).max(DEPTH).default(DEPTH).describe('levels a side of the book that is made'),
  time_index: z
    .enum(['timebucket', 'event'])
    .default('timebucket')
    .describe('timebucket: the state at the end of each bucket; event: a row for each change'),
  emit_last_event_ts: z.boolean().default(false).describe('adds LastEventTimestamp, the time of the last snapshot'),
  market_states: z
    .array(z.string())
    .nullable()
    .default(['CONTINUOUS_TRADING'])
    .describe('a listing in another state adds nothing; null: all do'),
}

export const cbboPreprocess = laterModule({
  name: 'cbbo_preprocess',
  doc: 'the book of an instrument over all its markets, from the last snapshot of each listing',
  block: 'cbbo_preprocess',
  settings: {
    ...compositeSettings,
    levels_in: z.int().min(1).max(DEPTH).default(DEPTH).describe('levels a side that are read of each listing'),
    include_mic_wide: z.literal(false, NOT_YET).default(false).describe('columns for each market'),
    mic_whitelist: z.array(z.string()).default([]).describe('markets that count; empty: all'),
  },
  sources: () => [{ field: 'l2', name: null, rows: 'books_of_l2' }],
  sideOutputs: () => [{ names: ['cbbo'], module: 'cbbo_preprocess' }],
  outline: offer => compositeOutline(offer, offer.config.levels_in),
  async run([books], parameters: CompositeParameters, context) {
    return composite(await gathered(books), parameters, context)
  },
})

export const cbboFromL3Preprocess = laterModule({
  name: 'cbbofroml3_preprocess',
  doc: 'the book of an instrument over all its markets, from the books that order messages make',
  block: 'cbbofroml3_preprocess',
  settings: {
    ...compositeSettings,
    ...l3BookSettings,
  },
  sources: () => [{ field: 'l3', name: null, rows: 'books_of_l3' }],
  sideOutputs: () => [{ names: ['cbbofroml3'], module: 'cbbofroml3_preprocess' }],
  outline: offer => compositeOutline(offer, DEPTH),
  async run([books], parameters: CompositeParameters, context) {
    return composite(await gathered(books), parameters, context)
  },
})

/** Plans the book of an instrument from snapshots of its listings with so many levels. */
export function compositeOutline(offer: LaterOffer, levelsIn: number): Outline | null {
  const { config, sources, pass, reference, refuse } = offer
  const [books] = sources
  if (!checkInstruments(offer, sources)) return null
  if (config.top_n > levelsIn) {
    refuse('top_n', `${config.top_n} levels cannot be made of ${levelsIn}`, 'raise levels_in')
    return null
  }
  if (pass.rule.mode !== 'sparse_digitised' && config.time_index === 'timebucket') {
    refuse('time_index', 'timebucket needs buckets', 'leave out timeline_mode, or write event')
    return null
  }
  const has = (name: string) => books.columns.some(column => column.name === name)
  const isByInstrument = config.index_by === 'InstrumentId'
  const found = (name: string) => books.columns.find(column => column.name === name) as OutputColumn
  const own = has('InstrumentId') ? found('InstrumentId') : undefined
  const instrument = { ...found('ListingId'), name: 'InstrumentId', doc: 'instrument' }
  const type = reference.find(({ name }) => name === 'InstrumentId')?.type
  const named = isByInstrument
    ? (own ?? { ...instrument, ...(type && { type }) })
    : { ...found('ListingId'), name: 'PrimaryListingId', doc: 'primary listing of the instrument' }
  const fields = ['Price', 'Quantity', 'NumOrders'].filter(field => has(`Bid${field}1`) || has(`Ask${field}1`))
  const levels = levelColumns(config.top_n, fields)
  const read = levelColumns(levelsIn, fields).filter(has)
  const isEvent = config.time_index === 'event'
  const rule = isEvent ? { ...pass.rule, mode: 'sparse_original' as const } : pass.rule
  const parameters: CompositeParameters = {
    rule: pass.rule,
    by: config.time_index,
    levelsIn,
    levelsOut: config.top_n,
    orders: fields.includes('NumOrders'),
    key: config.index_by,
    lastEvent: config.emit_last_event_ts,
    states: config.market_states,
  }
  const keys = ['Date', named.name, 'TimeBucket']
  return {
    keys,
    columns: [
      sourceKey(found('Date'), 'by itself: key'),
      sourceKey(named, 'by itself: key'),
      sourceKey(found('TimeBucket'), 'by itself: key'),
      ...(config.emit_last_event_ts
        ? [
            statistic({
              name: 'LastEventTimestamp',
              type: 'ts',
              unit: 'ns UTC',
              doc: 'time of the last snapshot of any listing',
              formula: 'max EventTime',
              nullRule: 'never null',
              inputs: [books.name],
              from: 'emit_last_event_ts',
            }),
          ]
        : []),
      ...levels.map(name =>
        statistic({
          name,
          unit: /Price/.test(name) ? 'local currency' : /Orders/.test(name) ? 'orders' : 'shares',
          doc: `${name} of the book of all markets`,
          formula: /Price/.test(name) ? 'n-th best price of any listing' : 'sum over the listings at that price',
          nullRule: 'null where there is no such level',
          inputs: [name],
          from: 'top_n',
        }),
      ),
    ],
    reads: [['Date', 'ListingId', 'TimeBucket', ...['InstrumentId', COUNTS, 'MarketState'].filter(has), ...read]],
    rule,
    scope: 'date',
    cuts: [{ columns: [['Date']] }, ...(own ? [{ columns: [['InstrumentId']] }] : [])],
    holdsRows: true,
    parameters,
  }
}
