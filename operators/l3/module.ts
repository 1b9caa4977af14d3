import { and, module, TRUE } from '../../lib/core/index.js'
import { idColumns, nameless } from './order.js'
import { insertion, type OrderSide, ofSide } from './rows.js'

export const orderMessages = module({
  name: 'l3',
  doc: 'order messages: counts and quantities by action and side, order flow, queues, lifetimes and fills of orders',
  table: 'l3',
  block: 'l3_analytics',
  settings: {},
  defaults: () => [
    {
      family: 'generic_metrics',
      entry: {
        sides: ['Bid', 'Ask'],
        actions: ['Insert', 'Remove'],
        measures: ['Count', 'Volume'],
        aggregations: ['Sum'],
      },
    },
  ],
  rows: () => TRUE,
  where: (_, { side }) => (side ? ofSide(side as OrderSide) : and()),
  excluded: offer => [
    {
      name: 'inserts that name no order, of metrics that follow orders',
      where: and(insertion(), nameless(offer)),
      needs: idColumns(offer),
    },
  ],
})
