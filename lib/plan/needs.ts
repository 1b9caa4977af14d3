import {
  type ColumnBinding,
  columnsOf,
  type Expr,
  nearest,
  type PassPlan,
  type Problem,
  ROW_NUMBER,
  SESSION,
  type StandingColumn,
  type StandingPlan,
  substitute,
  type TableSettings,
  type TakenFrom,
  type TakenPlan,
} from '../core/index.js'
import type { Catalog } from './catalog.js'

/** Columns of the wall clock. */
const CLOCK = ['TimeOfDay', 'SessionEnd']

/** Columns that the engine computes for a row when an expression names them. */
const COMPUTED = new Set([...CLOCK, ROW_NUMBER])

/** Columns that rows have whatever is mapped: the partition date, the label, until when values stand. */
const GIVEN = new Set(['Date', 'TimeBucket', SESSION.until])

/** Comparisons of a column with `min` and `max` of a filter. */
const BOUNDS = new Set(['lt', 'le', 'gt', 'ge'])

/** Tells whether a number is one of those that are not told apart from their neighbours. */
const isBeyondExact = (value: Expr): boolean => value.op === 'lit' && Math.abs(value.value) > Number.MAX_SAFE_INTEGER

/** Keeps what a pass reads: derived columns are resolved down to those that files bring, and missing ones reported. */
export class Needs {
  private readonly names = new Set<string>()
  private readonly refused = new Set<string>()
  /** Columns of the reference table that rows are given before they are filtered. */
  readonly joined = new Set<string>()
  /** Columns that rows are given of internal passes, by the module that makes them. */
  readonly taken = new Map<TakenFrom, Map<string, TakenPlan['columns'][number]>>()

  constructor(
    private readonly catalog: Catalog,
    private readonly problems: Problem[],
    private readonly reference: readonly string[] = [],
    /** Tells whether the rows of a module of another table can be had: columns that they tell are not missing. */
    private readonly isThere: (module: string) => boolean = () => false,
    /** What modules say of how rows are read. */
    private readonly reading: Partial<TableSettings> = {},
  ) {}

  /** Tells whether rows can have a column: mapped, constant, from the path, or derivable. */
  offers = (column: string): boolean =>
    this.catalog.bindings.has(column) ||
    this.catalog.table.always?.includes(column) === true ||
    this.source(column) !== undefined ||
    this.definition(column) !== undefined

  /** Returns how a column is derived: when the table always derives it, or when no file brings it. */
  private definition = (column: string): Expr | undefined => {
    const { table, bindings } = this.catalog
    const rule = Object.hasOwn(table.derived, column) ? table.derived[column] : undefined
    if (!rule || (bindings.has(column) && !table.always?.includes(column))) return undefined
    return rule(name => bindings.has(name), this.settings)
  }

  /** Finds the internal pass that makes a column; another table may not be at hand. */
  private source(column: string): TakenFrom | undefined {
    return this.catalog.table.taken?.find(
      each => each.column(column) !== undefined && (each.by === 'row' || this.isThere(each.module)),
    )
  }

  /** Replaces derived columns and notes what the expression reads. `by` and `path` say who asks, for messages. */
  resolve(value: Expr, by: string, path: string): Expr {
    const flat = substitute(value, this.definition)
    for (const name of columnsOf(flat)) this.add(name, by, path)
    this.refuseUnlike(flat, path)
    return flat
  }

  /** Reports what a filter compares with a column whose values are of another kind: no row, or every row, would do. */
  private refuseUnlike(value: Expr, path: string): void {
    const columns = 'args' in value ? value.args.flatMap(each => (each.op === 'col' ? each.name : [])) : []
    const [name] = columns
    const type = name === undefined ? undefined : this.catalog.bindings.get(name)?.type
    if (value.op === 'in' || value.op === 'not_in') {
      const word = value.values.find(each => Number.isNaN(Number(each)))
      if (word === undefined || type === undefined || type === 'str') return
      const holds = type === 'date' ? 'dates' : type === 'ts' ? 'times' : 'numbers'
      const hint = type === 'date' ? 'START_DATE and END_DATE select dates' : undefined
      this.refuse(`'${word}' is compared with ${name}, which holds ${holds}`, hint, path)
    } else if (BOUNDS.has(value.op) && type === 'str')
      this.refuse(`a bound is compared with ${name}, which holds text`, 'list its values', path)
    else if (BOUNDS.has(value.op) && type === 'i64' && 'args' in value && value.args.some(isBeyondExact))
      this.refuse(`a bound beyond 2^53 is compared with ${name}, which holds integers`, 'list its values', path)
    else if ('args' in value) for (const arg of value.args) this.refuseUnlike(arg, path)
  }

  /** Reports a problem once for a path, however many expressions share the filter. */
  private refuse(problem: string, hint: string | undefined, path: string): void {
    const key = `${path}: ${problem}`
    if (this.refused.has(key)) return
    this.refused.add(key)
    this.problems.push({ severity: 'error', path, problem, ...(hint && { hint }) })
  }

  add(name: string, by: string, path: string): void {
    if (this.names.has(name)) return
    this.names.add(name)
    if (COMPUTED.has(name) || GIVEN.has(name) || this.catalog.bindings.has(name)) return
    const source = this.source(name)
    if (this.reference.includes(name)) this.joined.add(name)
    else if (source) this.take(source, name)
    else this.missing(name, by, path)
  }

  private take(source: TakenFrom, name: string): void {
    const columns = this.taken.get(source) ?? new Map()
    this.taken.set(source, columns.set(name, { name, ...source.column(name) }))
    if (source.by !== 'near') return
    const { inputs } = source.parameters(this.settings)
    for (const input of Object.values(inputs)) this.resolve(input, name, `DATA.tables.${this.catalog.table.name}`)
  }

  private get settings(): TableSettings {
    return { mixedUnits: this.catalog.config.mixed_units, ...this.reading }
  }

  /**
   * Lists what rows take of internal passes; `named` tells the pass whose rows of its own these are, `states` how market
   * states say where continuous trading ends, where there are any.
   */
  takenPlans(named: string, states?: StandingPlan['states']): TakenPlan[] {
    const { tolerance } = this.settings
    return [...this.taken].map(([from, found]): TakenPlan => {
      const { module } = from
      const columns = [...found.values()]
      if (from.by === 'row') return { by: 'row', module, source: `${named}.${module}`, columns }
      const source = `${from.table}.${module}`
      if (from.by === 'time')
        return {
          by: 'time',
          module,
          source,
          known: from.known,
          columns: columns as StandingColumn[],
          tolerance: tolerance && !from.anyAge ? { ns: tolerance, since: from.since } : null,
          ...(states && { states }),
        }
      const { inputs, settings } = from.parameters(this.settings)
      const resolved = Object.entries(inputs).map(([name, input]) => [name, substitute(input, this.definition)])
      const { known, values, operator } = from
      const parameters = { ...settings, ...Object.fromEntries(resolved) }
      return { by: 'near', module, source, known, values, operator, parameters, columns }
    })
  }

  /** Reports a column that nothing brings, with the nearest one where it is no canonical name. */
  missing(name: string, by: string, path: string): void {
    const { table, bindings } = this.catalog
    const canonical = table.columns.map(column => column.name)
    if (canonical.includes(name) || name === table.time.join(' or ')) {
      this.problems.push({
        severity: 'error',
        path,
        problem: `${table.name}: needed column '${name}' (${by}) is neither in the files nor mapped`,
        hint: `map it under DATA.tables.${table.name}.columns`,
      })
      return
    }
    const made = table.taken?.find(each => each.by !== 'row' && each.column(name))
    if (made && made.by !== 'row') {
      const problem = `${table.name}: '${name}' (${by}) is found in table ${made.table}, of which there are no files`
      this.problems.push({ severity: 'error', path, problem, hint: `say where table ${made.table} is` })
      return
    }
    const near = nearest(name, [...canonical, ...bindings.keys()])
    const label = table.name.charAt(0).toUpperCase() + table.name.slice(1)
    const problem = `no column '${name}' in ${label}`
    this.problems.push({ severity: 'error', path, problem, ...(near && { hint: `nearest '${near}'` }) })
  }

  /** Tells whether columns that are read hold a column, itself or all that it is derived from. */
  covers(read: ReadonlySet<string>, name: string): boolean {
    const definition = this.definition(name)
    if (!definition) return read.has(name)
    return columnsOf(substitute(definition, this.definition)).every(column => read.has(column))
  }

  /** Tells whether the engine must compute session times. */
  get session(): boolean {
    return CLOCK.some(name => this.names.has(name))
  }

  /** Tells whether the engine must number rows. */
  get numbered(): boolean {
    return this.names.has(ROW_NUMBER)
  }

  /** Lists the derived columns that expressions may hold, each in terms of what is read. */
  derived(): PassPlan['derived'] {
    return Object.keys(this.catalog.table.derived).flatMap(name => {
      const expr = this.definition(name)
      return expr ? [{ name, expr: substitute(expr, this.definition) }] : []
    })
  }

  /** Lists what is read of every file. */
  bindings(): ColumnBinding[] {
    return [...this.names]
      .filter(name => !COMPUTED.has(name) && name !== 'TimeBucket' && name !== SESSION.until)
      .flatMap(name => this.catalog.bindings.get(name) ?? [])
  }

  /** Reports columns that some files lack: a fault where the table requires them, else null there. */
  reportPartial(): void {
    const { table, partial } = this.catalog
    for (const [name, files] of partial) {
      if (!this.names.has(name)) continue
      const required = table.columns.some(column => column.name === name && column.required)
      const shown = files.length === 1 ? files[0] : `${files[0]} and ${files.length - 1} more`
      this.problems.push({
        severity: required ? 'error' : 'warning',
        path: `DATA.tables.${table.name}`,
        problem: `column '${name}' is missing in ${shown}${required ? '' : '; it is null there'}`,
      })
    }
  }
}
