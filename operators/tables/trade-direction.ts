import { type Classify, coalesce, type Expr, type ExprLike, eq, expr, gt, lit, lt, when } from '../../lib/core/index.js'

type Has = (column: string) => boolean

/** The column of what the tick rule says of trades of unknown side: 1 or -1, null where it says nothing. */
export const TICK_DIRECTION = 'TickDirection'

/** Direction as AggressorSide tells it; without that column every direction is unknown. */
export const reportedDirection = (has: Has, unknown: ExprLike = 0): Expr =>
  has('AggressorSide') ? when(eq('AggressorSide', 1), 1, when(eq('AggressorSide', 2), -1, unknown)) : expr(unknown)

/**
 * Direction of a trade, where it is not known by a rule (semantics 5.1): the price against the mid before it, and where they
 * are equal or there is none, the tick rule.
 */
export function directionOf(has: Has, classify: Classify): Expr {
  if (classify === 'none') return has('AggressorSide') ? reportedDirection(has) : lit(0)
  const tick = coalesce(TICK_DIRECTION, lit(0))
  if (classify === 'tick') return reportedDirection(has, tick)
  const byQuote = when(gt('LocalPrice', 'PreTradeMid'), 1, when(lt('LocalPrice', 'PreTradeMid'), -1, tick))
  return reportedDirection(has, byQuote)
}
