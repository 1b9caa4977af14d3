import * as z from 'zod'
import { family, type Metric, type MetricDefinition, metric } from '../../../lib/core/index.js'
import { refuseOthers } from '../../variant.js'
import { durationOf } from '../duration.js'

const duration = z
  .string()
  .refine(text => durationOf(text) !== undefined, { error: 'no duration; write a whole number and h, m, s or ms: 5m' })

/** A width that nanoseconds can count. */
const seconds = z
  .number()
  .positive()
  .refine(value => value >= 1e-9 && Number.isInteger(Number((value * 1e9).toPrecision(15))), {
    error: 'no width; at most 9 decimals',
  })

/** Parameters of single variants. Null means not given, so that a parameter a variant does not take is noticed. */
const PARAMETERS = {
  carry_in: z
    .boolean()
    .nullable()
    .default(null)
    .describe('TradeTwap: the last earlier price of the day opens a bucket'),
  n: z.int().min(1).nullable().default(null).describe('Vpin: number of volume buckets, 50'),
  bucket_volume: z.number().positive().nullable().default(null).describe('Vpin: quantity of a volume bucket; required'),
  interval: duration.nullable().default(null).describe('KyleLambda: width of its bins, 5m'),
  grid_seconds: seconds.nullable().default(null).describe('realised measures: width of their grid, 300'),
}

type Parameter = keyof typeof PARAMETERS

export const microstructureMetrics = family({
  module: 'trade',
  name: 'microstructure_metrics',
  doc: 'order flow, price placement, shares of venues and classes, auctions, realised variation, spread and impact models',
  axes: [{ field: 'variant', parameter: 'variant' }],
  pick: 'variant',
  fields: variants => ({ variant: z.array(z.enum(variants)).min(1).describe('what to compute'), ...PARAMETERS }),
  example: { variant: ['TradeFlowImbalance'] },
})

interface Variant extends Omit<MetricDefinition, 'module' | 'family' | 'name'> {
  /** Left out: the pick. */
  name?: MetricDefinition['name']
  /** Parameters that it takes; any other that an entry gives is an error. */
  takes?: readonly Parameter[]
}

/** Declares one variant of microstructure_metrics. */
export function microstructure({ takes = [], ...definition }: Variant): Metric {
  return metric({
    module: 'trade',
    family: 'microstructure_metrics',
    name: definition.pick,
    priority: 'B',
    ...definition,
    uses(parameters, offer) {
      refuseOthers(definition.pick, Object.keys(PARAMETERS), takes, parameters)
      return definition.uses(parameters, offer)
    },
  })
}
