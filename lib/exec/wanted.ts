import {
  and,
  type ColumnBinding,
  columnsOf,
  type DataFile,
  type Expr,
  ge,
  isNull,
  le,
  mayMeet,
  or,
  type PassPlan,
  type Unit,
  type Wanted,
} from '../core/index.js'
import { knownInRowGroup } from '../io/parquet/known.js'

/**
 * Returns the condition that rows of a pass must meet, as far as it can be put to what files say of their columns; null
 * where they say nothing. `where` picks the rows of a unit.
 */
export function wantedRows({ rows, bindings }: PassPlan, where: Expr): Wanted | null {
  const conditions = [where]
  const made = new Map<string, ColumnBinding | null>()
  for (const { operator, parameters } of rows) {
    const given = parameters as Record<string, never>
    if (operator === 'filter') conditions.push(given.where)
    else if (operator === 'partition_date') made.set(given.as, dateOf(bindings, given.time, given.as))
    else if (operator === 'dates') conditions.push(ofDates(given.date, given.from, given.to))
    else if (operator === 'reference') for (const name of given.columns as string[]) made.set(name, null)
    else break // what others do to rows is not known
  }
  const all = and(...conditions)
  const columns = columnsOf(all).flatMap(name => {
    const binding = made.has(name) ? made.get(name) : bindings.find(each => each.name === name)
    return binding ? [binding] : []
  })
  return columns.length > 0 ? { where: all, columns } : null
}

/** Returns how the date of a time column is made of a file. */
function dateOf(bindings: readonly ColumnBinding[], time: string, as: string): ColumnBinding | null {
  const binding = bindings.find(({ name }) => name === time)
  return binding?.source ? { ...binding, name: as, type: 'date' } : null
}

/** Rows without a date stay: a later step reports them with their place. */
function ofDates(date: string, from: number | null, to: number | null): Expr {
  const bounds = [...(from === null ? [] : [ge(date, from)]), ...(to === null ? [] : [le(date, to)])]
  return bounds.length > 0 ? or(isNull(date), and(...bounds)) : and()
}

/** Returns a unit without the row groups of which no row can be wanted: they are never opened. */
export function readableUnit(unit: Unit, pass: PassPlan, where: Expr, files: readonly DataFile[]): Unit {
  const wanted = wantedRows(pass, where)
  if (!wanted) return unit
  const parts = unit.parts.filter(({ file, rowGroup }) => {
    return mayMeet(wanted.where, name => {
      const binding = wanted.columns.find(each => each.name === name)
      return binding && knownInRowGroup(binding, files[file], rowGroup)
    })
  })
  if (parts.length === unit.parts.length) return unit
  return {
    ...unit,
    parts,
    rows: parts.reduce((rows, { file, rowGroup }) => rows + files[file].rowGroups[rowGroup].rows, 0),
  }
}
