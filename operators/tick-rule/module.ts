import { and, col, type Expr, eq, or, ROW_NUMBER, sequenceModule, when } from '../../lib/core/index.js'
import { reportedDirection } from '../tables/trade-direction.js'
import { baseFilter, eligibleTrades, refusedRows, singleCurrency } from '../trade/module.js'

const flag = (where: Expr): Expr => when(where, 1, 0)

/**
 * Makes the directions that the tick rule finds for trades of unknown side, whatever their class: prices to compare with are
 * those of the base filter.
 */
export const tickDirections = sequenceModule({
  name: 'tick_directions',
  doc: 'directions of trades of unknown side by the tick rule',
  internal: true,
  table: 'trades',
  block: 'trade_analytics',
  settings: {},
  rows: offer => and(eligibleTrades('price'), or(baseFilter(offer), eq(reportedDirection(offer.has), 0))),
  sequence: {
    kernel: 'tick_directions',
    inputs: offer => [
      col('LocalPrice'),
      flag(baseFilter(offer)),
      flag(eq(reportedDirection(offer.has), 0)),
      col(ROW_NUMBER),
    ],
    parameters: () => ({}),
  },
  excluded: () => [],
  refused: refusedRows,
  single: singleCurrency,
})
