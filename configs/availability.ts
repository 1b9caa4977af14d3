import type { Registry } from '../lib/core/index.js'

/**
 * What is documented but not built yet, as data: a key listed here is known to the schema and refused where it asks for
 * something. Building the engine of a key means deleting its line.
 */
export interface Absence {
  /** Keys, `[]` for every entry of a list, `*` for every key of a map. */
  at: string
  /** Values that ask for nothing and pass. A map passes when it holds at least these values; {} only when it is empty. */
  harmless?: readonly unknown[]
  /** Only these values are missing; the key itself works. */
  missing?: readonly string[]
  /** What to do instead. */
  instead: string
}

/** Keys of every output target; they are listed for each place where a target may stand. */
const TARGET: readonly Absence[] = [
  { at: 'type', missing: ['delta', 'sql'], instead: 'available: parquet, csv, ndjson, arrow' },
  { at: 'partition_columns', harmless: [null, []], instead: 'use {date} in path_template for one file a date' },
  { at: 'dedupe_on_partition', harmless: [true], instead: 'every output replaces the one before it' },
  { at: 'delta_mode', harmless: ['append'], instead: 'available types: parquet, csv, ndjson, arrow' },
  { at: 'sql_connection', harmless: [null], instead: 'available types: parquet, csv, ndjson, arrow' },
  { at: 'sql_table', harmless: [null], instead: 'available types: parquet, csv, ndjson, arrow' },
  { at: 'sql_if_exists', harmless: ['append'], instead: 'available types: parquet, csv, ndjson, arrow' },
  { at: 'sql_batch_size', harmless: [50_000], instead: 'available types: parquet, csv, ndjson, arrow' },
]

const PASS: readonly Absence[] = [
  { at: 'sort_keys', harmless: [null, []], instead: 'rows come in the order of the pass keys' },
  { at: 'extension_configs', harmless: [{}, null], instead: 'a module named in PACKS brings a block of its own' },
]

const RUN: readonly Absence[] = [
  { at: 'MAX_ROWS_PER_TABLE', harmless: [{}, null], instead: 'use EXECUTION.memory_budget' },
  { at: 'HEURISTIC_SIZES_PATH', harmless: [null], instead: 'sizes are taken from the files' },
  { at: 'MEMORY_PER_WORKER', harmless: [null], instead: 'use EXECUTION.memory_budget' },
  { at: 'S3_STORAGE_OPTIONS', harmless: [{}, null], instead: 'use local paths' },
  { at: 'DEFAULT_S3_REGION', harmless: ['us-east-1'], instead: 'use local paths' },
  { at: 'OVERWRITE_TEMP_DIR', harmless: [false], instead: 'this version writes no intermediates' },
  { at: 'SCHEDULES', harmless: [[], null], instead: 'start runs from cron' },
  { at: 'AUTO_MATERIALIZE_ENABLED', harmless: [false], instead: 'start runs from cron' },
  { at: 'AUTO_MATERIALIZE_LATEST_DAYS', harmless: [7], instead: 'start runs from cron' },
  { at: 'DAGSTER_IO_MANAGER_KEY', harmless: ['output_target_io_manager'], instead: 'start runs from cron' },
  { at: 'BMLL_JOBS', harmless: [null, {}, { enabled: false }], instead: 'start runs on this machine' },
]

const under = (place: string, absences: readonly Absence[]) =>
  absences.map(each => ({ ...each, at: `${place}.${each.at}` }))

export const ABSENCES: readonly Absence[] = [
  ...RUN,
  ...under('PASSES[]', PASS),
  ...under('OUTPUT_TARGET', TARGET),
  ...under('PASSES[].output', TARGET),
  ...under('PASSES[].extra_outputs[]', TARGET),
]

/** Beginnings of values that no engine of this version can open, wherever they stand. */
export const ABSENT_PREFIXES = [{ prefix: 's3://', instead: 'use a local path' }] as const

/** Documented modules. Those that the registry lacks are not available yet. */
export const DOCUMENTED_MODULES = [
  'trade',
  'retail_imbalance',
  'l2',
  'l2tw',
  'l3',
  'execution',
  'cbbo_analytics',
  'iceberg',
  'bars',
  'trade_characteristics',
  'l3_characteristics',
  'generic',
  'reaggregate',
  'correlation',
  'hurst',
  'predictor',
  'observed_events',
  'alpha101',
  'dense',
  'external_events',
  'cbbo_preprocess',
  'cbbofroml3_preprocess',
  'aggressive_preprocess',
] as const

/** Modules that compute nothing: they say which rows a pass has. */
export const TIMELINE_MODULES: readonly string[] = ['dense']

/** The module whose rows are those of events: its pass has timeline_mode event, and no other has. */
export const EVENT_MODULE = 'external_events'

/** Blocks of documented modules; one that no module of the registry owns is not available yet. */
export const ABSENT_BLOCKS = [
  'trade_analytics',
  'l2_analytics',
  'l3_analytics',
  'execution_analytics',
  'cbbo_analytics',
  'iceberg_analytics',
  'bars_analytics',
  'trade_characteristics_analytics',
  'l3_characteristics_analytics',
  'generic_analytics',
  'reaggregate_analytics',
  'correlation_analytics',
  'hurst_analytics',
  'predictor_analytics',
  'observed_events_analytics',
  'alpha101_analytics',
  'external_event_analytics',
  'cbbo_preprocess',
  'cbbofroml3_preprocess',
  'aggressive_preprocess',
] as const

/** Tables that work without a registry entry of their own. */
const BUILT_IN_TABLES = ['reference', 'marketstate'] as const

/** Documented tables. Those that the registry lacks are not available yet; any other name is a table of the user's own. */
const DOCUMENTED_TABLES = /^(l2|l3|cbbo|imbalance|nbbo|(future|opra)_.*)$/

/** Tells whether a name is a documented table that the registry lacks. */
export function isAbsentTable(name: string, registry: Registry): boolean {
  return DOCUMENTED_TABLES.test(name) && !registry.tables.has(name)
}

/** Lists every module name that a config may write, those that are not available yet last. */
export function moduleNames(registry: Registry): string[] {
  return [...new Set([...registry.allModules().map(({ name }) => name), ...DOCUMENTED_MODULES])]
}

/** Lists the tables that are known; a config may describe others under names of its own. */
export function tableNames(registry: Registry): string[] {
  return [...new Set([...registry.tables.keys(), ...BUILT_IN_TABLES])]
}
