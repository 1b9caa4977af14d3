import { Command } from 'commander'
import * as z from 'zod'
import {
  BasaltError,
  type EntryParameters,
  type Family,
  type Metric,
  type Module,
  nearest,
  type OutputColumn,
  type Registry,
  usesHindsight,
} from '../core/index.js'
import { loadPacks } from '../exec/packs.js'
import { expandEntry } from '../plan/expand.js'
import { BUILT_IN } from '../prepare.js'
import { type ConfigFlags, pipelineFrom, withConfigOptions } from './config-options.js'
import { sequenceColumns } from './sequence-columns.js'
import { textTable } from './table.js'

export function analyticsCommand(): Command {
  const analytics = new Command('analytics').description('Lists and explains what can be computed.')
  analytics
    .command('list')
    .description('Lists modules, metric families and metrics.')
    .option('--module <name>', 'one module only')
    .option('--indicators', 'the technical indicators of generic_analytics, with their options')
    .option(
      '--pack <file>',
      'a pack with own metrics (repeatable)',
      (value: string, all: string[]) => [...all, value],
      [],
    )
    .option('--json', 'print it as JSON')
    .addHelpText('after', '\nExamples:\n  basalt analytics list --module trade\n  basalt analytics list --indicators')
    .action(list)
  withConfigOptions(analytics.command('explain').argument('<column>', 'an output column, as TradeTotalVWAP'))
    .description('Explains an output column: definition, formula, unit, inputs, nulls, and the entry that makes it.')
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  basalt analytics explain TradeTotalVWAP\n  basalt analytics explain TradeTotalVWAP configs/examples/quickstart.yaml',
    )
    .action(explain)
  return analytics
}

interface ListFlags {
  module?: string
  pack: string[]
  json?: boolean
  indicators?: boolean
}

async function list({ module, pack, json, indicators }: ListFlags): Promise<void> {
  if (indicators) {
    const { listIndicators } = await import('./indicators.js')
    return listIndicators(json ?? false)
  }
  const { pathToFileURL } = await import('node:url')
  const registry = await loadPacks([BUILT_IN, ...pack.map(file => pathToFileURL(file).href)])
  if (module !== undefined && !registry.laterModules.has(module)) registry.get('modules', module)
  const rows = [...registry.modules.values()]
    .filter(each => module === undefined || isPartOf(registry, each, module))
    .flatMap(each => [
      ...registry
        .familiesOf(each.name)
        .flatMap(family => metricsOf(registry, family).map(metric => listed(registry, family, metric))),
      ...sequenceColumns(registry, each).map(column => listedColumn(each, column)),
    ])
  const later = [...registry.laterModules.values()].filter(({ name }) => module === undefined || name === module)
  if (json) {
    console.log(JSON.stringify(rows, null, 2))
    return
  }
  if (rows.length > 0)
    console.log(
      textTable(
        ['module', 'family', 'write', 'makes', 'unit', 'what'],
        rows.map(each => [
          each.module,
          each.family,
          each.pick,
          each.columns[0] ?? '',
          each.unit,
          `${each.doc}${each.ownClass ? ' ○' : ''}${each.hindsight ? ' H' : ''}`,
        ]),
      ),
    )
  if (rows.length > 0)
    console.log('\n○ counts its own class of rows, whatever the base filter   H uses data after the bucket (hindsight)')
  if (later.length === 0) return
  const head = rows.length > 0 ? '\nModules that read an earlier pass:' : ''
  console.log(
    `${head}\n${textTable(
      ['module', 'block', 'what'],
      later.map(each => [each.name, each.block, each.doc]),
    )}`.trim(),
  )
}

/** Tells whether a module is the one of a name, or its part over another table, which is named after it. */
function isPartOf(registry: Registry, { name, block }: Module, module: string): boolean {
  return name === module || (name.startsWith(`${module}_`) && block === registry.modules.get(module)?.block)
}

/** Lists the metrics of a family but those that only divide others of their name. */
function metricsOf(registry: Registry, { module, name }: Family): Metric[] {
  const divisors = [...registry.metrics.values()].map(({ dividedBy }) => dividedBy)
  return registry.metricsOf(module, name).filter(({ id }) => !divisors.includes(id))
}

function listed(registry: Registry, family: Family, metric: Metric) {
  const columns = columnsOfMetric(registry, family, metric).map(({ name }) => name)
  const { module, pick, doc, formula, merge, hindsight, ownClass, priority = 'C' } = metric
  const unit = typeof metric.unit === 'string' ? metric.unit : 'by entry'
  return {
    module,
    family: family.name,
    pick,
    columns,
    unit,
    doc,
    formula,
    merge,
    hindsight: hindsight !== undefined && hindsight !== false,
    ownClass: ownClass !== undefined,
    priority,
  }
}

/** Lists a column that a module makes whatever is asked for. */
function listedColumn({ name: module }: Module, { name, unit, doc, formula, merge, hindsight }: OutputColumn) {
  const made = { columns: [name], unit, doc, formula, merge, hindsight, ownClass: false, priority: 'B' }
  return { module, family: '', pick: '', ...made }
}

/** Lists the columns a metric can make: its family's list-valued fields over everything they allow, the rest default. */
function columnsOfMetric(registry: Registry, family: Family, metric: Metric): OutputColumn[] {
  const fields = z.object(family.fields(registry.picksOf(family.module, family.name)) as Record<string, z.ZodType>)
  const { properties } = z.toJSONSchema(fields, { io: 'input', unrepresentable: 'any' }) as {
    properties: Record<string, { items?: { enum?: string[] }; enum?: string[]; default?: unknown }>
  }
  const entry: Record<string, unknown> = {}
  for (const [name, { items, default: fallback }] of Object.entries(properties)) {
    if (name === family.pick) entry[name] = [metric.pick]
    else if (items?.enum) entry[name] = items.enum
    else if (fallback !== undefined) entry[name] = fallback
  }
  // What has no list of values and no default stands for itself: BidPrice{level}.
  for (const { field, parameter } of family.axes) entry[field] ??= [`{${parameter}}`]
  const modules = [...registry.modules.keys()]
  const isOwn = (parameters: EntryParameters) => family.makes?.(parameters, modules) ?? true
  return expandEntry(registry, family, entry, family.name, '', isOwn, () => {})
    .filter(request => request.metric === metric)
    .map(request => ({
      name: request.name,
      type: 'f64',
      unit: request.unit,
      doc: metric.doc,
      formula: metric.formula,
      merge: metric.merge,
      nullRule:
        metric.empty === 'zero' && !metric.dividedBy
          ? '0 when nothing matched'
          : 'null when nothing matched or a denominator is zero',
      hindsight: usesHindsight(metric, request.parameters),
      inputs: [],
      from: `${registry.modules.get(family.module)?.block}.${family.name}: ${family.bare ? '' : `${family.pick}: `}${metric.pick}`,
    }))
}

async function explain(name: string, files: string[], flags: ConfigFlags & { json?: boolean }): Promise<void> {
  const named = files.length + flags.config.length + flags.pipeline.length > 0 || flags.userConfigJson !== undefined
  const columns = named ? await columnsOfConfig(files, flags) : await columnsOfBuiltIns()
  const found = columns.filter(column => column.name === name)
  if (found.length === 0) {
    const near = nearest(
      name,
      columns.map(column => column.name),
    )
    throw new BasaltError(
      'config',
      `no column '${name}'${named ? ' in this config' : ''}${near ? `; did you mean '${near}'?` : '; basalt analytics list shows what there is'}`,
    )
  }
  if (flags.json) console.log(JSON.stringify(found, null, 2))
  else console.log(found.map(text).join('\n\n'))
}

async function columnsOfConfig(files: string[], flags: ConfigFlags): Promise<OutputColumn[]> {
  const { passes } = await pipelineFrom(files, flags).prepare()
  return passes.flatMap(({ plan }) => plan.columns)
}

async function columnsOfBuiltIns(): Promise<OutputColumn[]> {
  const registry = await loadPacks([BUILT_IN])
  const ofMetrics = [...registry.families.values()].flatMap(family =>
    metricsOf(registry, family).flatMap(metric => columnsOfMetric(registry, family, metric)),
  )
  return [...ofMetrics, ...[...registry.modules.values()].flatMap(each => sequenceColumns(registry, each))]
}

function text(column: OutputColumn): string {
  const rows = [
    ['what', column.doc],
    ['formula', column.formula],
    ['unit', column.unit],
    ...(column.inputs.length > 0 ? [['inputs', column.inputs.join(', ')]] : []),
    ['nulls', column.nullRule],
    ['merges by', column.merge],
    ...(column.hindsight ? [['hindsight', 'uses data after the end of its bucket']] : []),
    ['from', column.from],
  ]
  return [column.name, ...rows.map(([key, value]) => `  ${key.padEnd(10)} ${value}`)].join('\n')
}
