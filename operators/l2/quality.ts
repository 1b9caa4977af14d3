import * as z from 'zod'
import { and, count, type Expr, eq, family, lit, metric, NULL, type Offer, series, when } from '../../lib/core/index.js'
import { crossed, oneSided, twoSided, valid } from './quote.js'
import { ageOf } from './row-metric.js'

export const quality = family({
  module: 'l2tw',
  name: 'quality',
  doc: 'for which share of the bucket there is a valid quote, and what keeps it from being one',
  axes: [{ field: 'quality', parameter: 'quality' }],
  pick: 'quality',
  bare: true,
  fields: names => ({ quality: z.array(z.enum(names)).min(1) }),
  example: { quality: ['CoverageShare'] },
})

/** Declares the share of the bucket for which a state stands. */
function share(pick: string, doc: string, formula: string, where: (offer: Offer) => Expr, stale = false) {
  return metric({
    module: 'l2tw',
    family: 'quality',
    pick,
    name: pick,
    unit: 'share',
    doc,
    formula: `${formula} / N`,
    priority: 'B',
    merge: 'R',
    empty: 'null',
    uses: (_, offer) => ({
      share: series('time_weighted', [when(where(offer), lit(1), NULL)], {
        ...(stale || pick === 'CoverageShare' ? ageOf(offer) : {}),
        share: stale ? 'stale' : 'covered',
      }),
    }),
  })
}

export const coverageShare = share(
  'CoverageShare',
  'share of the bucket in which there is a valid quote, in the states and of the age asked for',
  'time with a valid quote',
  valid,
)
export const lockedShare = share(
  'LockedShare',
  'share of the bucket in which bid and ask are equal',
  'time locked',
  () => eq('BidPrice1', 'AskPrice1'),
)
export const crossedShare = share(
  'CrossedShare',
  'share of the bucket in which the bid is above the ask',
  'time crossed',
  () => and(twoSided(), crossed()),
)
export const oneSidedShare = share(
  'OneSidedShare',
  'share of the bucket in which one side has no price',
  'time one-sided',
  oneSided,
)
export const staleShare = share(
  'StaleShare',
  'share of the bucket in which the quote is valid and older than max_quote_age_seconds; 0 without a limit',
  'time with a quote past its age',
  valid,
  true,
)

export const eventCount = metric({
  module: 'l2tw',
  family: 'quality',
  pick: 'EventCount',
  name: 'EventCount',
  unit: 'rows',
  doc: 'snapshots of the bucket',
  formula: 'number of rows',
  priority: 'B',
  merge: 'S',
  empty: 'zero',
  uses: () => ({ count: count() }),
})
