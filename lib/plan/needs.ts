import {
  type ColumnBinding,
  columnsOf,
  type Expr,
  nearest,
  type PassPlan,
  type Problem,
  SESSION,
  type StandingColumn,
  substitute,
} from '../core/index.js'
import type { Catalog } from './catalog.js'

/** Columns that the engine computes for a row when an expression names them. */
const COMPUTED = new Set(['TimeOfDay', 'SessionEnd'])

/** Columns that rows have whatever is mapped: the partition date, the label, until when values stand. */
const GIVEN = new Set(['Date', 'TimeBucket', SESSION.until])

/** Keeps what a pass reads: derived columns are resolved down to those that files bring, and missing ones reported. */
export class Needs {
  private readonly names = new Set<string>()
  /** Columns of the reference table that rows are given before they are filtered. */
  readonly joined = new Set<string>()
  /** Columns that rows are given of the quotes of another table, as of their time. */
  readonly standing = new Map<string, StandingColumn>()

  constructor(
    private readonly catalog: Catalog,
    private readonly problems: Problem[],
    private readonly reference: readonly string[] = [],
    /** Quotes can be had: columns that they tell are not missing. */
    private readonly quotes = false,
  ) {}

  /** Tells whether rows can have a column: mapped, constant, from the path, or derivable. */
  offers = (column: string): boolean =>
    this.catalog.bindings.has(column) ||
    this.catalog.table.always?.includes(column) === true ||
    (this.quotes && this.catalog.table.standing?.column(column) !== undefined) ||
    this.definition(column) !== undefined

  /** Returns how a column is derived: when the table always derives it, or when no file brings it. */
  private definition = (column: string): Expr | undefined => {
    const { table, bindings, config } = this.catalog
    const rule = Object.hasOwn(table.derived, column) ? table.derived[column] : undefined
    if (!rule || (bindings.has(column) && !table.always?.includes(column))) return undefined
    return rule(name => bindings.has(name), { mixedUnits: config.mixed_units })
  }

  /** Replaces derived columns and notes what the expression reads. `by` and `path` say who asks, for messages. */
  resolve(value: Expr, by: string, path: string): Expr {
    const flat = substitute(value, this.definition)
    for (const name of columnsOf(flat)) this.add(name, by, path)
    return flat
  }

  add(name: string, by: string, path: string): void {
    if (this.names.has(name)) return
    this.names.add(name)
    if (COMPUTED.has(name) || GIVEN.has(name) || this.catalog.bindings.has(name)) return
    const standing = this.catalog.table.standing?.column(name)
    if (this.reference.includes(name)) this.joined.add(name)
    else if (standing && this.quotes) this.standing.set(name, { name, ...standing })
    else this.missing(name, by, path)
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
    return [...COMPUTED].some(name => this.names.has(name))
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
