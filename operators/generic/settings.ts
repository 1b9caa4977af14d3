import * as z from 'zod'
import { ESTIMATORS } from './estimators.js'
import { METHODS } from './measures.js'

const method = z.enum(METHODS)

/** One way to aggregate a column: a method by name, or with the weight and the output name that it takes. */
const aggregation = z.union([
  method,
  z.strictObject({
    method: method.describe('how rows of a group become one value'),
    weight: z.string().optional().describe('column of weights, for weighted_mean'),
    as: z.string().optional().describe('name of the output column'),
  }),
])

const indicator = z.strictObject({
  name: z.string().describe('TA-Lib function: SMA, RSI, MACD'),
  input_col: z.string().nullable().default(null).describe('column that a function of one series reads'),
  timeperiod: z.int().nullable().default(null).describe('rows that the function looks back; 14 when left out'),
  parameters: z
    .record(z.string(), z.union([z.number(), z.string()]))
    .default({})
    .describe('further options by their TA-Lib names: fastperiod, nbdevup, matype'),
  output_col: z.string().nullable().default(null).describe('name of the output column; null: Sma14'),
  output_index: z
    .union([z.int().min(0), z.literal('all')])
    .default(0)
    .describe('which output of a function that has several, or all'),
  input_cols: z
    .strictObject({
      open: z.string().default('Open'),
      high: z.string().default('High'),
      low: z.string().default('Low'),
      close: z.string().default('Close'),
      volume: z.string().default('TradeTotalVolume'),
    })
    .prefault({})
    .describe('columns that functions of several series read'),
})

const estimator = z.strictObject({
  variant: z.enum(ESTIMATORS.map(({ variant }) => variant)).describe('what is estimated of the rows of each group'),
  columns: z.record(z.string(), z.string()).default({}).describe('columns that it reads, by role: {close: Close}'),
  parameters: z.record(z.string(), z.number()).default({}).describe('its parameters by name: {q: 5}'),
})

/** The fields of generic_analytics (configuration 5.4). */
export const genericSettings = {
  source_pass: z.string().nullable().default(null).describe('the earlier pass to read; null: the one before'),
  group_by: z
    .array(z.string())
    .min(1)
    .default(['ListingId', 'TimeBucket'])
    .describe('columns that name a row of the result; those of the reference table are joined by date'),
  resample_rule: z.string().nullable().default(null).describe('width of the result: 15m, 1h, 1D, 1w'),
  aggregations: z
    .record(z.string(), z.union([aggregation, z.array(aggregation)]))
    .default({})
    .describe('how columns of the source are aggregated; none: all columns as they are'),
  talib_indicators: z.array(indicator).default([]).describe('technical indicators over the rows of each group'),
  indicator_scope: z
    .enum(['run', 'date'])
    .default('run')
    .describe('run: a series goes on over dates; date: it starts anew'),
  estimators: z.array(estimator).default([]).describe('statistics of the rows of each group, over several columns'),
  keep_state: z.boolean().default(false).describe('write the columns that later passes merge by'),
}

export type Aggregation = z.output<typeof aggregation>
export type IndicatorEntry = z.output<typeof indicator>
export type EstimatorEntry = z.output<typeof estimator>
export interface GenericConfig {
  source_pass: string | null
  group_by: string[]
  resample_rule: string | null
  aggregations: Record<string, Aggregation | Aggregation[]>
  talib_indicators: IndicatorEntry[]
  indicator_scope: 'run' | 'date'
  estimators: EstimatorEntry[]
  keep_state: boolean
}
