import { IDENTITY_COLUMNS, type LaterOffer, nearest, type OutputColumn, type Source } from '../../lib/core/index.js'

const NUMERIC = new Set(['f64', 'i64', 'i32'])
const TIMES = new Set(['ts', 'date'])

/** Numbers that name something: they are left out where a block asks for all numeric columns. */
const IDENTIFIERS: readonly string[] = IDENTITY_COLUMNS
const ID_UNITS = new Set(['id', 'identity'])

/** How many columns of a source an error lists when none has a similar name. */
const LISTED = 20

/** Returns a column of a source, or reports that there is none, with the nearest or those that there are. */
export function columnNamed(
  name: string,
  source: Source,
  field: string,
  offer: Pick<LaterOffer, 'refuse'>,
): OutputColumn | undefined {
  const found = source.columns.find(column => column.name === name)
  if (found) return found
  const names = source.columns.map(column => column.name)
  const near = nearest(name, names)
  const some = names.slice(0, LISTED).join(', ') + (names.length > LISTED ? ', …' : '')
  offer.refuse(field, `${source.name} has no column '${name}'`, near ? `did you mean '${near}'?` : `it has ${some}`)
  return undefined
}

/** Looks up the columns that a block names in what it reads, and reports every name that cannot be used. */
export class SourceColumns {
  /** Names that were refused so far. */
  refused = 0
  readonly source: Source

  constructor(private readonly offer: LaterOffer) {
    this.source = offer.sources[0]
  }

  has(name: string): boolean {
    return this.source.columns.some(column => column.name === name)
  }

  /** Reports a problem at a field of the block. */
  refuse(field: string, problem: string, hint?: string): undefined {
    this.refused++
    this.offer.refuse(field, problem, hint)
  }

  /** Returns a column of any type. */
  any(field: string, name: string): OutputColumn | undefined {
    return columnNamed(name, this.source, field, this)
  }

  /** Returns a column of numbers. */
  number(field: string, name: string): OutputColumn | undefined {
    const found = this.any(field, name)
    if (!found || NUMERIC.has(found.type)) return found
    return this.refuse(field, `column '${name}' of ${this.source.name} is ${found.type}, not a number`)
  }

  /** Returns a column of times or dates. */
  time(field: string, name: string): OutputColumn | undefined {
    const found = this.any(field, name)
    if (!found || TIMES.has(found.type)) return found
    return this.refuse(field, `column '${name}' of ${this.source.name} is ${found.type}, not a time`)
  }

  /** Returns the columns of rows by listing and label, ListingId and TimeBucket; null when there are none. */
  bars(field: string): { listing: OutputColumn; time: OutputColumn } | null {
    const listing = this.any(field, 'ListingId')
    const time = this.any(field, 'TimeBucket')
    if (time && time.type !== 'ts') {
      this.refuse(field, `column 'TimeBucket' of ${this.source.name} is ${time.type}, not a label`)
    }
    return listing && time ? { listing, time } : null
  }

  /** Returns the columns to group by. One that only the reference table has is not joined here. */
  keys(field: string, names: readonly string[]): OutputColumn[] {
    this.once(field, names)
    return names.flatMap((name, i) => {
      const place = `${field}[${i}]`
      if (!this.has(name) && this.offer.reference.some(column => column.name === name)) {
        this.refuse(
          place,
          `${this.source.name} has no column '${name}'; only the reference table has it`,
          `regroup by '${name}' in a pass of module generic first`,
        )
        return []
      }
      return this.any(place, name) ?? []
    })
  }

  /**
   * Returns the numeric columns that are named. Null means all but keys of the source, keys to group by, identifiers
   * and `except`.
   */
  numbers(
    field: string,
    names: readonly string[] | null,
    groupBy: readonly string[],
    except: readonly string[] = [],
  ): OutputColumn[] {
    const { columns, keys, name } = this.source
    if (names) {
      this.once(field, names)
      return names.flatMap((each, i) => {
        const found = this.number(`${field}[${i}]`, each)
        if (found) this.notGrouped(`${field}[${i}]`, each, groupBy)
        return found ?? []
      })
    }
    const left = new Set([...keys, ...groupBy, ...except, ...IDENTIFIERS])
    const found = columns.filter(column => {
      return NUMERIC.has(column.type) && !ID_UNITS.has(column.unit) && !left.has(column.name)
    })
    if (found.length === 0) this.refuse(field, `${name} has no numeric column beside its keys`, 'name a pass that has')
    return found
  }

  /** Checks that a column can differ between rows of a group. */
  notGrouped(field: string, name: string, groupBy: readonly string[]): void {
    if (groupBy.includes(name)) this.refuse(field, `'${name}' is in group_by: a group has one value of it`)
  }

  /** Checks that output columns have different names. */
  distinct(field: string, columns: readonly OutputColumn[]): void {
    const seen = new Set<string>()
    for (const { name } of columns) {
      if (seen.has(name)) this.refuse(field, `two output columns would be called '${name}'`, 'leave one of them out')
      seen.add(name)
    }
  }

  private once(field: string, names: readonly string[]): void {
    for (const [i, name] of names.entries()) {
      if (names.indexOf(name) < i) this.refuse(`${field}[${i}]`, `'${name}' is named twice`)
    }
  }
}
