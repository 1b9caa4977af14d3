import * as z from 'zod'
import type { Registry } from '../lib/core/index.js'
import { jobs, schedule } from './automation.js'
import { qualityChecks } from './checks.js'
import { type DataConfig, data } from './data.js'
import { batchingStrategy, type ExecutionConfig, execution, workers } from './execution.js'
import { field } from './field.js'
import { batchFrequency, type PassConfig, passSchema } from './pass.js'
import { type OutputTarget, outputTarget } from './targets.js'
import { date } from './words.js'

const TERM = /^[A-Za-z_][A-Za-z0-9_]*=[^=+]+$/

const universe = z.string().superRefine((text, context) => {
  const wrong = text.split('+').find(term => !TERM.test(term.trim()))
  if (wrong !== undefined)
    context.addIssue({ code: 'custom', message: `'${wrong}' is no term of a universe; write name=value, as mic=XLON` })
})

const fields = {
  START_DATE: field('Core', 'first date, inclusive', date().nullable().default(null)),
  END_DATE: field('Core', 'last date, inclusive', date().nullable().default(null)),
  EXCLUDE_WEEKENDS: field(
    'Core',
    'skip Saturday and Sunday; false for markets that never close',
    z.boolean().default(true),
  ),
  DATASETNAME: field(
    'Core',
    'name of the data set in output paths',
    z
      .string()
      .regex(/^[A-Za-z0-9_.-]+$/, {
        error: issue => `'${issue.input}' is no path token; use letters, digits, _ . and -`,
      })
      .default('sample2d'),
  ),
  UNIVERSE: field(
    'Core',
    'listings to compute: name=value terms joined by +; null is every listing',
    z
      .union([universe, z.array(universe).min(1)])
      .nullable()
      .default(null),
  ),
  BATCH_FREQ: field('Outputs', 'dates in one output file; null chooses by span', batchFrequency().default('W')),
  DEFAULT_FFILL: field('Advanced', 'carry values forward over rows without data', z.boolean().default(false)),
  MAX_ROWS_PER_TABLE: field(
    'Execution',
    'most rows of a table in a batch',
    z.record(z.string(), z.int().positive()).default({}),
  ),
  HEURISTIC_SIZES_PATH: field('Execution', 'file of row counts by listing', z.string().nullable().default(null)),
  MEMORY_PER_WORKER: field('Execution', 'most memory of a worker in GB', z.int().positive().nullable().default(null)),
  TABLES_TO_LOAD: field('Data', 'further tables to open', z.array(z.string()).nullable().default(null)),
  DATA_SOURCE_PATH: field('Data', 'accepted for older configs', z.array(z.string()).default(['bmll'])),
  LOGGING_LEVEL: field('Execution', 'what is logged', z.enum(['DEBUG', 'INFO', 'WARNING', 'ERROR']).default('INFO')),
  PACKS: field(
    'Core',
    'module files with own metrics, kernels, operators or modules, relative to the file that names them',
    z.array(z.string().min(1)).default([]),
  ),
  S3_STORAGE_OPTIONS: field('Data', 'how object storage is reached', z.record(z.string(), z.unknown()).default({})),
  DEFAULT_S3_REGION: field('Data', 'region of object storage', z.string().default('us-east-1')),
  SKIP_EXISTING_OUTPUT: field(
    'Outputs',
    'leave files alone that are there, made of the same input by the same config and code; --fresh sets it to false',
    z.boolean().default(true),
  ),
  CLEAN_UP_BATCH_FILES: field(
    'Execution',
    'remove what finished dates left for a run that goes on',
    z.boolean().default(true),
  ),
  CLEAN_UP_TEMP_DIR: field('Execution', 'the same as CLEAN_UP_BATCH_FILES', z.boolean().default(true)),
  OVERWRITE_TEMP_DIR: field('Execution', 'allow a temp_dir that is not empty', z.boolean().default(false)),
  RUN_ARTIFACTS_ENABLED: field(
    'Outputs',
    'copy the manifest of each run, which lies beside its outputs',
    z.boolean().default(false),
  ),
  RUN_ARTIFACTS_DIR: field(
    'Outputs',
    'folder of the copy; null is that of the outputs',
    z.string().nullable().default(null),
  ),
  RUN_ARTIFACTS_NAME: field('Outputs', 'its name; null is that of the run', z.string().nullable().default(null)),
  QUALITY_CHECKS: field('Outputs', 'limits on the values of every pass', qualityChecks.nullable().default(null)),
  SCHEMA_LOCK_MODE: field(
    'Outputs',
    'compare the columns of each pass with a file',
    z.enum(['off', 'warn', 'raise', 'update']).default('off'),
  ),
  SCHEMA_LOCK_PATH: field('Outputs', 'that file', z.string().nullable().default(null)),
  SCHEDULES: field('Automation', 'when the pipeline runs by itself', z.array(schedule).default([])),
  AUTO_MATERIALIZE_ENABLED: field('Automation', 'compute new partitions by themselves', z.boolean().default(false)),
  AUTO_MATERIALIZE_LATEST_DAYS: field('Automation', 'how many days back', z.int().min(1).default(7)),
  DAGSTER_IO_MANAGER_KEY: field(
    'Automation',
    'resource that stores assets',
    z.string().default('output_target_io_manager'),
  ),
  BMLL_JOBS: field('Automation', 'remote jobs', jobs.nullable().default(null)),
}

/** Makes the schema of a whole config. Names of modules, metrics and tables come from the registry alone. */
export function configSchema(registry: Registry) {
  return z.strictObject({
    ...fields,
    PASSES: field('Core', 'what to compute, in order', z.array(passSchema(registry)).min(1)),
    OUTPUT_TARGET: field('Outputs', 'where every pass is written', outputTarget.prefault({})),
    DATA: field('Data', 'where tables lie', data.prefault({})),
    EXECUTION: field('Execution', 'what the run may use', execution.prefault({})),
    BATCHING_STRATEGY: field('Execution', 'the same as EXECUTION.batching_strategy', batchingStrategy().optional()),
    NUM_WORKERS: field('Execution', 'the same as EXECUTION.workers', workers().optional()),
    TEMP_DIR: field('Execution', 'the same as EXECUTION.temp_dir', z.string().min(1).nullable().optional()),
  })
}

type RunFields = { [K in keyof typeof fields]: z.output<(typeof fields)[K]> }

/** A config after loading: checked, defaults applied, aliases resolved into EXECUTION and DATA.tables. */
export type AnalyticsConfig = RunFields & {
  PASSES: PassConfig[]
  OUTPUT_TARGET: OutputTarget
  DATA: DataConfig
  EXECUTION: ExecutionConfig
}
