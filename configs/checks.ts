import * as z from 'zod'

const action = z.enum(['warn', 'raise'])

const range = z.tuple([z.number(), z.number()]).superRefine(([min, max], context) => {
  if (min > max) context.addIssue({ code: 'custom', message: `[${min}, ${max}] holds no value; write [min, max]` })
})

/** Limits on the values of an output, checked before it is published. */
export const qualityChecks = z.strictObject({
  ENABLED: z.boolean().default(false).describe('check the output'),
  null_rate_max: z.number().min(0).max(1).default(0.2).describe('largest share of nulls of a column'),
  ranges: z.record(z.string(), range).default({}).describe('[min, max] by column'),
  action: action.default('warn').describe('what a failed check does'),
})

/** What a pass must keep of its input. */
export const passExpectations = z.strictObject({
  preserve_listing_id_count: z.boolean().default(false).describe('as many listings out as in'),
  preserve_listing_ids: z.boolean().default(false).describe('the same listings out as in'),
  preserve_rows: z.boolean().default(false).describe('as many rows out as in'),
  preserve_existing_columns: z.boolean().default(false).describe('every input column is kept'),
  all_non_nans: z.boolean().default(false).describe('no value is missing'),
  non_nan_exempt_columns: z
    .array(z.string())
    .default(['ListingId', 'TimeBucket'])
    .describe('columns that may miss values'),
  action: action.default('raise').describe('what a failed check does'),
})
