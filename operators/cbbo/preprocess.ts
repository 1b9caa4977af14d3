import * as z from 'zod'
import { gathered, type LaterOffer, laterModule, type Outline, type OutputColumn } from '../../lib/core/index.js'
import { l3BookSettings } from '../l3-book/module.js'
import { sourceKey, statistic } from '../statistics/result-columns.js'
import { DEPTH } from '../tables/book-columns.js'
import { type CompositeParameters, composite } from './composite.js'
import { checkInstruments } from './instruments.js'
import { COUNTS, levelColumns } from './snapshots.js'

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
    include_mic_wide: z
      .boolean()
      .default(false)
      .describe('adds the book of each market that mic_whitelist names, its columns led by the MIC: XLONBidPrice1'),
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
  const markets = marketsOf(offer)
  if (!markets) return null
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
    markets,
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
      ...levels.map(name => levelColumn(name, '')),
      ...markets.flatMap(mic => levels.map(name => levelColumn(name, mic))),
    ],
    reads: [
      [
        'Date',
        'ListingId',
        'TimeBucket',
        ...['InstrumentId', COUNTS, 'MarketState', ...(markets.length > 0 ? ['MIC'] : [])].filter(has),
        ...read,
      ],
    ],
    rule,
    scope: 'date',
    cuts: [{ columns: [['Date']] }, ...(own ? [{ columns: [['InstrumentId']] }] : [])],
    holdsRows: true,
    parameters,
  }
}

/** Declares a column of the book of a market, or of all. */
function levelColumn(name: string, mic: string): OutputColumn {
  const isPrice = /Price/.test(name)
  return statistic({
    name: `${mic}${name}`,
    unit: isPrice ? 'local currency' : /Orders/.test(name) ? 'orders' : 'shares',
    doc: `${name} of the book of ${mic === '' ? 'all markets' : `market ${mic} alone`}`,
    formula: isPrice ? 'n-th best price of any listing' : 'sum over the listings at that price',
    nullRule: 'null where there is no such level',
    inputs: mic === '' ? [name] : [name, 'MIC'],
    from: mic === '' ? 'top_n' : 'include_mic_wide',
  })
}

/** Lists the markets whose books have columns of their own, which have to be known ahead; undefined after a problem. */
function marketsOf({ config, sources: [books], refuse }: LaterOffer): string[] | undefined {
  if (!config.include_mic_wide) return []
  const markets = [...new Set<string>(config.mic_whitelist)]
  if (markets.length === 0) {
    const problem = 'columns of a pass are known before data is read, and nothing names the markets'
    refuse('include_mic_wide', problem, 'name them in mic_whitelist')
    return undefined
  }
  const wrong = markets.filter(mic => !/^[A-Z][A-Za-z0-9]*$/.test(mic))
  for (const mic of wrong)
    refuse('mic_whitelist', `'${mic}' cannot lead the name of a column, as XLON does in XLONBidPrice1`)
  if (wrong.length > 0) return undefined
  if (!books.columns.some(({ name }) => name === 'MIC')) {
    const problem = 'nothing says which market a listing is of'
    refuse('include_mic_wide', problem, 'map MIC, or name the reference table in DATA.reference')
    return undefined
  }
  return markets
}
