import type { AnalyticsConfig } from '../../configs/index.js'
import type {
  LaterModule,
  LaterOffer,
  LaterPlan,
  Outline,
  OutputColumn,
  Problem,
  Registry,
  Source,
} from '../core/index.js'
import { namesOf, type Readable, sourcesOf } from './later-sources.js'
import { ruleOf } from './rule.js'
import { sideOutputsOf } from './side-outputs.js'

export interface PlannedLater {
  /** Undefined after problems, or when a source has none. */
  plan: LaterPlan | undefined
  problems: Problem[]
}

/** What later passes can read and join. */
export interface LaterInputs extends Readable {
  reference: LaterOffer['reference']
  /** Columns of this pass whose merge state a later one asks for. */
  keep: ReadonlySet<string>
  /** Tells whether the config itself sets a key. */
  isWritten: (path: string) => boolean
}

/** Plans a pass over results of earlier ones. Pure; every problem is reported, none stops the search for others. */
export function planLater(
  registry: Registry,
  config: AnalyticsConfig,
  index: number,
  inputs: LaterInputs,
): PlannedLater {
  const pass = config.PASSES[index]
  const path = `PASSES[${index}]`
  const problems: Problem[] = []
  const steps = pass.modules.map(name => {
    const module = registry.get('laterModules', name)
    const sources = sourcesOf(module, config, index, inputs, problems)
    if (!sources) return undefined
    const outline = module.outline(offerOf(module, sources, config, index, inputs, problems))
    return outline && { module, sources, outline, prefix: prefixOf(pass[module.block]) }
  })
  const made = steps.flatMap(step => step ?? [])
  if (made.length < steps.length) return { plan: undefined, problems }
  warnWidth(pass, path, made, inputs, problems)
  const [{ outline }] = made
  checkKeys(made, path, problems)
  const columns = joinedColumns(made, path, problems)
  // A prefix renames columns; what is kept of them would have to follow.
  const plain = made.filter(({ prefix }) => prefix === '')
  const plan: LaterPlan = {
    kind: 'later',
    name: pass.name,
    modules: made.map(({ module }) => module.name),
    scope: made.map(each => each.outline.scope ?? 'all').reduce(wider),
    steps: made.map(({ module, sources, outline: { parameters, reads, ...rest }, prefix }) => ({
      module: module.name,
      sources: sources.map(({ name }, i) => ({ name, columns: reads[i] ?? [] })),
      columns: rest.columns.map(({ name }) => name),
      prefix,
      cuts: rest.cuts ?? [],
      holdsRows: rest.holdsRows ?? false,
      parameters,
    })),
    keys: outline.keys,
    columns,
    rule: outline.rule,
    state: Object.assign({}, ...plain.map(each => each.outline.state ?? {})),
    stateColumns: plain.flatMap(each => each.outline.stateColumns ?? []),
  }
  return { plan, problems }
}

interface Step {
  module: LaterModule
  sources: Source[]
  outline: Outline
  prefix: string
}

const prefixOf = (block: unknown) => (block as { metric_prefix?: string | null } | undefined)?.metric_prefix ?? ''

/** A pass depends on what any of its modules depends on; a listing and a date have no more than the run in common. */
function wider(a: LaterPlan['scope'], b: LaterPlan['scope']): LaterPlan['scope'] {
  return a === b ? a : 'all'
}

function offerOf(
  module: LaterModule,
  sources: Source[],
  config: AnalyticsConfig,
  index: number,
  { reference, keep, isWritten }: LaterInputs,
  problems: Problem[],
): LaterOffer {
  const pass = config.PASSES[index]
  const path = `PASSES[${index}]`
  const report = (severity: Problem['severity']) => (field: string, problem: string, hint?: string) =>
    void problems.push({ severity, path: `${path}.${module.block}.${field}`, problem, ...(hint && { hint }) })
  return {
    config: pass[module.block] ?? {},
    sources,
    pass: {
      name: pass.name,
      anchor: isWritten(`${path}.time_bucket_anchor`) ? pass.time_bucket_anchor : null,
      closed: pass.time_bucket_closed,
      rule: ruleOf(pass),
    },
    keep,
    reference,
    onUnmapped: config.DATA.on_unmapped,
    refuse: report('error'),
    warn: report('warning'),
  }
}

/** time_bucket_seconds says how wide rows of the source are; only resample_rule changes that (configuration 5). */
function warnWidth(
  pass: AnalyticsConfig['PASSES'][number],
  path: string,
  [{ sources, outline }]: Step[],
  { isWritten }: LaterInputs,
  problems: Problem[],
): void {
  const rule = sources[0]?.rule
  if (
    rule &&
    rule.mode !== 'sparse_original' &&
    isWritten(`${path}.time_bucket_closed`) &&
    pass.time_bucket_closed !== rule.closed
  ) {
    const problem = `buckets of ${sources[0].name} are closed ${rule.closed}, and so are wider ones`
    const hint = 'set time_bucket_closed in the pass that reads the table'
    problems.push({ severity: 'error', path: `${path}.time_bucket_closed`, problem, hint })
  }
  const at = `${path}.time_bucket_seconds`
  const width = sources[0]?.rule?.width
  if (!isWritten(at) || width === undefined || outline.rule?.width !== width) return
  const seconds = width / 1e9
  if (pass.time_bucket_seconds === seconds) return
  const problem = `time_bucket_seconds ${pass.time_bucket_seconds} has no effect on ${seconds} s rows`
  problems.push({ severity: 'warning', path: at, problem, hint: 'use resample_rule' })
}

function checkKeys([first, ...others]: Step[], path: string, problems: Problem[]): void {
  for (const { module, outline } of others) {
    if (outline.keys.join() === first.outline.keys.join()) continue
    const problem = `rows of ${module.name} have the keys ${outline.keys.join(', ')}, those of ${first.module.name} ${first.outline.keys.join(', ')}`
    problems.push({ severity: 'error', path: `${path}.modules`, problem, hint: 'give each a pass of its own' })
  }
}

/** Says where a column is asked for: modules know the fields of their block, not where that stands. */
function placed(from: string, path: string, { block }: LaterModule): string {
  if (!/^[a-z_0-9]+([.[]|$)/.test(from)) return from
  return from.startsWith(block) ? `${path}.${from}` : `${path}.${block}.${from}`
}

/** Lists the columns of a pass: keys once, then each module's own under its prefix. */
function joinedColumns(steps: Step[], path: string, problems: Problem[]): OutputColumn[] {
  const columns: OutputColumn[] = []
  const owners = new Map<string, string>()
  for (const [i, { module, outline, prefix }] of steps.entries()) {
    for (const column of outline.columns) {
      const isKey = outline.keys.includes(column.name) || column.merge === 'key'
      if (isKey && owners.has(column.name)) continue
      const name = isKey ? column.name : `${prefix}${column.name}`
      const twin = owners.get(name)
      if (twin !== undefined && i > 0) {
        const problem = `output column '${name}' is made by ${twin} and by ${module.name}`
        problems.push({ severity: 'error', path: `${path}.modules`, problem, hint: 'set metric_prefix in one of them' })
      }
      owners.set(name, module.name)
      const from = placed(column.from, path, module)
      columns.push({ ...column, name, from })
    }
  }
  return columns
}

/** Returns, by pass, the columns whose merge state later passes ask for. */
export function keptColumns(registry: Registry, config: AnalyticsConfig): Map<string, Set<string>> {
  const kept = new Map(config.PASSES.map(({ name }) => [name, new Set<string>()]))
  const outputs = sideOutputsOf(registry, config)
  // From the last pass to the first: what a pass must keep is known when those that read it have been asked.
  for (let index = config.PASSES.length - 1; index >= 0; index--) {
    const pass = config.PASSES[index]
    for (const name of pass.modules) {
      const module = registry.laterModules.get(name)
      const block = pass[module?.block ?? ''] ?? {}
      const wanted = module?.keeps?.(block, kept.get(pass.name) as Set<string>) ?? []
      for (const [i, { name: from }] of (module ? namesOf(module, config, index, outputs) : []).entries())
        for (const column of wanted[i] ?? []) kept.get(from ?? '')?.add(column)
    }
  }
  return kept
}
