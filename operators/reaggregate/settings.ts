import * as z from 'zod'

export const DEFAULT_WEIGHT = 'TradeTotalNotionalEUR'
export const DEFAULT_MEMBERSHIP = 'group_df'

/** The fields of reaggregate_analytics (configuration 5.5). */
export const reaggregateSettings = {
  source_pass: z.string().nullable().default(null).describe('the earlier pass or table to read; null: the one before'),
  group_df_pass: z.string().nullable().default(null).describe('the pass that says which members a group has'),
  group_df_context_key: z
    .string()
    .default(DEFAULT_MEMBERSHIP)
    .describe('the table (or pass) that says which members a group has'),
  join_column: z
    .string()
    .default('ListingId')
    .describe('column that names a member, in the source and in the membership'),
  group_column: z.string().default('IndexId').describe('column of the membership that names a group'),
  group_by: z
    .array(z.string())
    .min(1)
    .default(['IndexId', 'TimeBucket'])
    .describe('columns that name a row of the result; group_column is one of them'),
  resample_rule: z.string().nullable().default(null).describe('width of the result: 15m, 1h, 1D, 1w'),
  weight_col: z
    .string()
    .nullable()
    .default(DEFAULT_WEIGHT)
    .describe('weights of prices, means, ratios and shares; null: members count alike'),
  weight_mode: z
    .enum(['daily', 'bucket'])
    .default('daily')
    .describe("daily: the member's total of the date, which the bucket cannot know yet; bucket: the row's own weight"),
}

export interface ReaggregateConfig {
  source_pass: string | null
  group_df_pass: string | null
  group_df_context_key: string
  join_column: string
  group_column: string
  group_by: string[]
  resample_rule: string | null
  weight_col: string | null
  weight_mode: 'daily' | 'bucket'
}
