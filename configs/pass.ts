import * as z from 'zod'
import { BasaltError, type Registry, widthFromSeconds } from '../lib/core/index.js'
import { ABSENT_BLOCKS, moduleNames } from './availability.js'
import { blockSchemas } from './blocks.js'
import { passExpectations, qualityChecks } from './checks.js'
import { denseAnalytics } from './dense.js'
import { field } from './field.js'
import { type OutputTarget, outputTarget } from './targets.js'
import { timeOfDay, timeZone } from './words.js'

export const batchFrequency = () => z.enum(['D', 'W', '2W', 'M', 'A']).nullable()

const width = z.number().superRefine((seconds, context) => {
  try {
    widthFromSeconds(seconds)
  } catch (error) {
    if (error instanceof BasaltError) context.addIssue({ code: 'custom', message: error.problem })
  }
})

const fields = {
  name: field(
    'Core',
    'name of the pass, of its output and of its results in later passes',
    z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/, {
      error: issue => `'${issue.input}' is no name; use letters, digits and _, a letter first`,
    }),
  ),
  preprocess_modules: field(
    'Advanced',
    'modules that run first and give side outputs only',
    z.array(z.string()).default([]),
  ),
  time_bucket_seconds: field('Core', 'width of a bucket in seconds, above 0', width.default(60)),
  time_bucket_anchor: field('Core', 'which end of its bucket names a row', z.enum(['end', 'start']).default('end')),
  time_bucket_closed: field('Core', 'which end belongs to the bucket', z.enum(['right', 'left']).default('right')),
  time_bucket_origin: field(
    'Advanced',
    'time of day from which buckets count; null is midnight UTC',
    timeOfDay().nullable().default(null),
  ),
  time_zone: field('Advanced', 'zone of time_bucket_origin', timeZone().default('UTC')),
  timeline_mode: field(
    'Core',
    'which rows exist: sparse ones, a dense grid, one a day, those of events',
    z.enum(['sparse_digitised', 'sparse_original', 'dense', 'daily_analytics', 'event']).default('sparse_digitised'),
  ),
  auction_buckets: field(
    'Core',
    'rows in an auction, by their MarketState, have a bucket of their own: one an auction of table marketstate',
    z.boolean().default(false),
  ),
  dense_analytics: field('Core', 'the grid of timeline_mode dense', denseAnalytics.optional()),
  sort_keys: field('Advanced', 'order of the output', z.array(z.string()).nullable().default(null)),
  batch_freq: field('Outputs', 'dates in one output file; null takes BATCH_FREQ', batchFrequency().default(null)),
  module_inputs: field(
    'Advanced',
    'what a module reads instead of its table',
    z.record(z.string(), z.union([z.string(), z.record(z.string(), z.string())])).default({}),
  ),
  side_outputs: field(
    'Advanced',
    'further results for later passes',
    z
      .record(
        z.string(),
        z.strictObject({
          description: z.string().optional(),
          materialize: z.enum(['auto', 'always', 'never']).default('auto'),
          context_key: z.string().optional(),
        }),
      )
      .default({}),
  ),
  side_output_namespace: field('Advanced', 'key prefix of side outputs', z.string().nullable().default(null)),
  output: field(
    'Outputs',
    'where this pass is written; null takes OUTPUT_TARGET',
    outputTarget.nullable().default(null),
  ),
  extra_outputs: field('Outputs', 'where this pass is written as well', z.array(outputTarget).default([])),
  fill: field(
    'Advanced',
    'how a column is filled on rows without data',
    z
      .record(z.string(), z.union([z.enum(['forward', 'zero', 'none']), z.strictObject({ forward: z.int().min(1) })]))
      .default({}),
  ),
  fill_across_sessions: field('Advanced', 'fill over the end of a session', z.boolean().default(false)),
  quality_checks: field('Advanced', 'limits on the values of this pass', qualityChecks.nullable().default(null)),
  pass_expectations: field(
    'Advanced',
    'what this pass must keep of its input',
    passExpectations.nullable().default(null),
  ),
  extension_configs: field(
    'Advanced',
    'configuration of added modules',
    z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  ),
}

/** Makes the schema of a pass: the documented keys and one block for each module that the registry knows. */
export function passSchema(registry: Registry) {
  const blocks = blockSchemas(registry)
  for (const block of ABSENT_BLOCKS) {
    blocks[block] ??= field('Advanced', 'configuration of a module that this version lacks', z.unknown().optional())
  }
  const modules = z.array(z.enum(moduleNames(registry) as [string, ...string[]])).min(1)
  const { name, ...withoutName } = fields
  return z.strictObject({
    name,
    modules: field('Core', 'what the pass computes', modules),
    ...withoutName,
    ...blocks,
  })
}

type PassFields = { [K in keyof typeof fields]: z.output<(typeof fields)[K]> }

/** A pass after loading. Blocks of its modules (`trade_analytics`) are present, with their defaults. */
export type PassConfig = Omit<PassFields, 'output'> & {
  modules: string[]
  output: OutputTarget
  [block: string]: unknown
}
