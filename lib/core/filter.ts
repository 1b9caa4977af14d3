import { BasaltError } from './error.js'
import { and, col, type Expr, ge, gt, isIn, isNull, le, lt, notIn, notNull, type Scalar } from './expr.js'

/** Conditions by column, all of which must hold (semantics 5.0). */
export type FilterMap = Record<string, FilterValue>

export type FilterValue = Scalar | Scalar[] | FilterRange

export interface FilterRange {
  min?: number | string
  max?: number | string
  min_exclusive?: number | string
  max_exclusive?: number | string
  not?: Scalar | Scalar[]
  is_null?: boolean
}

/** Reads a filter map as a condition. Null meets only `is_null: true`. */
export function filterExpr(filter: FilterMap | null | undefined): Expr {
  return and(...Object.entries(filter ?? {}).flatMap(([column, value]) => conditions(column, value)))
}

/** Reads what `market_states` of a block or an entry says as a condition; null: all rows. */
export function statesExpr(states: FilterValue | null | undefined): Expr {
  return states === undefined || states === null ? and() : filterExpr({ MarketState: states })
}

function conditions(column: string, value: FilterValue): Expr[] {
  if (Array.isArray(value)) return [isIn(column, value.map(word))]
  if (typeof value !== 'object' || value === null) return [isIn(column, [word(value)])]
  const parts: Expr[] = []
  if (value.min !== undefined) parts.push(ge(col(column), bound(value.min)))
  if (value.max !== undefined) parts.push(le(col(column), bound(value.max)))
  if (value.min_exclusive !== undefined) parts.push(gt(col(column), bound(value.min_exclusive)))
  if (value.max_exclusive !== undefined) parts.push(lt(col(column), bound(value.max_exclusive)))
  if (value.not !== undefined) parts.push(notIn(column, [value.not].flat().map(word)))
  if (value.is_null !== undefined) parts.push(value.is_null ? isNull(column) : notNull(column))
  return parts
}

/** Flag columns are read as TRUE and FALSE. */
const word = (value: Scalar): Scalar => (typeof value === 'boolean' ? String(value).toUpperCase() : value)

/** Tells whether something is a bound: a number, or the text of one. */
export const isBound = (value: number | string): boolean =>
  Number.isFinite(Number(value)) && String(value).trim() !== ''

function bound(value: number | string): number {
  if (isBound(value)) return Number(value)
  throw new BasaltError('config', `'${value}' is no number; min and max compare numbers`)
}
