import {
  and,
  col,
  div,
  type Expr,
  eq,
  ge,
  gt,
  lt,
  mean,
  metric,
  mul,
  ne,
  notNull,
  sub,
  when,
  widthFromSeconds,
} from '../../lib/core/index.js'
import { reportedDirection } from '../tables/trade-direction.js'
import { bookSize } from '../tables/trade-quotes.js'
import { BOOK_METRICS, parameterOf } from './microstructure.js'

/** Quantity of the best level that a trade met, at a time from the trade on; null: strictly before it. */
const met = (direction: Expr, after: number | null): Expr =>
  when(eq(direction, 1), col(bookSize('Ask', after)), col(bookSize('Bid', after)))

const lesser = (a: Expr, b: Expr): Expr => when(lt(a, b), a, b)

/** Limits a share to 0…1; null stays null. */
const share = (value: Expr): Expr => when(gt(value, 1), 1, when(lt(value, 0), 0, value))

/**
 * Resiliency of the best level (Large, Journal of Financial Markets 10 (2007), measures of how a book refills after a large
 * order). What was taken is the size of the trade, at most the quantity that stood before it.
 */
export const resiliency = metric({
  module: 'l2_trades',
  family: BOOK_METRICS.name,
  pick: 'Resiliency',
  name: ({ seconds }) => `Resiliency${String(seconds ?? '{seconds}').replace('.', 'p')}`,
  unit: 'share',
  doc:
    'mean share of the taken quantity that the best level has again some seconds after trades that took half of it or ' +
    'more, whatever its price by then; each between 0 and 1; trades of unknown side left out',
  formula: 'mean of (Q_{t+s} - (Q - taken))/taken over D ≠ 0, q ≥ Q/2; Q level 1 just before t, taken = min(q, Q)',
  priority: 'B',
  merge: 'R',
  empty: 'null',
  hindsight: true,
  filter: 'volume',
  uses(parameters, { has }) {
    // Not the direction that a rule may have found, which another block of the pass asks for.
    const direction = reportedDirection(has)
    const later = met(direction, widthFromSeconds(parameterOf('Resiliency', 'seconds', parameters)))
    const before = met(direction, null)
    const taken = lesser(col('Size'), before)
    const regained = share(div(sub(later, sub(before, taken)), taken))
    const large = and(ne(direction, 0), gt(before, 0), ge(mul(2, 'Size'), before), notNull(later))
    return { regained: mean(regained, large) }
  },
})
