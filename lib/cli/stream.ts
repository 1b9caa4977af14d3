import { Command, InvalidArgumentError, Option } from 'commander'
import type { Pipeline } from '../basalt.js'
import { BasaltError, type RecordBatch, type Schema } from '../core/index.js'
import type { PassReport } from '../exec/events.js'
import { encoderFor, openSink, type TextFormat } from '../io/index.js'
import { type ConfigFlags, pipelineFrom, withConfigOptions } from './config-options.js'
import { ExitCode, interruptSignal } from './exit.js'
import { watch } from './progress.js'
import { StandardOutput } from './stdout.js'
import { TableText } from './table.js'

interface StreamFlags extends ConfigFlags {
  pass?: string
  format?: TextFormat | 'table'
  out: string
  order: 'listing' | 'time'
  int64: 'number' | 'string'
  events?: string
  limit?: number
}

export function streamCommand(): Command {
  const run = withConfigOptions(new Command('run'))
    .description('Computes a pass and streams its rows to stdout or a file.')
    .option('--pass <name>', 'the pass to stream (default: the last)', onlyOne)
    .addOption(
      new Option(
        '--format <format>',
        'arrow (IPC stream), ndjson, csv or table; default table on a terminal, else arrow',
      ).choices(['arrow', 'ndjson', 'csv', 'table']),
    )
    .option('--out <file>', 'a file, which appears when it is whole; - is stdout', '-')
    .addOption(new Option('--order <order>', 'order of rows').choices(['listing', 'time']).default('listing'))
    .addOption(
      new Option('--int64 <form>', '64-bit integers in NDJSON').choices(['number', 'string']).default('number'),
    )
    .option('--events <file>', 'write what happens as NDJSON')
    .option('--limit <rows>', 'stop after this many rows', positive)
    .addHelpText(
      'after',
      `
Examples:
  basalt stream run configs/examples/quickstart.yaml --format csv | head -5
  basalt stream run configs/examples/quickstart.yaml --format arrow --out bars.arrow
  basalt stream run configs/examples/quickstart.yaml --format ndjson --order time --limit 3`,
    )
    .action(streamRun)
  return new Command('stream').description('Streams results into other programs.').addCommand(run)
}

const positive = (text: string): number => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('It must be a whole number above 0.')
  return value
}

const onlyOne = (name: string, before: string | undefined): string => {
  if (before !== undefined)
    throw new InvalidArgumentError(`One pass is streamed at a time; '${before}' was named, too.`)
  return name
}

async function streamRun(files: string[], flags: StreamFlags): Promise<void> {
  const format = flags.format ?? (flags.out === '-' && process.stdout.isTTY ? 'table' : 'arrow')
  if (format === 'table' && flags.out !== '-')
    throw new BasaltError('config', '--format table is for people to read; --out takes arrow, ndjson or csv')
  const pipeline = pipelineFrom(files, flags)
  const signal = interruptSignal() // before anything is opened that an interrupt has to remove
  const target =
    flags.out === '-'
      ? stdoutTarget(format, flags.int64, signal)
      : await fileTarget(flags.out, format as TextFormat, pipeline, flags)
  const failed: PassReport['failed'] = []
  const { config } = await pipeline.prepare()
  const follow = watch({ level: config.LOGGING_LEVEL, events: flags.events })
  const stream = pipeline.stream({
    pass: flags.pass,
    order: flags.order,
    signal,
    onEvent: event => {
      follow(event)
      if (event.kind === 'failed') failed.push({ unit: event.unit, error: event.error })
    },
  })
  try {
    await pour(stream, target, flags.limit, await pipeline.schema(flags.pass))
  } catch (error) {
    // Failed units have been named as they failed; the rows of the others stand.
    if (failed.length === 0 || !(error instanceof BasaltError) || error.cause !== failed[0].error) {
      await target.abort(error)
      throw error
    }
    const failFast = config.EXECUTION.fail_fast
    if (failFast) await target.abort(error)
    else await target.end()
    process.exitCode = failFast ? ExitCode.failed : ExitCode.partly
    return
  }
  await target.end()
}

/** Where encoded rows go. `write` answers whether anybody still reads. */
interface Target {
  start(schema: Schema): Promise<boolean>
  write(batch: RecordBatch): Promise<boolean>
  end(): Promise<void>
  abort(reason: unknown): Promise<void>
}

async function pour(
  stream: AsyncIterable<RecordBatch>,
  target: Target,
  limit: number | undefined,
  schema: Schema,
): Promise<void> {
  if (!(await target.start(schema))) return
  let left = limit ?? Infinity
  for await (const batch of stream) {
    const kept = batch.numRows > left ? batch.slice(0, left) : batch
    left -= kept.numRows
    if (!(await target.write(kept)) || left === 0) return
  }
}

function stdoutTarget(format: TextFormat | 'table', int64: 'number' | 'string', signal: AbortSignal): Target {
  const output = new StandardOutput(signal)
  if (format === 'table') {
    const table = new TableText()
    return {
      start: async () => true,
      write: batch => output.write(table.batch(batch)),
      end: async () => void (await output.write(table.end())),
      abort: async () => {},
    }
  }
  const encoder = encoderFor(format, { int64 })
  return {
    start: schema => output.write(encoder.start(schema)),
    write: batch => output.write(encoder.batch(batch)),
    end: async () => void (await output.write(encoder.end())),
    abort: async () => {},
  }
}

async function fileTarget(path: string, format: TextFormat, pipeline: Pipeline, flags: StreamFlags): Promise<Target> {
  const sink = await openSink(format, { path, schema: await pipeline.schema(flags.pass), int64: flags.int64 })
  return {
    start: async () => true,
    write: async batch => {
      await sink.write(batch)
      return true
    },
    end: async () => void (await sink.commit()),
    abort: reason => sink.abort(reason),
  }
}
