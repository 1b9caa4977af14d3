import { Readable } from 'node:stream'
import type { ConfigSource } from '../configs/index.js'
import { updateSchemaLock } from './checks/index.js'
import {
  BasaltError,
  nearest,
  type OutputColumn,
  plainSchema,
  type RecordBatch,
  type Schema,
  schemaOf,
} from './core/index.js'
import { describePlan, type RunPlan } from './describe.js'
import type { OnEvent, PassReport } from './exec/events.js'
import { shownSpecs } from './exec/pass.js'
import { type Prepared, type PrepareOptions, prepare } from './prepare.js'
import { type RunReport, runPasses } from './run.js'
import { streamPass } from './stream.js'

export type { RunReport } from './run.js'

export interface StreamOptions {
  /** The pass to stream; the last one when left out. */
  pass?: string
  /** Order of rows: by listing (the order of stored results) or by time. */
  order?: 'listing' | 'time'
  onEvent?: OnEvent
  signal?: AbortSignal
}

export interface RunOptions {
  /** Passes to run; all when left out. */
  passes?: string[]
  /** Computes and writes everything, also what is there, made of the same input by the same config and code. */
  fresh?: boolean
  onEvent?: OnEvent
  signal?: AbortSignal
}

/**
 * Opens a pipeline. `config` is a config object, the path of a config file (YAML, JSON, TypeScript, JavaScript), or a
 * list of them that is merged in order. Nothing is read before `plan`, `stream` or `run` is called.
 */
export function basalt(config: Config | Config[], options: PrepareOptions = {}): Pipeline {
  return new Pipeline([config].flat().map(sourceOf), options)
}

export type Config = string | Record<string, unknown>

function sourceOf(config: Config): ConfigSource {
  return typeof config === 'string' ? config : { object: config }
}

/** A config that can be planned, streamed and run, any number of times. */
export class Pipeline {
  private prepared: Promise<Prepared> | undefined

  constructor(
    private readonly sources: ConfigSource[],
    private readonly options: PrepareOptions,
  ) {}

  /** Checks the config against the footers of its files. Rejects with a ConfigError that lists every problem. */
  prepare(): Promise<Prepared> {
    this.prepared ??= prepare(this.sources, this.options)
    return this.prepared
  }

  /**
   * Writes the columns of every pass to the file of SCHEMA_LOCK_PATH, where SCHEMA_LOCK_MODE is update. Resolves with its
   * path, or with undefined where nothing had to be written. `run` does so before it reads data.
   */
  async updateLock(): Promise<string | undefined> {
    const { config, passes } = await this.prepare()
    return updateSchemaLock(
      config,
      passes.map(({ plan }) => plan),
    )
  }

  /** Returns what a run would read, compute and write. */
  async plan(): Promise<RunPlan> {
    return describePlan(await this.prepare())
  }

  /** Returns the output columns of a pass. */
  async columns(pass?: string): Promise<OutputColumn[]> {
    return passNamed(await this.prepare(), pass).plan.columns
  }

  /** Returns the Arrow schema of a pass's stream: what its batches have, known before the first. */
  async schema(pass?: string): Promise<Schema> {
    return plainSchema(schemaOf(shownSpecs(passNamed(await this.prepare(), pass).plan)))
  }

  /**
   * Streams a pass as Arrow RecordBatches: a Node Readable in object mode and an async iterable. Rows are computed as
   * they are pulled. When units failed, the others are delivered first and the stream then ends in an error.
   */
  stream(options: StreamOptions = {}): Readable & AsyncIterable<RecordBatch> {
    return Readable.from(this.batches(options), { objectMode: true, highWaterMark: 1 })
  }

  private async *batches({ pass, order = 'listing', onEvent, signal }: StreamOptions): AsyncGenerator<RecordBatch> {
    const prepared = await this.prepare()
    const chosen = passNamed(prepared, pass)
    warn(prepared, onEvent)
    const { failed, units } = yield* streamPass(prepared, chosen, order, { onEvent, signal })
    if (failed.length > 0) throw unitsFailed(failed, units)
  }

  /**
   * Runs passes and what they read, and writes each that was asked for to its targets. Resolves with a report even when
   * units failed.
   */
  async run({ passes, fresh, onEvent, signal }: RunOptions = {}): Promise<RunReport> {
    const prepared = await this.prepare()
    const chosen = passes
      ? passes.map(name => passNamed(prepared, name))
      : prepared.passes.filter(pass => pass.rowsOf === undefined)
    warn(prepared, onEvent)
    await this.updateLock()
    return runPasses(prepared, chosen, { fresh, onEvent, signal })
  }
}

function warn({ warnings }: Prepared, onEvent?: OnEvent): void {
  for (const text of warnings) onEvent?.({ kind: 'warning', text })
}

function unitsFailed(failed: PassReport['failed'], units: number): BasaltError {
  const { fault, problem, where } = failed[0].error
  const more = failed.length > 1 ? ` (and ${failed.length - 1} more)` : ''
  return new BasaltError(fault, `${failed.length} of ${units} units failed: ${problem}${more}`, where, failed[0].error)
}

function passNamed({ passes, config }: Prepared, name: string | undefined): Prepared['passes'][number] {
  if (name === undefined) return passes[passes.length - 1]
  const found = passes.find(({ plan }) => plan.name === name)
  if (found) return found
  const names = config.PASSES.map(pass => pass.name) // those that a config does not name are nobody's to ask for
  const near = nearest(name, names)
  throw new BasaltError(
    'config',
    `no pass '${name}'; ${near ? `did you mean '${near}'?` : `passes are ${names.join(', ')}`}`,
  )
}
