import { writeFileSync } from 'node:fs'
import { Command } from 'commander'
import { jsonSchema } from '../../configs/index.js'
import { dayText } from '../core/index.js'
import { loadPacks } from '../exec/packs.js'
import { BUILT_IN, loadConfig } from '../prepare.js'
import { type ConfigFlags, overridesFrom, pipelineFrom, sourcesFrom, withConfigOptions } from './config-options.js'
import { ExitCode, interruptSignal } from './exit.js'
import { planText } from './plan-text.js'
import { size, watch } from './progress.js'
import { reportJson, reportText } from './report-text.js'
import { textTable } from './table.js'

const EXAMPLE = 'configs/examples/quickstart.yaml'

export function pipelineCommand(): Command {
  const pipeline = new Command('pipeline').description('Runs, checks and explains a whole config.')
  withConfigOptions(pipeline.command('run'))
    .description('Computes every pass and writes it to its target.')
    .option('--pass <name>', 'run this pass only (repeatable)', (value: string, all: string[]) => [...all, value], [])
    .option('--fresh', 'compute and write everything, also what is there, made of the same input by the same config')
    .option('--events <file>', 'write what happens as NDJSON')
    .option('--json', 'print the report as JSON')
    .addHelpText('after', `\nExample:\n  basalt pipeline run ${EXAMPLE}`)
    .action(run)
  withConfigOptions(pipeline.command('validate'))
    .description('Checks a config, and its columns against the files, without reading data.')
    .addHelpText('after', `\nExample:\n  basalt pipeline validate ${EXAMPLE}`)
    .action(validate)
  withConfigOptions(pipeline.command('plan'))
    .description('Shows what a run would read, share, compute and write.')
    .option('--json', 'print it as JSON')
    .addHelpText('after', `\nExample:\n  basalt pipeline plan ${EXAMPLE}`)
    .action(plan)
  withConfigOptions(pipeline.command('config'))
    .description('Shows the resolved config.')
    .option('--resolved', 'show every value with the place it comes from')
    .option('--json', 'print it as JSON')
    .addHelpText('after', `\nExample:\n  basalt pipeline config ${EXAMPLE} --resolved`)
    .action(config)
  withConfigOptions(pipeline.command('datasets'))
    .description('Lists the files, dates and columns that a config finds.')
    .option('--json', 'print it as JSON')
    .addHelpText('after', `\nExample:\n  basalt pipeline datasets ${EXAMPLE}`)
    .action(datasets)
  withConfigOptions(pipeline.command('schema'))
    .description('Prints the JSON Schema of configs, for editors; with CONFIG, its packs are part of it.')
    .option('--out <file>', 'write it to a file')
    .addHelpText('after', `\nExample:\n  basalt pipeline schema --out basalt.schema.json`)
    .action(schema)
  return pipeline
}

interface RunFlags extends ConfigFlags {
  pass: string[]
  fresh?: boolean
  events?: string
  json?: boolean
}

async function run(files: string[], flags: RunFlags): Promise<void> {
  const pipeline = pipelineFrom(files, flags)
  const { config } = await pipeline.prepare()
  const report = await pipeline.run({
    ...(flags.pass.length > 0 && { passes: flags.pass }),
    ...(flags.fresh && { fresh: true }),
    onEvent: watch({ level: config.LOGGING_LEVEL, events: flags.events }),
    signal: interruptSignal(),
  })
  const failed = report.passes.flatMap(pass => pass.failed)
  console.log(flags.json ? reportJson(report) : reportText(report))
  if (failed.length === 0) return
  process.exitCode = config.EXECUTION.fail_fast ? ExitCode.failed : ExitCode.partly
}

async function validate(files: string[], flags: ConfigFlags): Promise<void> {
  const pipeline = pipelineFrom(files, flags)
  const { passes, warnings } = await pipeline.prepare()
  for (const warning of warnings) console.error(warning)
  console.log(`valid: ${passes.map(({ plan }) => `${plan.name} (${plan.columns.length} columns)`).join(', ')}`)
  const lock = await pipeline.updateLock()
  if (lock !== undefined) console.log(`wrote ${lock}`)
}

async function plan(files: string[], flags: ConfigFlags & { json?: boolean }): Promise<void> {
  const planned = await pipelineFrom(files, flags).plan()
  console.log(flags.json ? JSON.stringify(planned, null, 2) : planText(planned))
}

async function config(files: string[], flags: ConfigFlags & { resolved?: boolean; json?: boolean }): Promise<void> {
  const { loaded } = await loadConfig(sourcesFrom(files, flags), {
    overrides: overridesFrom(flags),
    date: flags.date,
    strict: flags.strict,
  })
  for (const warning of loaded.warnings) console.error(warning)
  const lines = loaded.origins()
  if (flags.json) console.log(JSON.stringify(lines, null, 2))
  else {
    const shown = flags.resolved ? lines : lines.filter(({ origin }) => origin !== 'default')
    console.log(
      textTable(
        ['key', 'value', 'from'],
        shown.map(({ path, value, origin }) => [path, JSON.stringify(value) ?? '', origin]),
      ),
    )
  }
}

async function datasets(files: string[], flags: ConfigFlags & { json?: boolean }): Promise<void> {
  const prepared = await pipelineFrom(files, flags).prepare()
  const tables = [...prepared.files].map(([table, found]) => ({
    table,
    files: found.length,
    dates: [...new Set(found.map(({ day }) => (day === null ? 'no date in path' : dayText(day))))],
    markets: [...new Set(found.flatMap(({ mic }) => mic ?? []))],
    rows: found.reduce((total, { rowGroups }) => total + rowGroups.reduce((rows, group) => rows + group.rows, 0), 0),
    bytes: found.reduce((total, { bytes }) => total + bytes, 0),
    columns: found[0]?.columns ?? [],
  }))
  if (flags.json) {
    console.log(JSON.stringify(tables, null, 2))
    return
  }
  for (const { table, files, dates, markets, rows, bytes, columns } of tables) {
    const span =
      dates.length > 2 ? `${dates[0]} … ${dates[dates.length - 1]} (${dates.length} dates)` : dates.join(', ')
    console.log(
      `${table}: ${files} files, ${span}${markets.length > 0 ? `, markets ${markets.join(' ')}` : ''}, ${rows.toLocaleString('en')} rows, ${size(bytes)}`,
    )
    console.log(
      textTable(
        ['column', 'type'],
        columns.map(({ name, physical }) => [name, physical]),
      ),
    )
  }
}

async function schema(files: string[], flags: ConfigFlags & { out?: string }): Promise<void> {
  const none = files.length + flags.config.length + flags.pipeline.length === 0
  const registry = none
    ? await loadPacks([BUILT_IN])
    : (await loadConfig(sourcesFrom(files, flags), { overrides: overridesFrom(flags) })).registry
  const text = `${JSON.stringify(jsonSchema(registry), null, 2)}\n`
  if (flags.out) writeFileSync(flags.out, text)
  else process.stdout.write(text)
}
