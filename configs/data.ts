import * as z from 'zod'
import { nearest } from '../lib/core/index.js'
import { field } from './field.js'
import { filterMap } from './filters.js'
import { decimal, timeOfDay, timeZone, tokenProblem } from './words.js'

/** Tokens of layouts and table paths. */
export const LAYOUT_TOKENS = ['date', 'yyyy', 'mm', 'dd', 'yyyymmdd', 'mic', 'table'] as const
const DATE_TOKENS = /\{(?:date|yyyymmdd|yyyy|mm|dd)\}/

/** Tells whether the paths that a layout or template describes hold a date. */
export function holdsDate(template: string): boolean {
  return template === 'bmll' || template === 'hive' || DATE_TOKENS.test(template)
}

const template = () =>
  z
    .string()
    .min(1)
    .superRefine((path, context) => {
      const problem = tokenProblem(path, LAYOUT_TOKENS)
      if (problem) context.addIssue({ code: 'custom', message: problem })
    })

const layout = template().superRefine((text, context) => {
  if (text === 'bmll' || text === 'hive' || /[{}*/.]/.test(text)) return
  const near = nearest(text, ['bmll', 'hive'])
  context.addIssue({
    code: 'custom',
    message: `'${text}' is not a layout; ${near ? `did you mean '${near}'?` : 'write bmll, hive or a path such as {table}/{date}.parquet'}`,
  })
})

const constant = z.union([z.string(), z.number(), z.boolean()])

/** One table: where its files lie and what its columns are called there. */
export const table = z.strictObject({
  path: field(
    'Data',
    'files of this table; overrides root and layout',
    z
      .union([template(), z.array(template()).min(1)])
      .nullable()
      .default(null),
  ),
  columns: field(
    'Data',
    'source column by canonical column, where the names differ',
    z.record(z.string(), z.string().min(1)).default({}),
  ),
  constants: field('Data', 'same value for every row, by canonical column', z.record(z.string(), constant).default({})),
  time_unit: field(
    'Data',
    'unit of integer times; auto takes the type of the file, plain integers are ns',
    z.enum(['auto', 's', 'ms', 'us', 'ns']).default('auto'),
  ),
  time_zone: field('Data', 'zone of times that name none', timeZone().default('UTC')),
  date_column: field('Data', 'column that holds the partition date', z.string().min(1).nullable().default(null)),
  date_from: field('Data', 'what the partition date is taken from', z.enum(['path', 'column', 'time']).default('path')),
  price_scale: field('Data', 'factor of every price column', decimal().default('1')),
  size_scale: field('Data', 'factor of every size column', decimal().default('1')),
  extra: field(
    'Data',
    'further columns by own name, for filters and keys',
    z.record(z.string(), z.string().min(1)).default({}),
  ),
  side_codes: field(
    'Data',
    'side by source value: 1 buy, 2 sell, 0 unknown',
    z.record(z.string(), z.int().min(0).max(2)).default({ '1': 1, '2': 2, '0': 0 }),
  ),
  action_codes: field(
    'Data',
    'order action by source value: 1 execute, 2 insert, 3 remove, 4 update, 5 clear the book, 0 about no order',
    z.record(z.string(), z.int().min(0).max(5)).default({ '1': 1, '2': 2, '3': 3, '4': 4 }),
  ),
  flag_encoding: field(
    'Data',
    'what flag columns hold; null follows the layout',
    z.enum(['mmt', 'yes_no']).nullable().default(null),
  ),
  flags: field(
    'Data',
    'texts that set or unset a flag, by column',
    z
      .record(z.string(), z.strictObject({ set: z.array(constant).default([]), unset: z.array(constant).default([]) }))
      .default({}),
  ),
  mixed_units: field(
    'Data',
    'what to do with a listing whose prices mix units',
    z.enum(['error', 'exclude', 'ignore']).default('error'),
  ),
  on_missing_file: field(
    'Data',
    'what to do for a date and market without a file',
    z.enum(['error', 'warn', 'skip']).default('warn'),
  ),
  filter: field('Data', 'rows to read', filterMap.default({})),
})

/** Returns the settings of a table that the config does not mention. */
export const defaultTable = (): TableConfig => table.parse({})

/** DATA: where tables lie. */
export const data = z.strictObject({
  root: field('Data', 'folder under which all tables lie', z.string().min(1).default('.')),
  layout: field(
    'Data',
    'bmll, hive, or a path with {date} {yyyy} {mm} {dd} {yyyymmdd} {mic} {table} and *',
    layout.default('bmll'),
  ),
  markets: field(
    'Data',
    'values of {mic}; null is every market found',
    z.array(z.string().min(1)).min(1).nullable().default(null),
  ),
  tables: field('Data', 'settings by table', z.record(z.string(), table).default({})),
  reference: field('Data', 'the reference table, or its path', z.union([template(), table]).nullable().default(null)),
  on_unmapped: field(
    'Data',
    'what to do with a listing that the reference does not know',
    z.enum(['keep', 'drop', 'error']).default('keep'),
  ),
  session_end: field('Data', 'end of the trading day', timeOfDay().nullable().default(null)),
})

export type TableConfig = z.output<typeof table>
/** DATA after loading: `reference` has become `tables.reference`. */
export type DataConfig = Omit<z.output<typeof data>, 'reference'>
