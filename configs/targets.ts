import * as z from 'zod'
import { field } from './field.js'
import { tokenProblem } from './words.js'

/** Tokens of output paths. */
export const TARGET_TOKENS = [
  'root',
  'bucket',
  'prefix',
  'datasetname',
  'pass',
  'universe',
  'start_date',
  'end_date',
  'date',
  'side',
] as const

const SUFFIXES: Record<string, string> = {
  parquet: '.parquet',
  csv: '.csv',
  ndjson: '.ndjson',
  arrow: '.arrow',
  delta: '',
  sql: '',
}

/** Returns the path of a target that names none; its suffix follows the type. */
export function defaultTemplate(type: string): string {
  return `{root}/{datasetname}/{pass}/{universe}/{start_date}_{end_date}${SUFFIXES[type] ?? ''}`
}

const pathTemplate = z
  .string()
  .min(1)
  .superRefine((path, context) => {
    const problem = tokenProblem(path, TARGET_TOKENS)
    if (problem) context.addIssue({ code: 'custom', message: problem })
  })

/** Where finished rows go. */
export const outputTarget = z.strictObject({
  type: field(
    'Outputs',
    'format of the output',
    z.enum(['parquet', 'delta', 'sql', 'csv', 'ndjson', 'arrow']).default('parquet'),
  ),
  root: field(
    'Outputs',
    'folder that {root} stands for; a pass takes that of OUTPUT_TARGET',
    z.string().min(1).default('./basalt-out'),
  ),
  path_template: field(
    'Outputs',
    'path with {root} {bucket} {prefix} {datasetname} {pass} {universe} {start_date} {end_date} {date} {side}; {date} writes one file for each date',
    pathTemplate.default(defaultTemplate('parquet')),
  ),
  bucket: field('Outputs', 'what {bucket} stands for', z.string().min(1).nullable().default(null)),
  prefix: field('Outputs', 'what {prefix} stands for', z.string().min(1).nullable().default(null)),
  area: field('Outputs', 'recorded with the run', z.string().default('user')),
  compression: field('Outputs', 'compression of Parquet pages', z.enum(['zstd', 'snappy', 'none']).default('snappy')),
  row_group_rows: field('Outputs', 'rows of a Parquet row group', z.int().min(1).default(131_072)),
  partition_columns: field(
    'Outputs',
    'columns that split the output',
    z.array(z.string().min(1)).min(1).nullable().default(null),
  ),
  dedupe_on_partition: field(
    'Outputs',
    'replace the partitions that are written, in one step',
    z.boolean().default(true),
  ),
  delta_mode: field('Outputs', 'how a Delta table is written', z.enum(['append', 'overwrite']).default('append')),
  sql_connection: field('Outputs', 'database address', z.string().min(1).nullable().default(null)),
  sql_table: field('Outputs', 'database table', z.string().min(1).nullable().default(null)),
  sql_if_exists: field(
    'Outputs',
    'what to do with an existing table',
    z.enum(['fail', 'replace', 'append']).default('append'),
  ),
  sql_batch_size: field('Outputs', 'rows of an insert', z.int().min(1).default(50_000)),
})

export type OutputTarget = z.output<typeof outputTarget>
