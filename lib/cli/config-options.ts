import { type Command, InvalidArgumentError, Option } from 'commander'
import { type ConfigSource, type Override, setOverride } from '../../configs/index.js'
import { Pipeline } from '../basalt.js'
import { BasaltError } from '../core/index.js'

/** What the flags of configuration 1.7 give. */
export interface ConfigFlags {
  config: string[]
  pipeline: string[]
  userConfigJson?: string
  date?: string
  startDate?: string
  endDate?: string
  datasetname?: string
  universe?: string
  batchFreq?: string
  workers?: number
  numWorkers?: number
  memory?: string
  batchingStrategy?: string
  batchRows?: number
  tempDir?: string
  failFast?: boolean
  dataRoot?: string
  outputRoot?: string
  set: string[]
  strict?: boolean
}

const integer = (text: string): number => {
  const value = Number(text)
  if (!Number.isInteger(value)) throw new InvalidArgumentError('It must be a whole number.')
  return value
}

const collect = (value: string, all: string[]): string[] => [...all, value]

/** Adds CONFIG and the flags that set config keys to a command. */
export function withConfigOptions(command: Command): Command {
  return command
    .argument('[config...]', 'config files (YAML, JSON, TypeScript, JavaScript), merged in order')
    .option('--config <file>', 'the same as CONFIG', collect, [])
    .addOption(new Option('--pipeline <file>', 'the same as CONFIG').argParser(collect).default([]).hideHelp())
    .addOption(new Option('--user-config-json <text>', 'a config as JSON text, instead of files'))
    .option('--date <date>', 'run one date')
    .option('--start-date <date>', 'first date')
    .option('--end-date <date>', 'last date')
    .option('--datasetname <name>', 'DATASETNAME')
    .option('--universe <terms>', 'UNIVERSE, as mic=XLON')
    .option('--batch-freq <freq>', 'dates in one output file: D, W, 2W, M, A')
    .option('--workers <n>', 'worker threads; -1 is one a core', integer)
    .addOption(new Option('--num-workers <n>').argParser(integer).hideHelp())
    .option('--memory <size>', 'memory budget, as 512MB: a ceiling of the whole process')
    .option('--batching-strategy <name>', 'heuristic or streaming')
    .option('--batch-rows <n>', 'rows a batch inside the engine', integer)
    .option('--temp-dir <path>', 'folder for spilled data')
    .option('--fail-fast', 'end the run at the first failed unit')
    .option('--no-fail-fast', 'go on when a unit fails')
    .option('--data-root <path>', 'DATA.root')
    .option('--output-root <path>', 'OUTPUT_TARGET.root')
    .option('--set <path=value>', 'set any key, as PASSES[0].time_bucket_seconds=60', collect, [])
    .option('--strict', 'treat warnings as errors')
}

/** Opens the pipeline that a command's files and flags describe. */
export function pipelineFrom(files: string[], flags: ConfigFlags): Pipeline {
  return new Pipeline(sourcesFrom(files, flags), {
    overrides: overridesFrom(flags),
    date: flags.date,
    strict: flags.strict,
    ownProcess: true,
  })
}

export function sourcesFrom(files: string[], flags: ConfigFlags): ConfigSource[] {
  if (flags.userConfigJson !== undefined) return [{ json: flags.userConfigJson, name: '--user-config-json' }]
  const all = [...files, ...flags.config, ...flags.pipeline]
  if (all.length === 0)
    throw new BasaltError('config', 'no config is named; try: basalt stream run configs/examples/quickstart.yaml')
  return all
}

/** Turns flags into overrides that name the flag, so messages and `config --resolved` can. */
export function overridesFrom(flags: ConfigFlags): Override[] {
  const overrides: Override[] = []
  const put = (path: string, value: unknown, flag: string): void => {
    // A switch is its own text: --fail-fast has no value.
    if (value !== undefined)
      overrides.push({ path, value, flag: typeof value === 'boolean' ? flag : `${flag} ${value}` })
  }
  if (flags.date !== undefined && (flags.startDate !== undefined || flags.endDate !== undefined)) {
    throw new BasaltError('config', '--date stands for both ends; leave out --start-date and --end-date')
  }
  put('START_DATE', flags.date, '--date')
  put('END_DATE', flags.date, '--date')
  put('START_DATE', flags.startDate, '--start-date')
  put('END_DATE', flags.endDate, '--end-date')
  put('DATASETNAME', flags.datasetname, '--datasetname')
  put('UNIVERSE', flags.universe, '--universe')
  put('BATCH_FREQ', flags.batchFreq, '--batch-freq')
  put('EXECUTION.workers', flags.workers, '--workers')
  put('EXECUTION.workers', flags.numWorkers, '--num-workers')
  put('EXECUTION.memory_budget', flags.memory, '--memory')
  put('EXECUTION.batching_strategy', flags.batchingStrategy, '--batching-strategy')
  put('EXECUTION.batch_rows', flags.batchRows, '--batch-rows')
  put('EXECUTION.temp_dir', flags.tempDir, '--temp-dir')
  put('EXECUTION.fail_fast', flags.failFast, flags.failFast ? '--fail-fast' : '--no-fail-fast')
  put('DATA.root', flags.dataRoot, '--data-root')
  put('OUTPUT_TARGET.root', flags.outputRoot, '--output-root')
  return [...overrides, ...flags.set.map(setOverride)]
}
