import * as z from 'zod'
import { family, metric, series } from '../../lib/core/index.js'
import { SOURCES, type Source, sourcePrice } from './quote.js'
import { ageOf } from './row-metric.js'

export const prices = family({
  module: 'l2tw',
  name: 'prices',
  doc: 'prices of the best quote, weighted by time',
  axes: [{ field: 'source', parameter: 'source' }],
  pick: 'source',
  fields: sources => ({ source: z.array(z.enum(sources)).min(1).describe('which price') }),
  example: { source: ['Mid'] },
})

const priceOf = (source: Source) =>
  metric({
    module: 'l2tw',
    family: 'prices',
    pick: source,
    name: `${source}TWA`,
    unit: 'local currency',
    doc: `time-weighted ${source}; the mid is that of valid quotes`,
    formula: `Σ xw / Σ w, x = ${source}`,
    merge: 'T',
    empty: 'null',
    uses: (_, offer) => ({ mean: series('time_weighted', [sourcePrice(source, offer)], ageOf(offer)) }),
  })

export const [midTwa, bidTwa, askTwa, weightedMidTwa] = SOURCES.map(priceOf)
