import * as z from 'zod'
import { timeZone } from './words.js'

/** When a pipeline runs by itself. */
export const schedule = z.strictObject({
  name: z.string().min(1).default('schedule').describe('name of the schedule'),
  enabled: z.boolean().default(false).describe('run it'),
  cron: z
    .string()
    .regex(/^\S+(?:\s+\S+){4}$/, 'a cron line has five fields, as 0 2 * * *')
    .default('0 2 * * *')
    .describe('when, in five fields'),
  timezone: timeZone().default('UTC').describe('zone of the cron line'),
  partitions: z
    .array(
      z.strictObject({
        date: z.string().min(1).describe('YYYY-MM-DD, a..b, yesterday or today'),
        universe: z.string().nullable().default(null),
      }),
    )
    .default([])
    .describe('what each run computes'),
})

/** Remote jobs. */
export const jobs = z.strictObject({
  enabled: z.boolean().default(false).describe('run as remote jobs'),
  default_instance_size: z.number().positive().default(16).describe('memory of an instance in GB'),
  max_concurrent_instances: z.int().min(1).nullable().default(null).describe('most instances at a time'),
  default_conda_env: z.string().default('py311-stable').describe('environment of the instance'),
  max_runtime_hours: z.number().positive().default(1).describe('a job is ended after this time'),
  default_bootstrap: z.string().nullable().default(null).describe('script that prepares an instance'),
  default_bootstrap_args: z.array(z.string()).default([]).describe('its arguments'),
  jobs_dir: z.string().default('basalt/_bmll_jobs').describe('folder of the job files'),
  project_root: z.string().default('basalt').describe('folder of the project'),
  jobs_area: z.enum(['user', 'organisation']).default('user').describe('area of the job files'),
  log_area: z.enum(['user', 'organisation']).default('user').describe('area of the logs'),
  pythonpath_prefixes: z.array(z.string()).default([]).describe('accepted, without meaning'),
  delete_job_after: z.boolean().default(true).describe('remove a finished job'),
  log_path: z.string().default('job_run_logs').describe('folder of the logs'),
  cron_format: z.enum(['dagster', 'bmll']).default('dagster').describe('dialect of cron lines'),
  scheduler_days: z.string().default('MON-SAT').describe('days on which schedules run'),
  visibility: z.enum(['private', 'public']).default('private').describe('who sees the jobs'),
})
