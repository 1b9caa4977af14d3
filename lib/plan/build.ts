import type { AnalyticsConfig } from '../../configs/index.js'
import {
  type AggregateParameters,
  type BucketRule,
  type DerivedColumn,
  dayOf,
  type Expr,
  filterExpr,
  IDENTITY_COLUMNS,
  type Module,
  nearest,
  type Offer,
  or,
  type PassPlan,
  type Problem,
  type Registry,
  SESSION,
  type Step,
  type TableSettings,
  type TakenPlan,
  TRUE,
  tableRead,
  wallTime,
} from '../core/index.js'
import {
  auctionProblems,
  auctionSteps,
  closeProblems,
  SESSION_KEYS,
  sessionColumns,
  sessionSteps,
  unknownAuctions,
  withoutBuckets,
} from './auctions.js'
import { carryPlan, derivedColumns } from './carried.js'
import type { Catalog } from './catalog.js'
import { flagSet } from './flags.js'
import { FoldSet } from './fold-set.js'
import { refusedRows, singleValues } from './guards.js'
import { OWN_ROWS } from './joined-tables.js'
import { keptState } from './kept-state.js'
import { Needs } from './needs.js'
import { identityColumns, keyColumns, type MadeColumn, marketStateColumn, metricColumn } from './output-columns.js'
import { rawModules } from './own-rows.js'
import { checkNames, type Requested, requestsOf } from './requests.js'
import { ruleOf, sessionEndOf } from './rule.js'
import { plannedSequence } from './sequence.js'
import { termsOf } from './universe.js'

export interface PlannedPass {
  plan: PassPlan
  problems: Problem[]
  /** Things worth knowing that are no warnings. */
  notes: string[]
}

/** What the reference table offers to a pass: identity columns that it knows. */
export interface ReferenceOffer {
  columns: { name: string; type: 'str' | 'i64' }[]
  /** Every column of the table, for universes. */
  all: string[]
  onUnmapped: 'keep' | 'drop' | 'error'
}

/** What else is asked of a pass, and what it may ask for. */
export interface PassWishes {
  /** Columns whose merge state later passes ask for. */
  keep?: ReadonlySet<string>
  /** Its rows are joined with those of other tables: every row leaves a bucket, and OwnRows counts those that ask for one. */
  isShare?: boolean
  /** Tells whether rows of an internal module of another table may be taken for columns that the table does not bring. */
  isThere?: (module: string) => boolean
  /** Market states can be had: they say how far ahead quotes are looked up. */
  states?: boolean
}

/**
 * Plans one pass: what is read, which folds are made, what comes out. Pure; every problem is reported, none stops the
 * search for others.
 */
export function planPass(
  registry: Registry,
  config: AnalyticsConfig,
  index: number,
  catalog: Catalog,
  reference: ReferenceOffer | null,
  { keep = new Set(), isShare = false, isThere, states = false }: PassWishes = {},
): PlannedPass {
  const pass = config.PASSES[index]
  const path = `PASSES[${index}]`
  const rule = ruleOf(pass)
  const problems: Problem[] = []

  // A module that another one adds may read another table, whose part of the pass has it.
  const named = rawModules(registry, pass)
  const reading = named.filter(module => tableRead(module, pass) === catalog.table.name)
  if (!isShare) problems.push(...foreign(named, reading, path))
  const settings: Partial<TableSettings> = Object.assign(
    {},
    ...reading.map(each => each.reading?.(pass[each.block] ?? {}, pass)),
  )
  const needs = new Needs(catalog, problems, reference?.all, isThere, settings)
  const folds = new FoldSet(registry, catalog, needs)
  const modules = reading.map(module => ({
    module,
    offer: offerOf(module, pass, config, catalog, needs, rule),
  }))
  const sequence = plannedSequence(modules, registry, folds, rule, path)
  const requests = modules.flatMap(({ module, offer }) => requestsOf(registry, module, offer, path, problems))
  checkNames(requests, problems, pass.auction_buckets)
  const { bindings } = catalog
  for (const name of ['Date', 'ListingId', 'EventTime']) if (bindings.has(name)) needs.add(name, 'every pass', path)
  if (!bindings.has('ListingId')) needs.missing('ListingId', 'every pass', path)
  if (!bindings.has('EventTime')) needs.missing(catalog.table.time.join(' or '), 'every pass', path)
  needUniverse(config, catalog, reference, needs, problems)

  const rows = needs.resolve(or(...modules.map(each => bucketRows(each, requests))), 'the rows of the pass', path)
  const made: MadeColumn[] = []
  if (bindings.has('MarketState') && !sequence) {
    const prefix = modules[0].offer.config.metric_prefix ?? ''
    made.push(marketStateColumn(`${prefix}MarketState`, rows, folds, path))
  }
  const sparse = rule.mode === 'sparse_original'
  const apart = pass.auction_buckets
  for (const request of requests) {
    const column = metricColumn(request, folds, { sparse, apart }, problems)
    if (column) made.push(column)
  }
  if (apart) {
    needs.add('MarketState', 'auction_buckets', `${path}.auction_buckets`)
    problems.push(...auctionProblems(made, folds, registry, path))
    if (sequence) problems.push(withoutBuckets(modules[0].module, path))
  }
  const presence = isShare && pass.timeline_mode !== 'dense' ? ownRows(rows, folds, path) : []
  const kept = made
    .filter(({ column }) => keep.has(column.name))
    .map(column => keptState(column, folds, pass.timeline_mode === 'dense'))
  const carry = carryPlan(requests, made)
  if (apart && carry) problems.push(...closeProblems(carry, made, path))
  const until = carry !== undefined

  // Rows that only others' rows take values of need no identity.
  const isShown = !sequence?.piecewise
  const joined = isShown ? (reference?.columns ?? []) : []
  const own = (isShown ? IDENTITY_COLUMNS : [])
    .filter(name => bindings.has(name) && !joined.some(column => column.name === name))
    .map(name => ({ name, type: bindings.get(name)?.type === 'i64' ? ('i64' as const) : ('str' as const) }))
  for (const { name } of own) needs.add(name, 'identity', path)
  const aggregate: AggregateParameters = {
    entity: [
      { name: 'Date', type: 'date' },
      ...(apart ? SESSION_KEYS : []),
      { name: 'ListingId', type: bindings.get('ListingId')?.type === 'i64' ? 'i64' : 'str' },
    ],
    bucket: sequence ? null : 'TimeBucket',
    rule: sequence?.rule ?? rule,
    ...(apart && { apart: { start: SESSION.start } }),
    order: orderOf(catalog, folds, needs, path),
    rows: presence.length > 0 ? TRUE : rows,
    folds: folds.folds,
    ...(sequence && { sequence: sequence.fold }),
    attributes: [...own, ...singleValues(modules, folds, needs, path)],
    ...countersOf(modules, folds, needs, path),
    refused: [...refusedRows(modules, catalog, folds, needs, path), ...(apart ? [unknownAuctions(rows)] : [])],
  }
  const sessionEnd = sessionEndOf(config, catalog.config.time_zone)
  const taken = needs.takenPlans(pass.name, states ? { sessionEnd } : undefined)
  const before = [...rowSteps(config, catalog, needs, taken), ...(apart ? auctionSteps(rule, until) : [])]
  needs.reportPartial()

  const identity = identityColumns(own, joined, catalog.table.name)
  const keys = [...keyColumns(aggregate, rule, sequence?.leading), ...(apart ? sessionColumns(path) : [])]
  const plan: PassPlan = {
    kind: 'raw',
    name: pass.name,
    modules: modules.map(({ module }) => module.name),
    table: catalog.table.name,
    scope: 'symbol',
    bindings: needs.bindings(),
    ...(taken.length > 0 && { taken }),
    ...(apart && { auctions: { sessionEnd, until } }),
    rows: before,
    aggregate,
    derive: [...derivedColumns(made, kept), ...presence],
    attach: [...(apart ? sessionSteps(rule) : []), ...referenceSteps(reference)],
    ...(carry && { timeline: { grid: null, fill: [], acrossSessions: false, carry } }),
    columns: [...keys, ...identity, ...made.map(({ column }) => column), ...(sequence?.columns ?? [])],
    state: Object.fromEntries(kept.flatMap(({ name, state }) => (state ? [[name, state]] : []))),
    stateColumns: [...kept.flatMap(each => each.columns), ...presence.map(({ name, type }) => ({ name, type }))],
    derived: needs.derived(),
  }
  const notes = modules.flatMap(({ module, offer }) => module.notes?.(offer) ?? []).map(note => `${pass.name}: ${note}`)
  return { plan, problems, notes }
}

/** Modules of another table need a part of the pass for it, which rows at events have not. */
function foreign(named: readonly Module[], reading: readonly Module[], path: string): Problem[] {
  return named
    .filter(module => !reading.includes(module))
    .map(({ name, table }) => ({
      severity: 'error',
      path: `${path}.modules`,
      problem: `module ${name} reads ${table}, and ${reading.map(module => module.name).join(', ')} ${reading[0]?.table}`,
      hint: 'here the modules have to read one table; use another pass for the others',
    }))
}

function offerOf(
  module: Module,
  pass: AnalyticsConfig['PASSES'][number],
  config: AnalyticsConfig,
  catalog: Catalog,
  needs: Needs,
  rule: BucketRule,
): Offer {
  return {
    has: needs.offers,
    flag: column => flagSet(catalog, column),
    config: pass[module.block] ?? {},
    rule,
    closed: rule.closed,
    modules: pass.modules,
    bucketSeconds: rule.mode === 'daily_analytics' ? 86_400 : rule.width / 1e9,
    sessionEnd: config.DATA.session_end !== null,
    mixedUnits: catalog.config.mixed_units,
  }
}

/** Plans what the run report counts: rows that are left out, and behind them those that are a share of others. */
function countersOf(
  modules: readonly { module: Module; offer: Offer }[],
  folds: FoldSet,
  needs: Needs,
  path: string,
): Pick<AggregateParameters, 'counters' | 'shares'> {
  const read = folds.read()
  const applies = ({ needs: columns = [] }: { needs?: string[] }) => columns.every(name => needs.covers(read, name))
  const counter = (name: string, where: Expr) => ({ name, where: needs.resolve(where, name, path) })
  const counters = modules.flatMap(({ module, offer }) =>
    module
      .excluded(offer)
      .filter(applies)
      .map(({ name, where }) => counter(name, where)),
  )
  const shares = modules.flatMap(({ module, offer }) => module.shares?.(offer).filter(applies) ?? [])
  const unique = [...new Map(shares.map(share => [share.name, share])).values()]
  return {
    counters: [
      ...counters,
      ...unique.flatMap(({ name, where, among }) => [counter(name, where), counter(name, among)]),
    ],
    ...(unique.length > 0 && {
      shares: unique.map((_, i) => ({ part: counters.length + 2 * i, whole: counters.length + 2 * i + 1 })),
    }),
  }
}

/** Plans the count of the rows that make a bucket exist, where others leave buckets, too. */
function ownRows(rows: Expr, folds: FoldSet, path: string): DerivedColumn[] {
  const value = folds.add({ kernel: 'count', inputs: [] }, rows, 'the rows of the pass', path)
  return [{ name: OWN_ROWS, type: 'i64', metric: null, parameters: {}, folds: { value }, zero: false }]
}

/** Rows that make a bucket exist for one module: its own, and those of the classes that its metrics ask for. */
function bucketRows({ module, offer }: { module: Module; offer: Offer }, requests: readonly Requested[]) {
  const classes = requests.flatMap(({ module: owner, metric, parameters }) =>
    owner === module && metric.ownClass ? [metric.ownClass(parameters, offer)] : [],
  )
  return module.rows(offer, classes)
}

/** Sequence numbers are read only when something depends on the order of rows. */
function orderOf({ bindings }: Catalog, folds: FoldSet, needs: Needs, path: string): AggregateParameters['order'] {
  const key = (name: string) => {
    if (!folds.ordered || !bindings.has(name)) return null
    needs.add(name, 'the order of rows', path)
    return name
  }
  return { time: 'EventTime', source: key('SequenceSource'), number: key('SequenceNo') }
}

/** Steps over the rows of a row group: partition date, dates and rows that are wanted, session times, label. */
function rowSteps(
  config: AnalyticsConfig,
  { bindings, config: table, table: { name } }: Catalog,
  needs: Needs,
  taken: readonly TakenPlan[],
): Step[] {
  const steps: Step[] = []
  if (!bindings.has('Date')) steps.push({ operator: 'partition_date', parameters: { time: 'EventTime', as: 'Date' } })
  if (bindings.get('Date')?.partition !== 'date') {
    const day = (text: string | null) => (text === null ? null : (dayOf(text) ?? null))
    const { START_DATE, END_DATE, EXCLUDE_WEEKENDS: excludeWeekends } = config
    steps.push({
      operator: 'dates',
      parameters: { date: 'Date', from: day(START_DATE), to: day(END_DATE), excludeWeekends },
    })
  }
  const where = needs.resolve(filterExpr(table.filter), 'filter', `DATA.tables.${name}.filter`)
  if (needs.joined.size > 0) {
    steps.push({ operator: 'reference', parameters: { columns: [...needs.joined], onUnmapped: 'keep' } })
  }
  if (where.op !== 'true') steps.push({ operator: 'filter', parameters: { where } })
  for (const [from, plan] of taken.entries()) {
    const { columns } = plan
    const at = { from, time: 'EventTime', date: 'Date' }
    if (plan.by === 'row') steps.push({ operator: 'row_values', parameters: { from, columns } })
    else if (plan.by === 'near') steps.push({ operator: plan.operator, parameters: { ...at, ...plan.parameters } })
    else steps.push({ operator: 'as_of', parameters: { ...at, columns, tolerance: plan.tolerance } })
  }
  if (needs.numbered) steps.push({ operator: 'row_number', parameters: {} })
  if (needs.session) {
    const end = config.DATA.session_end === null ? null : (wallTime(config.DATA.session_end) ?? null)
    steps.push({ operator: 'session', parameters: { time: 'EventTime', date: 'Date', end, zone: table.time_zone } })
  }
  return steps
}

function referenceSteps(reference: ReferenceOffer | null): Step[] {
  if (!reference) return []
  const { columns, onUnmapped } = reference
  return [{ operator: 'reference', parameters: { columns: columns.map(({ name }) => name), onUnmapped } }]
}

/** A universe's columns come from the reference table, or else are read with the rows. */
function needUniverse(
  { UNIVERSE }: AnalyticsConfig,
  { bindings, table }: Catalog,
  reference: ReferenceOffer | null,
  needs: Needs,
  problems: Problem[],
): void {
  for (const { name, values } of termsOf(UNIVERSE)) {
    const named = (column: string) => column.toLowerCase() === name.toLowerCase()
    const wrong = bindings.get('ListingId')?.type === 'i64' && values.find(value => !/^-?\d+$/.test(value))
    if (name === 'listing' && wrong) {
      const problem = `'${wrong}' is no listing; ids of ${table.name} are integers`
      problems.push({ severity: 'error', path: 'UNIVERSE', problem })
    }
    if (name === 'listing' || name === 'file' || reference?.all.some(named)) continue
    const own = [...bindings.keys()].find(named)
    if (own !== undefined) needs.add(own, 'UNIVERSE', 'UNIVERSE')
    else {
      const near = nearest(name, [...(reference?.all ?? []), ...bindings.keys()])
      const unloaded = reference ? undefined : 'name the reference table in DATA.reference'
      const hint = near ? `did you mean '${near}'?` : unloaded
      const problem = `no column '${name}' in the reference table or in ${table.name}`
      problems.push({ severity: 'error', path: 'UNIVERSE', problem, ...(hint && { hint }) })
    }
  }
}
