import * as z from 'zod'
import {
  type EntryParameters,
  family,
  first,
  last,
  type MetricDefinition,
  max,
  metric,
  min,
} from '../../lib/core/index.js'
import { SOURCES, type Source, sourcePrice } from './quote.js'

export const ohlc = family({
  module: 'l2',
  name: 'ohlc',
  doc: 'first, highest, lowest and last price of the best quote',
  axes: [{ field: 'source', parameter: 'source' }],
  pick: 'source',
  fields: sources => ({
    source: z.array(z.enum(sources)).min(1).describe('which price'),
    open_mode: z
      .enum(['event', 'prev_close'])
      .default('event')
      .describe('prev_close: buckets between the first and the last have the close before'),
  }),
  example: { source: ['Mid'] },
})

const MODES = {
  Open: { fold: first, merge: 'O', doc: 'first', formula: 'first' },
  High: { fold: max, merge: 'N', doc: 'highest', formula: 'max' },
  Low: { fold: min, merge: 'N', doc: 'lowest', formula: 'min' },
  Close: { fold: last, merge: 'O', doc: 'last', formula: 'last' },
} as const

const DOCS: Record<Source, string> = {
  Mid: 'mid of valid quotes',
  Bid: 'best bid',
  Ask: 'best ask',
  WeightedMid: 'mid of valid quotes, weighted by the quantity of the other side',
}

function part(source: Source, name: keyof typeof MODES) {
  const { fold, merge, doc, formula } = MODES[name]
  const definition: MetricDefinition = {
    module: 'l2',
    family: 'ohlc',
    pick: source,
    part: name,
    name: `${source}${name}`,
    unit: 'local currency',
    doc: `${doc} ${DOCS[source]}`,
    formula: `${formula} ${source}`,
    merge,
    empty: 'null',
    standsIn: ({ open_mode }: EntryParameters) => (open_mode === 'prev_close' ? 'Close' : null),
    uses: (_, offer) => ({ price: fold(sourcePrice(source, offer)) }),
  }
  return metric(definition)
}

const partsOf = (source: Source) => (Object.keys(MODES) as (keyof typeof MODES)[]).map(name => part(source, name))

export const [midOpen, midHigh, midLow, midClose] = partsOf(SOURCES[0])
export const [bidOpen, bidHigh, bidLow, bidClose] = partsOf(SOURCES[1])
export const [askOpen, askHigh, askLow, askClose] = partsOf(SOURCES[2])
export const [weightedMidOpen, weightedMidHigh, weightedMidLow, weightedMidClose] = partsOf(SOURCES[3])
