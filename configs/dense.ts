import * as z from 'zod'
import { date, wallInterval } from './words.js'

/** dense_analytics: which rows exist whether or not they hold data. */
export const denseAnalytics = z.strictObject({
  ENABLED: z.boolean().default(true).describe('false takes module dense out of the pass'),
  metric_prefix: z.null('the grid makes no columns of its own').default(null).describe('the grid makes no columns'),
  mode: z
    .enum(['adaptative', 'adaptive', 'uniform'])
    .transform(mode => (mode === 'adaptive' ? 'adaptative' : mode))
    .default('adaptative')
    .describe('adaptative: the grid follows market states; uniform: it is the same for every listing'),
  grid_states: z
    .array(z.string().min(1))
    .min(1)
    .default(['CONTINUOUS_TRADING'])
    .describe('market states in which a bucket exists, of mode adaptative'),
  pad_seconds: z
    .number()
    .min(0)
    .max(86_400)
    .default(0)
    .describe('seconds by which each interval is widened at either end, of mode adaptative'),
  time_interval: wallInterval()
    .nullable()
    .default(null)
    .describe('start and end of the day in time_zone, of mode uniform'),
  outside_grid: z
    .enum(['keep', 'drop'])
    .default('keep')
    .describe('what becomes of bars outside the grid; dropped ones are counted'),
  calendar: z
    .record(date(), z.union([z.literal('closed'), wallInterval()]))
    .default({})
    .describe('[start, end] in time_zone of a date, or closed: half days and holidays'),
  symbol_cols: z
    .array(z.literal('ListingId', 'not available in this version; allowed: ListingId'))
    .length(1)
    .default(['ListingId'])
    .describe('what has a grid of its own'),
})

export type DenseConfig = z.output<typeof denseAnalytics>
