import * as z from 'zod'
import { BasaltError, widthFromSeconds } from '../../lib/core/index.js'

/** Longest radius and tolerance: differences of ns up to it are exact in doubles. */
const MOST_SECONDS = 9_000_000

/** Seconds of a whole number of ns, 0 included. */
const seconds = z
  .number()
  .min(0)
  .max(MOST_SECONDS)
  .superRefine((value, context) => {
    try {
      nanoseconds(value)
    } catch (error) {
      if (error instanceof BasaltError) context.addIssue({ code: 'custom', message: error.problem })
    }
  })

/** Returns seconds in ns. Throws a config fault where they are no whole number of them. */
export const nanoseconds = (value: number): number => (value === 0 ? 0 : widthFromSeconds(value))

/** The fields of external_event_analytics (configuration 5.9). */
export const eventSettings = {
  source_pass: z
    .string()
    .nullable()
    .default(null)
    .describe('earlier pass that holds the events; default the one before'),
  symbol_col: z
    .string()
    .min(1)
    .default('ListingId')
    .describe('column of the events that names the listing, or what else names the metric rows'),
  time_col: z.string().min(1).default('TimeBucket').describe('column of the events that holds their time'),
  passthrough_columns: z.array(z.string().min(1)).default([]).describe('columns of the events to keep'),
  radius_seconds: seconds.default(0).describe('distance of the farthest row around an event'),
  directions: z
    .enum(['both', 'backward', 'forward'])
    .default('both')
    .describe('whether rows lie before an event, after it, or both'),
  extra_observations: z.int().min(0).default(0).describe('rows around an event in each direction'),
  scale_factor: z
    .number()
    .min(1)
    .default(1)
    .describe('1: rows are equally far apart; above 1: each step is so many times the one before'),
  tolerance_seconds: seconds
    .nullable()
    .default(null)
    .describe('oldest metric row that counts; null: any that is known by then'),
}

export interface EventConfig {
  source_pass: string | null
  symbol_col: string
  time_col: string
  passthrough_columns: string[]
  radius_seconds: number
  directions: 'both' | 'backward' | 'forward'
  extra_observations: number
  scale_factor: number
  tolerance_seconds: number | null
}
