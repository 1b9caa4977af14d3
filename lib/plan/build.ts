import type { AnalyticsConfig, PassConfig } from '../../configs/index.js'
import {
  type AggregateParameters,
  type Attribute,
  and,
  BasaltError,
  type BucketRule,
  type ColumnBinding,
  type ColumnType,
  columnsOf,
  type DerivedColumn,
  dayOf,
  type Expr,
  type Fold,
  type FoldRequest,
  filterExpr,
  IDENTITY_COLUMNS,
  isNull,
  keyOf,
  type Module,
  nearest,
  type Offer,
  type OutputColumn,
  or,
  type PassPlan,
  type Problem,
  type Registry,
  type Step,
  substitute,
  TRUE,
  textOf,
  usesHindsight,
  wallTime,
  widthFromSeconds,
} from '../core/index.js'
import { type Catalog, flagSet, flagUnknown } from './catalog.js'
import { expandEntry, type MetricRequest } from './expand.js'
import { termsOf } from './universe.js'

/** Columns that the engine computes for a row when an expression names them. */
const COMPUTED = new Set(['TimeOfDay', 'SessionEnd'])

export interface PlannedPass {
  plan: PassPlan
  problems: Problem[]
  /** Columns that some files lack and are null there. */
  partial: Map<string, string[]>
  notes: string[]
}

/** What the reference table offers to a pass: identity columns that it knows. */
export interface ReferenceOffer {
  columns: { name: string; type: 'str' | 'i64' }[]
  /** Every column of the table, for universes. */
  all: string[]
  onUnmapped: 'keep' | 'drop' | 'error'
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
): PlannedPass {
  return new PassBuilder(registry, config, index, catalog, reference).build()
}

interface Requested extends MetricRequest {
  module: Module
  offer: Offer
}

class PassBuilder {
  private readonly pass: PassConfig
  private readonly path: string
  private readonly problems: Problem[] = []
  private readonly notes: string[] = []
  private readonly needed = new Map<string, { by: string; path: string }>()
  private readonly folds: Fold[] = []
  private readonly foldNumbers = new Map<string, number>()

  constructor(
    private readonly registry: Registry,
    private readonly config: AnalyticsConfig,
    index: number,
    private readonly catalog: Catalog,
    private readonly reference: ReferenceOffer | null,
  ) {
    this.pass = config.PASSES[index]
    this.path = `PASSES[${index}]`
  }

  build(): PlannedPass {
    const { pass, catalog } = this
    const rule = ruleOf(pass)
    const names = retailEnabled(pass) ? [...pass.modules, 'retail_imbalance'] : pass.modules
    const modules = names.map(name => this.registry.get('modules', name))
    const requests = modules.flatMap(module => this.requestsOf(module, rule))
    this.refuseDoubleNames(requests)

    const block = (pass as Record<string, { base_filter?: unknown } | undefined>).trade_analytics
    if (catalog.table.name === 'trades' && !catalog.bindings.has('Classification') && !block?.base_filter) {
      this.notes.push(`${pass.name}: Classification is not mapped, so every trade counts`)
    }
    const offers = modules.map(module => ({ module, offer: this.offerFor(module, rule) }))
    const rows = this.resolved(
      or(
        ...offers.map(({ module, offer }) => {
          const classes = requests
            .filter(request => request.module === module && request.metric.ownClass)
            .map(({ metric, parameters }) =>
              (metric.ownClass as NonNullable<typeof metric.ownClass>)(parameters, offer),
            )
          return module.rows(offer, classes)
        }),
      ),
      'the rows of the pass',
      this.path,
    )
    this.needUniverse()
    const columns: OutputColumn[] = []
    const derived: DerivedColumn[] = []
    const state = this.marketState(rows)
    if (state) {
      columns.push(state.column)
      derived.push(state.derived)
    }
    for (const request of requests) {
      const made = this.metricColumn(request)
      if (!made) continue
      columns.push(made.column)
      derived.push(made.derived)
    }

    const attributes = this.attributes()
    const joined = this.reference?.columns ?? []
    const listing = catalog.bindings.get('ListingId')
    if (!listing) this.missing('ListingId', 'every pass', this.path)
    if (!catalog.bindings.has('EventTime')) {
      this.missing(catalog.table.time.join(' or '), 'every pass', this.path)
    }
    const aggregate: AggregateParameters = {
      entity: [
        { name: 'Date', type: 'date' },
        { name: 'ListingId', type: listing?.type === 'i64' ? 'i64' : 'str' },
      ],
      bucket: 'TimeBucket',
      rule,
      order: {
        time: 'EventTime',
        source: catalog.bindings.has('SequenceSource') ? 'SequenceSource' : null,
        number: catalog.bindings.has('SequenceNo') ? 'SequenceNo' : null,
      },
      rows,
      folds: this.folds,
      attributes,
      counters: offers.flatMap(({ module, offer }) =>
        module.excluded(offer).map(({ name, where }) => ({ name, where: this.resolved(where, name, this.path) })),
      ),
      refused: this.refusals(offers),
    }
    const tableFilter = this.resolved(
      filterExpr(catalog.config.filter),
      'filter',
      `DATA.tables.${catalog.table.name}.filter`,
    )
    const before: Step[] = []
    const datedByPath = catalog.bindings.get('Date')?.partition === 'date'
    if (!catalog.bindings.has('Date'))
      before.push({ operator: 'partition_date', parameters: { time: 'EventTime', as: 'Date' } })
    if (!datedByPath) before.push({ operator: 'dates', parameters: { date: 'Date', ...this.days() } })
    if (tableFilter.op !== 'true') before.push({ operator: 'filter', parameters: { where: tableFilter } })
    if ([...COMPUTED].some(name => this.needed.has(name))) before.push(this.sessionStep())
    before.push({ operator: 'bucket', parameters: { time: 'EventTime', date: 'Date', rule, as: 'TimeBucket' } })

    const bindings = this.bindings(aggregate)
    const identity = this.identityColumns(attributes, joined)
    const groups: Step[] = []
    if (this.reference) {
      groups.push({
        operator: 'reference',
        parameters: { columns: joined.map(({ name }) => name), onUnmapped: this.reference.onUnmapped },
      })
    }
    const keys = ['Date', 'ListingId', 'TimeBucket']
    const keep = [...keys, ...identity.map(({ name }) => name)]
    groups.push({ operator: 'derive', parameters: { keep, columns: derived } })

    const plan: PassPlan = {
      name: pass.name,
      modules: names,
      table: catalog.table.name,
      scope: 'symbol',
      bindings,
      rows: before,
      aggregate,
      groups,
      columns: [...this.keyColumns(aggregate, rule), ...identity, ...columns],
      derived: this.derivedColumns(),
    }
    return { plan, problems: this.problems, partial: this.usedPartial(), notes: this.notes }
  }

  /** Returns the metrics that a module's block asks for, or its defaults. */
  private requestsOf(module: Module, rule: BucketRule): Requested[] {
    const offer = this.offerFor(module, rule)
    const blockPath = `${this.path}.${module.block}`
    const prefix = offer.config.metric_prefix ?? ''
    // Output columns come in the order in which the config names their families.
    const written = Object.keys(offer.config)
    const families = this.registry
      .familiesOf(module.name)
      .sort((a, b) => written.indexOf(a.name) - written.indexOf(b.name))
    const configured = families.flatMap(family => {
      const entries = (offer.config[family.name] ?? []) as Record<string, unknown>[]
      return entries.flatMap((entry, i) =>
        this.expand(module, offer, family.name, entry, `${blockPath}.${family.name}[${i}]`, prefix),
      )
    })
    if (configured.length > 0) return configured
    return module
      .defaults(offer)
      .flatMap(({ family, entry }) => this.expand(module, offer, family, entry, `${module.name} (default)`, prefix))
  }

  private expand(
    module: Module,
    offer: Offer,
    familyName: string,
    entry: Record<string, unknown>,
    path: string,
    prefix: string,
  ): Requested[] {
    const family = this.registry.families.get(`${module.name}.${familyName}`)
    if (!family) return []
    return expandEntry(this.registry, family, entry, path, prefix).map(request => ({ ...request, module, offer }))
  }

  private offerFor(module: Module, rule: BucketRule): Offer {
    const { catalog, config } = this
    const has = (column: string): boolean =>
      catalog.bindings.has(column) ||
      catalog.table.always?.includes(column) === true ||
      this.definition(column) !== undefined
    return {
      has,
      flag: column => flagSet(catalog, column),
      config: (this.pass as Record<string, unknown>)[module.block] ?? {},
      closed: rule.closed,
      bucketSeconds: rule.mode === 'daily_analytics' ? 86_400 : rule.width / 1e9,
      sessionEnd: Boolean(config.DATA.session_end),
      mixedUnits: catalog.config.mixed_units ?? 'error',
    }
  }

  /** Returns how a column is derived: when the table always derives it, or when no file brings it. */
  private definition = (column: string): Expr | undefined => {
    const { table, bindings, config } = this.catalog
    const rule = Object.hasOwn(table.derived, column) ? table.derived[column] : undefined
    if (!rule || (bindings.has(column) && !table.always?.includes(column))) return undefined
    return rule(name => bindings.has(name), { mixedUnits: config.mixed_units ?? 'error' })
  }

  /** Lists the derived columns that expressions may hold, each in terms of what is read. */
  private derivedColumns(): PassPlan['derived'] {
    return Object.keys(this.catalog.table.derived).flatMap(name => {
      const expr = this.definition(name)
      return expr ? [{ name, expr: substitute(expr, this.definition) }] : []
    })
  }

  /** Replaces derived columns and notes what the expression reads. */
  private resolved(value: Expr, by: string, path: string): Expr {
    const flat = substitute(value, this.definition)
    for (const name of columnsOf(flat)) this.need(name, by, path)
    return flat
  }

  private need(name: string, by: string, path: string): void {
    if (this.needed.has(name)) return
    this.needed.set(name, { by, path })
    if (COMPUTED.has(name) || this.catalog.bindings.has(name) || name === 'Date' || name === 'TimeBucket') return
    this.missing(name, by, path)
  }

  private missing(name: string, by: string, path: string): void {
    const { table, bindings } = this.catalog
    const canonical = table.columns.some(column => column.name === name) || name.includes(' or ')
    if (canonical) {
      this.problems.push({
        severity: 'error',
        path,
        problem: `${table.name}: needed column '${name}' (${by}) is neither in the files nor mapped`,
        hint: `map it under DATA.tables.${table.name}.columns`,
      })
      return
    }
    const near = nearest(name, [...table.columns.map(column => column.name), ...bindings.keys()])
    const label = table.name.charAt(0).toUpperCase() + table.name.slice(1)
    this.problems.push({
      severity: 'error',
      path,
      problem: `no column '${name}' in ${label}`,
      ...(near && { hint: `nearest '${near}'` }),
    })
  }

  private metricColumn(request: Requested): { column: OutputColumn; derived: DerivedColumn } | undefined {
    const { metric, parameters, module, offer, name, path, unit } = request
    const by = `${metric.pick}${metric.part ? ` ${metric.part}` : ''}`
    let uses: Record<string, FoldRequest>
    let base: Expr
    try {
      uses = metric.uses(parameters, offer)
      base = and(module.where(metric, parameters, offer), request.where)
    } catch (error) {
      if (!(error instanceof BasaltError) || error.fault !== 'config') throw error
      this.problems.push({ severity: 'error', path, problem: error.problem })
      return undefined
    }
    if (Object.keys(uses).length === 0) return undefined // switched off by a parameter
    const folds = Object.fromEntries(Object.entries(uses).map(([key, use]) => [key, this.fold(use, base, by, path)]))
    this.refuseWithoutSpan(Object.values(folds), by, path)
    const only = this.folds[Object.values(folds)[0]]
    const zero = metric.empty === 'zero'
    const type: ColumnType = metric.value ? 'f64' : this.resultOf(only)
    const inputs = [
      ...new Set(Object.values(folds).flatMap(fold => columnsOf(this.folds[fold].where, ...this.folds[fold].inputs))),
    ]
    return {
      derived: {
        name,
        type,
        metric: metric.value ? metric.id : null,
        parameters: plainParameters(parameters),
        folds,
        zero,
      },
      column: {
        name,
        type,
        unit,
        doc: metric.doc,
        formula: metric.formula,
        merge: metric.merge,
        nullRule: zero ? '0 when nothing matched' : 'null when nothing matched or a denominator is zero',
        hindsight: usesHindsight(metric, parameters),
        inputs,
        from: path,
      },
    }
  }

  /** Rows of sparse_original have no length: what is divided by time, or cut along it, means nothing there. */
  private refuseWithoutSpan(folds: number[], by: string, path: string): void {
    if (this.pass.timeline_mode !== 'sparse_original') return
    const spanned = folds.map(fold => this.registry.get('kernels', this.folds[fold].kernel))
    if (!spanned.some(kernel => kernel.kind === 'series' && kernel.span)) return
    this.problems.push({
      severity: 'error',
      path,
      problem: `${by} needs buckets with a length; timeline_mode sparse_original has one row an event time`,
      hint: 'use sparse_digitised',
    })
  }

  private fold(use: FoldRequest, base: Expr, by: string, path: string): number {
    const inputs = use.inputs.map(input => this.resolved(input, by, path))
    const where = this.resolved(and(base, use.where ?? TRUE), by, path)
    const kernel = this.kernelFor(use.kernel, inputs)
    const fold: Fold = { kernel, inputs, where, ...(use.parameters && { parameters: use.parameters }) }
    const key = JSON.stringify(fold)
    const known = this.foldNumbers.get(key)
    if (known !== undefined) return known
    this.foldNumbers.set(key, this.folds.length)
    return this.folds.push(fold) - 1
  }

  /** Sums, extremes and edges of integer columns stay 64-bit: they have kernels of their own. */
  private kernelFor(name: string, inputs: Expr[]): string {
    const kernel = this.registry.get('kernels', name)
    const [input] = inputs
    if (kernel.kind === 'series' || input?.op !== 'col') return name
    const type = this.catalog.bindings.get(input.name)?.type
    if (type === 'i64') return kernel.variants?.i64 ?? name
    return type === 'str' ? (kernel.variants?.code ?? name) : name
  }

  private resultOf(fold: Fold): ColumnType {
    const kernel = this.registry.get('kernels', fold.kernel)
    if (kernel.kind === 'series') return fold.kernel === 'distinct' ? 'i64' : 'f64'
    return kernel.result
  }

  /** The market state of a bucket: the last one, by total order, among the rows that made it exist. */
  private marketState(rows: Expr): { column: OutputColumn; derived: DerivedColumn } | undefined {
    if (!this.catalog.bindings.has('MarketState')) return undefined
    const fold = this.fold(
      { kernel: 'last', inputs: [{ op: 'col', name: 'MarketState' }] },
      rows,
      'MarketState',
      this.path,
    )
    const block = (this.pass as Record<string, { metric_prefix?: string } | undefined>)[
      this.registry.get('modules', this.pass.modules[0]).block
    ]
    const name = `${block?.metric_prefix ?? ''}MarketState`
    return {
      derived: { name, type: 'str', metric: null, parameters: {}, folds: { state: fold }, zero: false },
      column: {
        name,
        type: 'str',
        unit: 'state',
        doc: 'market state of the last row of the bucket',
        formula: 'last MarketState by total order',
        merge: 'O',
        nullRule: 'null when no row has a state',
        hindsight: false,
        inputs: ['MarketState'],
        from: 'by itself: MarketState is mapped',
      },
    }
  }

  /** Identity columns that come from the table itself; those of the reference table are joined instead. */
  private attributes(): Attribute[] {
    const { catalog, reference } = this
    const joined = new Set(reference?.columns.map(({ name }) => name))
    const own = IDENTITY_COLUMNS.filter(name => catalog.bindings.has(name) && !joined.has(name)).map(
      (name): Attribute => {
        const type = catalog.bindings.get(name)?.type === 'i64' ? 'i64' : 'str'
        return { name, type }
      },
    )
    return [...own, ...this.unitGuard()]
  }

  /** Without the listing's own unit, a listing whose prices come in two currencies cannot be averaged. */
  private unitGuard(): Attribute[] {
    const { bindings, config } = this.catalog
    const priced = this.folds.some(({ inputs }) => columnsOf(...inputs).includes('Price'))
    const guarded = bindings.has('CurrencyCode') && !bindings.has('InstrumentCurrencyCode') && priced
    if (!guarded || (config.mixed_units ?? 'error') !== 'error') return []
    const unconverted = bindings.has('InstrumentCurrencyPrice') ? isNull('InstrumentCurrencyPrice') : TRUE
    return [
      {
        name: 'CurrencyCode',
        type: 'str',
        where: and(unconverted, this.rowsUsing(['LocalPrice'])),
        once: 'prices in more than one currency; map InstrumentCurrencyCode or InstrumentCurrencyPrice, or set mixed_units',
      },
    ]
  }

  private identityColumns(attributes: Attribute[], joined: ReferenceOffer['columns']): OutputColumn[] {
    const own = new Map(attributes.filter(({ once }) => !once).map(({ name, type }) => [name, type]))
    const fromReference = new Map(joined.map(({ name, type }) => [name, type]))
    return IDENTITY_COLUMNS.filter(name => own.has(name) || fromReference.has(name)).map(name => ({
      name,
      type: (fromReference.get(name) ?? own.get(name)) as ColumnType,
      unit: 'identity',
      doc: `${name} of the listing on that date`,
      formula: fromReference.has(name) ? 'reference table, point in time' : 'first value by total order',
      merge: 'O',
      nullRule: 'null when unknown',
      hindsight: false,
      inputs: [name],
      from: fromReference.has(name)
        ? 'by itself: DATA.reference has it'
        : `by itself: ${this.catalog.table.name} has it`,
    }))
  }

  private keyColumns({ entity }: AggregateParameters, rule: BucketRule): OutputColumn[] {
    const key = (name: string, type: ColumnType, unit: string, doc: string): OutputColumn => ({
      name,
      type,
      unit,
      doc,
      formula: name,
      merge: 'key',
      nullRule: name === 'ListingId' ? 'null when the row has none' : 'never null',
      hindsight: false,
      inputs: [name === 'TimeBucket' ? 'EventTime' : name],
      from: 'by itself: key',
    })
    const label =
      rule.mode === 'sparse_original' ? 'time of the event' : `${rule.anchor} of the bucket, ${rule.closed} edge closed`
    return [
      key('Date', 'date', 'date', 'partition date'),
      key('ListingId', entity[1].type, 'id', 'listing'),
      key('TimeBucket', 'ts', 'ns UTC', label),
    ]
  }

  private refusals(offers: { module: Module; offer: Offer }[]): AggregateParameters['refused'] {
    const read = new Set(this.folds.flatMap(({ inputs, where }) => columnsOf(where, ...inputs)))
    const refused = offers.flatMap(({ module, offer }) =>
      (module.refused?.(offer) ?? [])
        .filter(({ needs }) => needs.every(name => this.uses(name, read)))
        .map(({ needs, where, problem, fields }) => {
          for (const field of fields) this.need(field, problem, this.path)
          return { where: and(this.resolved(where, problem, this.path), this.rowsUsing(needs)), problem, fields }
        }),
    )
    for (const column of this.catalog.table.columns) {
      if (column.kind !== 'flag' || !read.has(column.name)) continue
      const where = flagUnknown(this.catalog, column.name)
      if (!where) continue
      const problem = `value of ${column.name} is neither set nor unset under flag_encoding ${this.catalog.flagEncoding}; list it under flags`
      refused.push({ where, problem, fields: [column.name] })
    }
    const unique = new Map(refused.map(each => [keyOf(each.where), each]))
    return [...unique.values()].filter(({ where }) => textOf(where) !== 'not every row')
  }

  /** Rows that enter a fold in which all of these columns are used: others may hold what they like. */
  private rowsUsing(needs: readonly string[]): Expr {
    const using = this.folds.filter(({ inputs, where }) => {
      const read = new Set(columnsOf(where, ...inputs))
      return needs.every(name => this.uses(name, read))
    })
    return or(...using.map(({ where }) => where))
  }

  private uses(name: string, read: Set<string>): boolean {
    const definition = this.definition(name)
    return definition
      ? columnsOf(substitute(definition, this.definition)).every(column => read.has(column))
      : read.has(name)
  }

  /** A universe's columns come from the reference table, or else are read with the rows. */
  private needUniverse(): void {
    const { bindings } = this.catalog
    for (const { name, values } of termsOf(this.config.UNIVERSE)) {
      const known = (column: string) => column.toLowerCase() === name.toLowerCase()
      if (name === 'listing' && bindings.get('ListingId')?.type === 'i64') {
        const wrong = values.find(value => !/^-?\d+$/.test(value))
        if (wrong !== undefined)
          this.problems.push({
            severity: 'error',
            path: 'UNIVERSE',
            problem: `'${wrong}' is no listing; ids of ${this.catalog.table.name} are integers`,
          })
      }
      if (name === 'listing' || name === 'file' || this.reference?.all.some(known)) continue
      const own = [...bindings.keys()].find(known)
      if (own !== undefined) this.need(own, 'UNIVERSE', 'UNIVERSE')
      else {
        const near = nearest(name, [...(this.reference?.all ?? []), ...bindings.keys()])
        const hint = near
          ? `did you mean '${near}'?`
          : this.reference
            ? undefined
            : 'name the reference table in DATA.reference'
        this.problems.push({
          severity: 'error',
          path: 'UNIVERSE',
          problem: `no column '${name}' in the reference table or in ${this.catalog.table.name}`,
          ...(hint && { hint }),
        })
      }
    }
  }

  private days() {
    const { START_DATE, END_DATE, EXCLUDE_WEEKENDS } = this.config
    const day = (text: string | null) => (text === null ? null : (dayOf(text) ?? null))
    return { from: day(START_DATE), to: day(END_DATE), excludeWeekends: EXCLUDE_WEEKENDS }
  }

  private sessionStep(): Step {
    const { DATA } = this.config
    const end = DATA.session_end ? wallTime(DATA.session_end) : undefined
    return {
      operator: 'session',
      parameters: { time: 'EventTime', date: 'Date', end: end ?? null, zone: this.catalog.config.time_zone ?? 'UTC' },
    }
  }

  /** Lists what is read: everything that an expression, a key, the order or an attribute names. */
  private bindings(aggregate: AggregateParameters): ColumnBinding[] {
    const names = new Set([
      'Date',
      'ListingId',
      'EventTime',
      ...this.needed.keys(),
      ...aggregate.attributes.map(({ name }) => name),
    ])
    const ordered = aggregate.folds.some(({ kernel }) => {
      const found = this.registry.get('kernels', kernel)
      return found.kind === 'series' || found.ordered
    })
    if (ordered) {
      for (const name of [aggregate.order.source, aggregate.order.number]) if (name) names.add(name)
    } else aggregate.order = { time: 'EventTime', source: null, number: null }
    return [...names]
      .filter(name => !COMPUTED.has(name) && name !== 'TimeBucket')
      .flatMap(name => this.catalog.bindings.get(name) ?? [])
  }

  private usedPartial(): Map<string, string[]> {
    const used = new Map<string, string[]>()
    for (const [name, files] of this.catalog.partial) {
      if (!this.needed.has(name)) continue
      used.set(name, files)
      const required = this.catalog.table.columns.find(column => column.name === name)?.required
      const shown = files.length === 1 ? files[0] : `${files[0]} and ${files.length - 1} more`
      this.problems.push(
        required
          ? {
              severity: 'error',
              path: `DATA.tables.${this.catalog.table.name}`,
              problem: `column '${name}' is missing in ${shown}`,
            }
          : {
              severity: 'warning',
              path: `DATA.tables.${this.catalog.table.name}`,
              problem: `column '${name}' is missing in ${shown}; it is null there`,
            },
      )
    }
    return used
  }

  private checkPattern({ parameters, name, path, metric }: Requested): void {
    const pattern = parameters.output_name_pattern as string | null | undefined
    if (!pattern) return
    const fields = Object.keys(parameters).filter(
      field => !['output_name_pattern', 'market_states', 'attribute_filters'].includes(field),
    )
    if (metric.part) fields.push('part')
    for (const [, placeholder] of pattern.matchAll(/\{(\w*)\}/g)) {
      if (fields.some(field => field.toLowerCase() === placeholder.toLowerCase())) continue
      const near = nearest(placeholder, fields)
      this.problems.push({
        severity: 'error',
        path: `${path}.output_name_pattern`,
        problem: `unknown placeholder {${placeholder}}`,
        hint: near ? `did you mean {${near}}?` : `available: ${fields.map(field => `{${field}}`).join(' ')}`,
      })
    }
    if (/^[A-Z][A-Za-z0-9]*$/.test(name)) return
    this.problems.push({
      severity: 'warning',
      path: `${path}.output_name_pattern`,
      problem: `'${name}' is not PascalCase`,
    })
  }

  /** Names must be unique and PascalCase; patterns may use the entry's own fields alone. */
  private refuseDoubleNames(requests: Requested[]): void {
    const seen = new Map<string, { path: string }>(RESERVED.map(name => [name, { path: 'Basalt itself' }]))
    for (const request of requests) {
      this.checkPattern(request)
      const twin = seen.get(request.name)
      if (twin) {
        this.problems.push({
          severity: 'error',
          path: request.path,
          problem: `output column '${request.name}' is made twice, here and by ${twin.path}`,
          hint: 'set output_name_pattern in one of them',
        })
      } else seen.set(request.name, request)
    }
  }
}

/** Names that a pass gives to columns of its own. */
const RESERVED = ['Date', 'ListingId', 'TimeBucket', ...IDENTITY_COLUMNS]

/** Returns how a pass labels event times. */
export function ruleOf(pass: PassConfig): BucketRule {
  return {
    mode: pass.timeline_mode as BucketRule['mode'],
    width: widthFromSeconds(pass.time_bucket_seconds),
    anchor: pass.time_bucket_anchor,
    closed: pass.time_bucket_closed,
    origin: pass.time_bucket_origin ? (wallTime(pass.time_bucket_origin) as number) : null,
    zone: pass.time_zone,
  }
}

/** trade_analytics.enable_retail_imbalance adds that module to the pass. */
function retailEnabled(pass: PassConfig): boolean {
  const block = pass.trade_analytics as { enable_retail_imbalance?: boolean } | undefined
  return block?.enable_retail_imbalance === true && !pass.modules.includes('retail_imbalance')
}

/** Keeps what can be printed: filters were already turned into rows. */
function plainParameters(parameters: Record<string, unknown>): Record<string, unknown> {
  const { attribute_filters: _a, market_states: _m, output_name_pattern: _o, ...rest } = parameters
  return rest
}
