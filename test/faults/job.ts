import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { configFile, type Ended, ended, MAIN } from '../cli/command.js'
import { sampleMarket } from '../cli/market.js'

/**
 * Three passes over some dates: bars in a file for the whole run and in one for each date, wider bars of instruments, and
 * days of those: every way in which a run leaves files.
 */
export const THREE_PASSES = {
  START_DATE: '2026-02-03',
  END_DATE: '2026-02-05',
  DATASETNAME: 'tried',
  EXECUTION: { workers: 1 },
  DATA: { root: 'sample-market', layout: 'hive', tables: { reference: {} } },
  PASSES: [
    {
      name: 'bars',
      modules: ['trade'],
      time_bucket_seconds: 600,
      extra_outputs: [{ type: 'csv', path_template: '{root}/by-date/{date}.csv' }],
      trade_analytics: { generic_metrics: [{ measures: ['OHLC', 'Volume', 'Count', 'VWAP'] }] },
    },
    {
      name: 'wide',
      modules: ['generic'],
      generic_analytics: {
        source_pass: 'bars',
        group_by: ['InstrumentId', 'TimeBucket'],
        resample_rule: '1h',
        aggregations: { TradeTotalVolume: 'sum', TradeTotalVWAP: 'merge', Close: 'last' },
      },
    },
    {
      name: 'days',
      modules: ['generic'],
      output: { type: 'ndjson', path_template: '{root}/days-{start_date}.ndjson' },
      generic_analytics: {
        source_pass: 'wide',
        group_by: ['InstrumentId', 'TimeBucket'],
        resample_rule: '1d',
        aggregations: { TradeTotalVolume: 'sum', Close: 'last' },
      },
    },
  ],
}

/** Makes a market and the config of a job over it, in a folder. */
export async function makeJob(folder: string, config: object = THREE_PASSES): Promise<string> {
  await sampleMarket(folder, { days: 3, trades: 900 })
  return configFile(folder, config)
}

export interface Injection {
  fault: string
  call: number
  /** Where the number and names of calls are written. */
  count?: string
  /** Where the calls themselves are written. */
  log?: string
  /** How many reads of Parquet files fail, and with what. */
  reads?: string
  /** Plants the mistake that files are written under their own names. */
  inPlace?: boolean
}

/** Runs the job with its output below `root`, with a fault on the way or none. */
export function runJob(
  folder: string,
  config: string,
  root: string,
  injection?: Injection,
  more: string[] = [],
): Promise<Ended> {
  const inject = pathToFileURL(join(import.meta.dirname, 'inject.js')).href
  const { NODE_OPTIONS: _, ...env } = process.env
  const child = spawn(
    process.execPath,
    [
      ...(injection ? ['--import', inject] : []),
      MAIN,
      'pipeline',
      'run',
      config,
      '--output-root',
      root,
      '--temp-dir',
      folder,
      ...more,
    ],
    {
      cwd: folder,
      env: {
        ...env,
        ...(injection && {
          BASALT_FAULT: `${injection.fault}:${injection.call}`,
          BASALT_FAULT_BELOW: `${join(folder, root)}:${join(folder, 'basalt-spill')}`,
        }),
        ...(injection?.inPlace && { BASALT_FAULT_IN_PLACE: '1' }),
        ...(injection?.log && { BASALT_FAULT_LOG: injection.log }),
        ...(injection?.reads && { BASALT_FAULT_READS: injection.reads }),
        ...(injection?.count && { BASALT_FAULT_COUNT: injection.count }),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  return ended(child)
}

/** Returns the hash of each output, by path; what runs keep for themselves is no output. */
export function outputsIn(root: string): Map<string, string> {
  const outputs = new Map<string, string>()
  if (!existsSync(root)) return outputs
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const name = relative(root, path)
    if (!entry.isFile() || name.startsWith('_basalt') || entry.name.startsWith('.')) continue
    outputs.set(name, createHash('sha256').update(readFileSync(path)).digest('hex'))
  }
  return new Map([...outputs].sort())
}

/** Lists what a run has left besides outputs, markers and manifests. */
export function leftoversIn(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => relative(root, join(entry.parentPath, entry.name)))
    .filter(name => /\.tmp$|claims.|checkpoints./.test(name))
}

/** Lists markers whose file is missing or is not what they say. */
export function falseMarkers(root: string): string[] {
  const folder = join(root, '_basalt/files')
  if (!existsSync(folder)) return []
  return readdirSync(folder).filter(name => {
    if (!name.endsWith('.json') || name.startsWith('.')) return false
    const { path, sha256 } = JSON.parse(readFileSync(join(folder, name), 'utf8'))
    const file = join(root, path)
    return !existsSync(file) || createHash('sha256').update(readFileSync(file)).digest('hex') !== sha256
  })
}

export const forget = (root: string): void => rmSync(root, { recursive: true, force: true })
