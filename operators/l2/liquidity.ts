import * as z from 'zod'
import { col, type EntryParameters, type Expr, family, type Offer } from '../../lib/core/index.js'
import { checkLevel } from './levels.js'
import { cumulative, notional, orders, quantity, SIDES, type Side } from './quote.js'
import { AGGREGATION_AXIS, aggregations, madeBy, rowMetric } from './row-metric.js'

const DEFINITION = {
  name: 'liquidity',
  doc: 'prices, quantities and orders of the levels of the book',
  axes: [
    { field: 'sides', parameter: 'side' },
    { field: 'levels', parameter: 'level' },
    { field: 'measures', parameter: 'measure' },
    AGGREGATION_AXIS,
  ],
  pick: 'measures',
  fields: (measures: string[]) => ({
    sides: z
      .array(z.enum(SIDES))
      .min(1)
      .default([...SIDES])
      .describe('sides of the book'),
    levels: z.array(z.int().min(1)).min(1).describe('levels, 1 the best; of Cum… measures all down to it'),
    measures: z.array(z.enum(measures)).min(1).describe('what to show'),
    aggregations,
  }),
  example: { levels: [1], measures: ['Price', 'Quantity'] },
}

export const liquidity = family({ ...DEFINITION, module: 'l2', makes: madeBy('l2') })
export const liquidityTwa = family({ ...DEFINITION, module: 'l2tw', makes: madeBy('l2tw') })

const name = ({ side, measure, level }: EntryParameters) => `${side}${measure}${level}`

/** Declares a measure of one level, or of all down to it. */
function measure(pick: string, unit: string, doc: string, formula: string, of: (side: Side, level: number) => Expr) {
  return rowMetric({
    family: 'liquidity',
    pick,
    name,
    unit,
    doc,
    formula,
    of({ side, level }: EntryParameters, offer: Offer) {
      checkLevel(level, offer)
      return of(side, level)
    },
  })
}

const column = (measure: string) => (side: Side, level: number) => col(`${side}${measure}${level}`)

export const [price, priceTwa] = measure(
  'Price',
  'local currency',
  'price of a level; null where there is none',
  'P of level n',
  column('Price'),
)
export const [levelQuantity, levelQuantityTwa] = measure(
  'Quantity',
  'shares',
  'quantity of a level; 0 where there is none',
  'Q of level n',
  quantity,
)
export const [numOrders, numOrdersTwa] = measure(
  'NumOrders',
  'orders',
  'orders of a level; 0 where there is none',
  'orders of level n',
  orders,
)
export const [cumQuantity, cumQuantityTwa] = measure(
  'CumQuantity',
  'shares',
  'quantity of the best levels',
  'Σ Q over levels 1 to n',
  (side, levels) => cumulative(quantity, side, levels),
)
export const [cumOrders, cumOrdersTwa] = measure(
  'CumOrders',
  'orders',
  'orders of the best levels',
  'Σ orders over levels 1 to n',
  (side, levels) => cumulative(orders, side, levels),
)
export const [cumNotional, cumNotionalTwa] = measure(
  'CumNotional',
  'local currency',
  'value of the best levels',
  'Σ P·Q over levels 1 to n',
  (side, levels) => cumulative(notional, side, levels),
)
export const [insertAge, insertAgeTwa] = measure(
  'InsertAge',
  'ns',
  'age of the oldest order of a level',
  'InsertAge of level n',
  column('InsertAge'),
)
export const [lastMod, lastModTwa] = measure(
  'LastMod',
  'ns',
  'time since the last change of a level',
  'LastMod of level n',
  column('LastMod'),
)
export const [sizeAhead, sizeAheadTwa] = measure(
  'SizeAhead',
  'shares',
  'quantity ahead in the queue of a level',
  'SizeAhead of level n',
  column('SizeAhead'),
)
