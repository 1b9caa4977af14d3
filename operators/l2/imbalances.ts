import * as z from 'zod'
import { add, div, type Expr, family, sub } from '../../lib/core/index.js'
import { checkLevel } from './levels.js'
import { cumulative, notional, ofValid, orders, quantity, type Side } from './quote.js'
import { AGGREGATION_AXIS, aggregations, madeBy, rowMetric } from './row-metric.js'

const DEFINITION = {
  name: 'imbalances',
  doc: 'what the bid side has more than the ask side, over both',
  axes: [{ field: 'levels', parameter: 'level' }, { field: 'measure', parameter: 'measure' }, AGGREGATION_AXIS],
  pick: 'measure',
  fields: (measures: string[]) => ({
    levels: z.array(z.int().min(1)).min(1).describe('levels, 1 the best'),
    measure: z.array(z.enum(measures)).min(1).default(['CumQuantity']).describe('what is compared'),
    aggregations,
  }),
  example: { levels: [1] },
}

export const imbalances = family({ ...DEFINITION, module: 'l2', makes: madeBy('l2') })
export const imbalancesTwa = family({ ...DEFINITION, module: 'l2tw', makes: madeBy('l2tw') })

/** Declares (B-A)/(B+A) of a measure of both sides. */
function imbalance(pick: string, doc: string, formula: string, of: (side: Side, level: number) => Expr) {
  const ratio = (level: number) => div(sub(of('Bid', level), of('Ask', level)), add(of('Bid', level), of('Ask', level)))
  return rowMetric({
    family: 'imbalances',
    pick,
    name: ({ level }) => `Imbalance${pick}${level}`,
    unit: '-1…1',
    doc: `${doc}; null when both sides are empty`,
    formula: `(B-A)/(B+A), ${formula}`,
    of({ level }, offer) {
      checkLevel(level, offer)
      return ratio(level)
    },
    standing({ level }, offer) {
      checkLevel(level, offer)
      return ofValid(ratio(level), offer)
    },
  })
}

export const [imbalanceQuantity, imbalanceQuantityTwa] = imbalance(
  'Quantity',
  'imbalance of the quantities of one level',
  'Q of level n',
  quantity,
)
export const [imbalanceCumQuantity, imbalanceCumQuantityTwa] = imbalance(
  'CumQuantity',
  'imbalance of the quantities of the best levels',
  'Σ Q over levels 1 to n',
  (side, level) => cumulative(quantity, side, level),
)
export const [imbalanceCumNotional, imbalanceCumNotionalTwa] = imbalance(
  'CumNotional',
  'imbalance of the value of the best levels',
  'Σ P·Q over levels 1 to n',
  (side, level) => cumulative(notional, side, level),
)
export const [imbalanceOrders, imbalanceOrdersTwa] = imbalance(
  'Orders',
  'imbalance of the orders of the best levels',
  'Σ orders over levels 1 to n',
  (side, level) => cumulative(orders, side, level),
)
