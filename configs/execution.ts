import * as z from 'zod'
import { field } from './field.js'
import { memorySize } from './words.js'

export const workers = () =>
  z.int().refine(count => count === -1 || count >= 1, {
    error: issue => `${issue.input} is no number of workers; write -1 (all cores) or 1 and more`,
  })
export const batchingStrategy = () => z.enum(['heuristic', 'streaming'])

/** EXECUTION: what a run may use. Nothing here changes a result. */
export const execution = z.strictObject({
  memory_budget: field(
    'Execution',
    'ceiling of all processes of the run together: 512MB, 2GiB, or a share such as 50%',
    memorySize().default('60%'),
  ),
  spill: field('Execution', 'always: every intermediate goes through disk', z.enum(['auto', 'always']).default('auto')),
  workers: field('Execution', 'worker threads; -1 is one for each usable core', workers().default(-1)),
  batching_strategy: field(
    'Execution',
    'heuristic: batches run in parallel; streaming: one after another, smallest footprint',
    batchingStrategy().default('heuristic'),
  ),
  batch_rows: field('Execution', 'rows per batch inside the engine', z.int().min(1).max(1_000_000).default(16_384)),
  fail_fast: field('Execution', 'the first failed batch ends the run', z.boolean().default(false)),
  retries: field(
    'Execution',
    'how often transient faults of input and output are tried again',
    z.int().min(0).default(3),
  ),
  retry_base_seconds: field(
    'Execution',
    'wait before the first retry; doubles each time',
    z.number().positive().default(1),
  ),
  retry_max_seconds: field('Execution', 'longest wait before a retry', z.number().positive().default(30)),
  stall_seconds: field(
    'Execution',
    'a worker thread that shows no sign of life for this long is replaced, and what it was at is tried again',
    z.number().positive().default(120),
  ),
  temp_dir: field(
    'Execution',
    'where spilled data goes; null is the folder of the system',
    z.string().min(1).nullable().default(null),
  ),
  resume: field(
    'Execution',
    'go on from what an interrupted run of the same config had finished',
    z.boolean().default(true),
  ),
})

export type ExecutionConfig = z.output<typeof execution>
