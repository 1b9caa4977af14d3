import type { AnalyticsConfig } from '../../configs/index.js'
import { type LaterModule, nearest, type Problem, type Registry, type Source, type SourceName } from '../core/index.js'
import { type SideOutput, sideOutputNamed, sideOutputsOf } from './side-outputs.js'

/** What later passes can read, by name; undefined where one could not be planned or opened. */
export interface Readable {
  results: ReadonlyMap<string, Source | undefined>
  tables: ReadonlyMap<string, Source | undefined>
  /** Rows that the pass makes for itself, by the name that its module reads. */
  own?: string
  /** Side outputs of passes. */
  outputs: readonly SideOutput[]
}

/** A source as the config names it. */
interface Named {
  path: string
  /** Null: there is no pass before this one. */
  name: string | null
  /** Its rows are made by the pass itself. */
  isOwn?: boolean
  /** The nearest pass that fits is meant. */
  otherwise?: SourceName['otherwise']
}

/** Finds what a module reads; undefined after a problem, or when a source could not be planned itself. */
export function sourcesOf(
  module: LaterModule,
  config: AnalyticsConfig,
  index: number,
  readable: Readable,
  problems: Problem[],
): Source[] | undefined {
  problems.push(...unknownInputs(module, config, index))
  const { own, outputs } = readable
  const names = namesOf(module, config, index, outputs, own)
  if (own && !names.some(({ name }) => name === own)) {
    const path = `PASSES[${index}].module_inputs.${module.name}`
    const problem = `names the metrics, and ${own} are those of the other modules of the pass`
    problems.push({ severity: 'error', path, problem, hint: 'leave out one of the two' })
  }
  const taken = new Set(names.map(({ name }) => name))
  const found = names.map(named =>
    named.otherwise
      ? nearestFitting(named, taken, readable, problems)
      : sourceNamed(named, module, config, index, readable, problems),
  )
  return found.includes(undefined) ? undefined : (found as Source[])
}

/** Lists what a module reads, and where the config says so: module_inputs, its block, or nowhere (the pass before). */
export function namesOf(
  module: LaterModule,
  config: AnalyticsConfig,
  index: number,
  outputs: readonly SideOutput[],
  own?: string,
): Named[] {
  const named = (name: string) => sideOutputNamed(name, index, outputs, config)
  const pass = config.PASSES[index]
  const asked = module.sources(pass[module.block] ?? {})
  const redirected = redirectedOf(pass, module.name, asked)
  return asked.map(({ field, name, rows, otherwise }) => {
    const other = redirected[field] ?? redirected[name ?? field]
    if (other !== undefined) return { path: `PASSES[${index}].module_inputs.${module.name}`, name: named(other) }
    if (rows) return { path: `PASSES[${index}].modules`, name: `${pass.name}.${rows}`, isOwn: true }
    if (name === null && otherwise && own) return { path: `PASSES[${index}].${module.block}.${field}`, name: own }
    if (name === null && otherwise) return { path: `PASSES[${index}].modules`, name: null, otherwise }
    const from = name ?? config.PASSES[index - 1]?.name ?? null
    return { path: `PASSES[${index}].${module.block}.${field}`, name: from === null ? null : named(from) }
  })
}

/** Returns the names that later passes read: of passes, of tables, or of nothing that there is. */
export function sourcesRead(registry: Registry, config: AnalyticsConfig): Set<string> {
  const outputs = sideOutputsOf(registry, config)
  const modules = config.PASSES.flatMap(({ modules }, index) =>
    modules.flatMap(name => {
      const module = registry.laterModules.get(name)
      return module ? namesOf(module, config, index, outputs) : []
    }),
  )
  return new Set(modules.flatMap(({ name, isOwn }) => (isOwn ? [] : (name ?? []))))
}

/** Returns what module_inputs says of a module, by field or by the name that the field gives. One name is the first's. */
function redirectedOf(
  { module_inputs }: AnalyticsConfig['PASSES'][number],
  module: string,
  [first]: readonly SourceName[],
): Record<string, string> {
  const redirected = module_inputs[module] ?? {}
  return typeof redirected === 'string' ? { [first.field]: redirected } : redirected
}

function unknownInputs(module: LaterModule, config: AnalyticsConfig, index: number): Problem[] {
  const pass = config.PASSES[index]
  const asked = module.sources(pass[module.block] ?? {})
  const known = asked.flatMap(({ field, name }) => (name === null ? field : [field, name]))
  return Object.keys(redirectedOf(pass, module.name, asked))
    .filter(input => !known.includes(input))
    .map(input => {
      const near = nearest(input, known)
      const path = `PASSES[${index}].module_inputs.${module.name}.${input}`
      const hint = near ? `did you mean '${near}'?` : `it reads ${known.join(', ')}`
      return { severity: 'error', path, problem: `module ${module.name} reads no '${input}'`, hint, atKey: true }
    })
}

function nearestFitting(
  { path, otherwise }: Named,
  taken: ReadonlySet<string | null>,
  { results }: Readable,
  problems: Problem[],
): Source | undefined {
  const { fits, problem, hint } = otherwise as NonNullable<Named['otherwise']>
  const free = [...results].reverse().filter(([each]) => !taken.has(each))
  const fitting = free.find(([, source]) => source && fits(source))?.[1]
  // One that could not be planned might have fitted: its own problems are said.
  if (!fitting && free.every(([, source]) => source)) problems.push({ severity: 'error', path, problem, hint })
  return fitting
}

function sourceNamed(
  { path, name }: Named,
  module: LaterModule,
  config: AnalyticsConfig,
  index: number,
  readable: Readable,
  problems: Problem[],
): Source | undefined {
  const refuse = (problem: string, hint?: string) => void problems.push({ severity: 'error', path, problem, hint })
  const { results, tables } = readable
  if (name === null) {
    const problem = `module ${module.name} reads an earlier pass, and there is none`
    return refuse(problem, 'put the pass that it reads before it, or name a table')
  }
  if (results.has(name)) return results.get(name)
  if (!tables.has(name)) {
    problems.push({ severity: 'error', path, ...noSource(name, config, index, readable) })
    return undefined
  }
  if (config.PASSES.every(pass => pass.name !== name)) return tables.get(name)
  return refuse(`'${name}' is a table and a later pass`, 'give one of them another name')
}

function noSource(
  name: string,
  config: AnalyticsConfig,
  index: number,
  { results, tables, outputs }: Readable,
): Pick<Problem, 'problem' | 'hint'> {
  const at = config.PASSES.findIndex(pass => pass.name === name)
  if (at === index) return { problem: `pass ${name} cannot read itself`, hint: 'name an earlier pass' }
  if (at > index) return { problem: `pass ${name} comes later`, hint: 'passes read earlier ones: change their order' }
  const own = outputs.filter(({ aliases }) => aliases.includes(name))
  if (own.some(output => output.materialize === 'never'))
    return { problem: `side output ${name} is not made`, hint: 'its materialize says never' }
  if (own.length > 1)
    return {
      problem: `'${name}' is a side output of several passes`,
      hint: `write one of ${own.map(output => output.name).join(', ')}`,
    }
  const earlier = outputs.filter(output => output.index < index).map(output => output.name)
  const near = nearest(name, [...results.keys(), ...tables.keys(), ...earlier])
  const listed = [`earlier passes: ${[...results.keys()].join(', ') || 'none'}`]
  listed.push(`tables of DATA.tables that can be read: ${[...tables.keys()].join(', ') || 'none'}`)
  const problem = `no earlier pass or table '${name}'`
  return { problem, hint: near ? `did you mean '${near}'?` : listed.join('; ') }
}
