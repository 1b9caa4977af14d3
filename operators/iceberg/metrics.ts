import * as z from 'zod'
import {
  and,
  BasaltError,
  col,
  count,
  type Expr,
  type FoldRequest,
  family,
  gt,
  type MetricDefinition,
  mean,
  metric,
  type Offer,
  series,
  sum,
} from '../../lib/core/index.js'
import { identity } from '../l3/order.js'
import { insertion, ORDER_SIDES, ofSide } from '../l3/rows.js'
import { icebergs, revealed } from './rows.js'

export const icebergMetrics = family({
  module: 'iceberg',
  name: 'metrics',
  doc: 'executions that reveal more than was shown, by side of the resting order',
  axes: [
    { field: 'sides', parameter: 'side' },
    { field: 'measures', parameter: 'measure' },
  ],
  pick: 'measures',
  fields: measures => ({
    measures: z.array(z.enum(measures)).min(1).describe('what to compute'),
    sides: z.array(z.enum(ORDER_SIDES)).min(1).default(['Total']).describe('sides of the resting orders'),
  }),
  example: { measures: ['ExecutionVolume', 'ExecutionCount'] },
})

const SOURCES = { RevealedQty: revealed, ExecutionSize: () => col('ExecutionSize'), OldSize: () => col('OldSize') }

const sourceOf = (name: unknown, usual: keyof typeof SOURCES): Expr =>
  SOURCES[(name ?? usual) as keyof typeof SOURCES]()

const what =
  'executions with LobAction 3, ExecutionSize > 0 and RevealedQty = max(ExecutionSize - OldSize, 0) > min_revealed_qty'

type Measure = Omit<MetricDefinition, 'module' | 'family' | 'name' | 'priority' | 'uses'> & {
  uses(offer: Offer, side: string): Record<string, FoldRequest>
}

const measure = ({ uses, ...definition }: Measure) =>
  metric({
    module: 'iceberg',
    family: 'metrics',
    name: ({ side }) => `Iceberg${definition.pick}${side === 'Total' ? '' : side}`,
    priority: 'E',
    ...definition,
    uses: ({ side }, offer) => uses(offer, side),
  })

export const icebergExecutionVolume = measure({
  pick: 'ExecutionVolume',
  unit: 'shares',
  doc: 'quantity executed by icebergs',
  formula: `Σ ExecutionSize of ${what}`,
  merge: 'S',
  empty: 'zero',
  uses: offer => ({ volume: sum('ExecutionSize', icebergs(offer)) }),
})

export const icebergExecutionCount = measure({
  pick: 'ExecutionCount',
  unit: 'executions',
  doc: 'number of executions of icebergs',
  formula: `number of ${what}`,
  merge: 'S',
  empty: 'zero',
  uses: offer => ({ count: count(icebergs(offer)) }),
})

export const icebergAverageSize = measure({
  pick: 'AverageSize',
  unit: 'shares',
  doc: 'mean quantity that executions of icebergs reveal, or of avg_size_source',
  formula: `mean of avg_size_source over ${what}`,
  merge: 'R',
  empty: 'null',
  uses: offer => ({ size: mean(sourceOf(offer.config.avg_size_source, 'RevealedQty'), icebergs(offer)) }),
})

export const icebergRevealedPeakCount = measure({
  pick: 'RevealedPeakCount',
  unit: 'executions',
  doc: 'number of executions of icebergs that reveal a quantity',
  formula: `number of ${what}, with RevealedQty > 0`,
  merge: 'S',
  empty: 'zero',
  uses: offer => ({ count: count(and(icebergs(offer), gt(revealed(), 0))) }),
})

export const icebergAveragePeakCount = measure({
  pick: 'AveragePeakCount',
  unit: 'peaks',
  doc: 'mean number of peaks, so far on the date and one more, of the icebergs executed in the bucket',
  formula: `mean over chains of orders with ${what} in the bucket of 1 + their executions until its end`,
  merge: '–',
  empty: 'null',
  uses(offer) {
    const { enable_peak_linking, peak_link_tolerance_seconds, peak_link_price_match } = offer.config
    const inputs = [icebergs(offer), insertion(), col('Side'), col('Price'), col('OldPrice'), identity(offer)]
    const parameters = {
      link: enable_peak_linking ?? true,
      tolerance_ns: Math.round((peak_link_tolerance_seconds ?? 0.0005) * 1e9),
      price_match: peak_link_price_match ?? true,
    }
    return { peaks: series('iceberg_peaks', inputs, parameters, icebergs(offer)) }
  },
})

export const icebergOrderImbalance = measure({
  pick: 'OrderImbalance',
  unit: '-1…1',
  doc: 'what icebergs of the bid executed less those of the ask, over both; imbalance_source says what of them',
  formula: `(bid - ask)/(bid + ask) of Σ imbalance_source over ${what}`,
  merge: 'R',
  empty: 'null',
  uses(offer, side) {
    if (side !== 'Total') {
      throw new BasaltError('config', 'OrderImbalance compares both sides; ask for it in an entry with sides: Total')
    }
    const size = sourceOf(offer.config.imbalance_source, 'ExecutionSize')
    return {
      bid: sum(size, and(icebergs(offer), ofSide('Bid'))),
      ask: sum(size, and(icebergs(offer), ofSide('Ask'))),
    }
  },
  value: ({ bid, ask }) => (bid - ask) / (bid + ask),
})
