import type { LoadedConfig, PassConfig } from '../configs/index.js'
import { type PassChecks, planChecks, planRunChecks } from './checks/index.js'
import {
  type BasaltError,
  type BucketRule,
  bucketKeys,
  type DataFile,
  type FillRule,
  type LaterPlan,
  type PassPlan,
  type Problem,
  type Registry,
  type Source,
  type TakenPlan,
  tableRead,
  type Unit,
} from './core/index.js'
import type { ReferenceTable } from './exec/lookup.js'
import type { StatesTable } from './exec/market-states.js'
import type { SourceTable } from './open-declared.js'
import { namesStates, type openStates } from './open-states.js'
import type { OpenTable } from './open-table.js'
import { unitsOf } from './open-units.js'
import {
  haveSameRows,
  keptColumns,
  type LaterInputs,
  type PassPart,
  partsOf,
  planJoined,
  planLater,
  planPass,
  planStates,
  type ReferenceOffer,
  type SideOutput,
  sideOutputsOf,
  unknownFills,
  withTimeline,
} from './plan/index.js'

/** A pass over a table, ready to run. */
export interface PreparedPass {
  plan: PassPlan
  checks: PassChecks | null
  units: Unit[]
  files: DataFile[]
  broken: Map<string, BasaltError> // by unit
  /** The pass that these rows are made for, where they are no pass of the config. */
  rowsOf?: string
  /** The table of market states, where the pass takes a grid, auctions or ends of trading from it. */
  states?: StatesTable
}

/** A pass over results of earlier ones. It has no units: what it reads is known when they have run. */
export interface PreparedLater {
  plan: LaterPlan
  checks: PassChecks | null
  /** The pass that these rows are made for, where they are no pass of the config. */
  rowsOf?: string
}

/** Tells whether a pass reads tables. */
export const isRaw = (pass: PreparedPass | PreparedLater): pass is PreparedPass => pass.plan.kind === 'raw'

/** What plans are made of: the config, what its tables hold, and where problems and notes go. */
export interface Planning {
  loaded: LoadedConfig
  registry: Registry
  opened: ReadonlyMap<string, OpenTable>
  declared: ReadonlyMap<string, SourceTable | undefined>
  offer: ReferenceOffer | null
  reference: ReferenceTable | undefined
  states: Awaited<ReturnType<typeof openStates>>
  /**
   * Tables of which rows of others take something, by internal module, and the values that they take; null where there is
   * no such table. Undefined: which are wanted has to be found out first.
   */
  taken: ReadonlyMap<string, (OpenTable & { values: string[] }) | null> | undefined
  problems: Problem[]
  notes: string[]
}

/** Plans passes in the order of the config: a later one reads what those before it make. */
export function planPasses(planning: Planning): (PreparedPass | PreparedLater)[] {
  const { loaded, registry, problems } = planning
  const parts = partsOf(loaded.config, registry)
  const planner = new PassPlanner(planning, parts)
  for (const part of parts) planner.plan(part)
  const { passes } = planner
  problems.push(
    ...planRunChecks(
      loaded.config,
      passes.map(({ plan }) => plan),
    ),
  )
  return passes
}

class PassPlanner {
  readonly passes: (PreparedPass | PreparedLater)[] = []
  private readonly results = new Map<string, Source | undefined>() // what later passes can read
  private readonly kept: ReadonlyMap<string, ReadonlySet<string>>
  private readonly tables: ReadonlyMap<string, Source | undefined>
  private readonly outputs: readonly SideOutput[]
  /** Passes of several tables, whose parts are joined. */
  private readonly joined: ReadonlySet<string>

  constructor(
    private readonly planning: Planning,
    private readonly parts: readonly PassPart[],
  ) {
    const { registry, loaded, declared } = planning
    this.outputs = sideOutputsOf(registry, loaded.config)
    this.kept = keptColumns(registry, loaded.config)
    this.tables = new Map([...declared].map(([name, table]) => [name, table?.source]))
    this.joined = new Set(parts.flatMap(({ pass, joins }) => (joins ? [pass.name] : [])))
  }

  plan(part: PassPart): void {
    const { pass, index } = part
    const { registry, problems } = this.planning
    const later = pass.modules.filter(name => registry.laterModules.has(name))
    this.results.set(pass.name, undefined)
    if (later.length > 0 && later.length < pass.modules.length) {
      const raw = pass.modules.filter(name => !later.includes(name))
      const problem = `of one pass, ${later.join(', ')} would read an earlier pass and ${raw.join(', ')} a table`
      const hint = 'give them passes of their own'
      problems.push({ severity: 'error', path: `PASSES[${index}].modules`, problem, hint })
    } else if (later.length > 0) this.later(part)
    else if (part.joins) this.join(part, part.joins)
    else this.raw(part)
  }

  private later({ index, pass, config, own, rowsOf }: PassPart): void {
    const { loaded, registry, problems, notes } = this.planning
    const { results, tables } = this
    const isWritten = (path: string) => loaded.locate(path) !== loaded.locate(path.replace(/\.\w+$/, ''))
    // Its own name is no earlier pass.
    results.delete(pass.name)
    const keep = this.kept.get(pass.name) ?? new Set<string>()
    const reference = this.joinable()
    const made = planLater(registry, config, index, {
      results,
      tables,
      reference,
      keep,
      own,
      outputs: this.outputs,
      isWritten,
    })
    problems.push(...made.problems)
    const { plan } = made
    results.set(pass.name, plan && sourceOf(plan, plan.keys, plan.rule))
    if (config.DEFAULT_FFILL && plan) notes.push(`${pass.name}: DEFAULT_FFILL fills passes that read tables only`)
    if (plan) {
      const checks = rowsOf ? null : planChecks(config, index, plan, results, problems)
      this.passes.push({ plan, checks, ...(rowsOf && { rowsOf }) })
    }
    for (const part of this.parts) if (part.rowsOf === pass.name && !part.isSide) results.delete(part.pass.name)
  }

  /** Lists the columns of the reference table that later passes can join. */
  private joinable(): LaterInputs['reference'] {
    const { reference } = this.planning
    if (!reference) return []
    const names = reference.names().filter(name => !['Date', 'ValidFrom', 'ValidTo', 'ListingId'].includes(name))
    return names.map(name => ({ name, type: reference.column(name).type }))
  }

  private join({ index, pass, config }: PassPart, names: readonly string[]): void {
    const { registry, problems } = this.planning
    const path = `PASSES[${index}]`
    const parts = names.flatMap(name => this.passes.find(({ plan }) => plan.name === name) ?? []).filter(isRaw)
    if (parts.length < names.length) return
    const fill = parts.flatMap(part => fillsToJoin(part))
    const plans = parts.map(({ plan }) => plan)
    const plan = planJoined(registry, pass.name, pass.modules, plans, fill, path, problems)
    const known = new Set(plan.columns.map(({ name }) => name))
    const unknown = Object.keys(pass.fill).filter(name => !known.has(name))
    problems.push(...unknownFills(unknown, plan.columns, path))
    this.results.set(pass.name, sourceOf(plan, plan.keys, plan.rule))
    for (const name of names) this.results.delete(name)
    this.passes.push({ plan, checks: planChecks(config, index, plan, this.results, problems) })
  }

  private raw({ index, pass, config, rowsOf, isSide }: PassPart): void {
    const { registry, opened, offer, states, problems, notes, taken: others } = this.planning
    const own = opened.get(tableRead(registry.get('modules', pass.modules[0]), pass)) as OpenTable
    const { catalog, found } = own
    if (found.files.length === 0 && found.broken.length === 0) return
    const isShare = rowsOf !== undefined && !isSide && this.joined.has(rowsOf)
    const keep = this.kept.get(isShare ? rowsOf : pass.name)
    const isThere = (module: string) => !others || Boolean(others.get(module))
    const hasStates = states !== null && namesStates(config)
    const bars = planPass(registry, config, index, catalog, offer, { keep, isShare, isThere, states: hasStates })
    for (const taken of bars.plan.taken ?? []) {
      if (this.passes.some(each => each.plan.name === taken.source)) continue
      const other = others?.get(taken.module)
      if (taken.by !== 'row' && other) checkListings(other, own, problems)
      const table = taken.by === 'row' ? own : other
      const settings = other ? { values: other.values.join(',') } : {}
      const made = table && planInternal(this.planning, table, config, index, taken, settings)
      if (!made) continue
      const twin = this.passes.filter(isRaw).find(each => each.rowsOf && haveSameRows(each.plan, made.plan))
      if (twin) taken.source = twin.plan.name
      else this.passes.push({ ...made, rowsOf: pass.name })
    }
    const { plan, ...timeline } = withTimeline(bars.plan, config, index, catalog.config.time_zone)
    problems.push(...bars.problems, ...timeline.problems)
    if (!isShare) problems.push(...timeline.unknown) // what one table lacks another may have: the join knows all columns
    notes.push(...bars.notes, ...timeline.notes)
    this.results.set(pass.name, sourceOf(plan, rawKeys(plan), plan.aggregate.rule))
    const ofGrid = plan.timeline?.grid?.mode === 'adaptative'
    const path = ofGrid
      ? `PASSES[${index}].timeline_mode`
      : plan.auctions
        ? `PASSES[${index}].auction_buckets`
        : 'DATA.tables.marketstate'
    this.passes.push({
      plan,
      checks: rowsOf ? null : planChecks(config, index, plan, this.results, problems),
      files: found.files,
      ...(rowsOf && { rowsOf }),
      ...unitsOf(config, plan, found),
      ...(states &&
        (ofGrid || plan.auctions || plan.taken?.some(taken => taken.by === 'time' && taken.states)) && {
          states: { ...states.found, ...planStates(plan, states.catalog, config, offer, path, problems) },
        }),
    })
  }
}

/** The listings of a table have to be called as those of the rows that take something of it. */
function checkListings({ catalog: other }: OpenTable, { catalog: rows }: OpenTable, problems: Problem[]): void {
  const [a, b] = [rows.bindings.get('ListingId')?.type, other.bindings.get('ListingId')?.type]
  if (a === b) return
  problems.push({
    severity: 'error',
    path: `DATA.tables.${other.table.name}`,
    problem: `ListingId of ${other.table.name} is ${typeText(b)}, that of ${rows.table.name} is ${typeText(a)}`,
    hint: 'map columns of one type',
  })
}

/** Plans a pass that makes what rows of another pass take; `settings` are those of its module that no config has. */
function planInternal(
  { registry, offer, problems }: Planning,
  { catalog, found }: OpenTable,
  config: LoadedConfig['config'],
  index: number,
  { source: name, module }: TakenPlan,
  settings: Record<string, unknown>,
): Omit<PreparedPass, 'rowsOf'> | undefined {
  const { block } = registry.get('modules', module)
  const asked = config.PASSES[index]
  const pass: PassConfig = {
    ...asked,
    name,
    modules: [module],
    timeline_mode: 'sparse_digitised',
    auction_buckets: false,
    [block]: { ...(asked[block] ?? {}), ...settings },
  }
  const alone = { ...config, PASSES: config.PASSES.with(index, pass) }
  const { plan, problems: own } = planPass(registry, alone, index, catalog, offer)
  problems.push(...own)
  return own.some(({ severity }) => severity === 'error')
    ? undefined
    : { plan, checks: null, files: found.files, ...unitsOf(config, plan, found) }
}

const typeText = (type: string | undefined) => (type === 'i64' ? 'an integer' : 'text')

/**
 * Takes the fills of a part, which are done when its rows have been joined: a bucket that only another table makes is
 * filled, too. A grid lays all its rows in each part, and its sessions are known there alone.
 */
function fillsToJoin(part: PreparedPass): FillRule[] {
  const { timeline, ...plan } = part.plan
  if (!timeline || timeline.grid) return []
  const { fill, ...rest } = timeline
  part.plan = rest.carry ? { ...plan, timeline: { ...rest, fill: [] } } : plan
  return fill
}

/** Rows of a raw pass are named by their bucket, or where they are none by what counts them, as BarIndex does. */
function rawKeys(plan: PassPlan): string[] {
  const keys = plan.columns.filter(({ merge }) => merge === 'key').map(({ name }) => name)
  return plan.aggregate.sequence ? keys.slice(0, 3) : bucketKeys(plan)
}

function sourceOf(plan: PassPlan | LaterPlan, keys: string[], rule: BucketRule | null): Source {
  return { name: plan.name, columns: plan.columns, keys, rule, state: plan.state }
}
