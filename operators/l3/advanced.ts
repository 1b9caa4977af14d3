import * as z from 'zod'
import { family, type Metric, type MetricDefinition, metric } from '../../lib/core/index.js'
import { durationOf } from '../trade/duration.js'
import { refuseOthers } from '../variant.js'

const duration = z
  .string()
  .refine(text => durationOf(text) !== undefined, { error: 'no duration; write a whole number and h, m, s or ms: 5s' })

/** Parameters of single variants. Null means not given, so that a parameter a variant does not take is noticed. */
const PARAMETERS = {
  fleeting_threshold_ms: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe('FleetingLiquidityRatio, FleetingCancelRatio: how long an order is fleeting, 100'),
  horizon: z
    .array(duration.nullable())
    .min(1)
    .nullable()
    .default([null])
    .transform(list => list ?? [null])
    .describe('FillProbability: time after the insert, as 500ms or 1m; null: 1s'),
}

type Parameter = keyof typeof PARAMETERS

export const orderMetrics = family({
  module: 'l3',
  name: 'advanced_metrics',
  doc: 'order flow, cancellations, places in the queue, and what became of the orders of a bucket',
  axes: [
    { field: 'variant', parameter: 'variant' },
    { field: 'horizon', parameter: 'horizon' },
  ],
  pick: 'variant',
  fields: variants => ({ variant: z.array(z.enum(variants)).min(1).describe('what to compute'), ...PARAMETERS }),
  example: { variant: ['ArrivalFlowImbalance'] },
})

interface Variant extends Omit<MetricDefinition, 'module' | 'family' | 'name' | 'empty'> {
  /** Left out: the pick. */
  name?: MetricDefinition['name']
  /** Parameters that it takes; any other that an entry gives is an error. */
  takes?: readonly Parameter[]
}

/** Declares one variant of advanced_metrics. All are ratios, means or quantiles: null where nothing matched. */
export function advanced({ takes = [], ...definition }: Variant): Metric {
  return metric({
    module: 'l3',
    family: 'advanced_metrics',
    name: definition.pick,
    empty: 'null',
    ...definition,
    uses(parameters, offer) {
      refuseOthers(definition.pick, Object.keys(PARAMETERS), takes, parameters)
      return definition.uses(parameters, offer)
    },
  })
}
