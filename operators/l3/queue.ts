import { mean } from '../../lib/core/index.js'
import { advanced } from './advanced.js'
import { execution } from './rows.js'

export const avgQueuePosition = advanced({
  pick: 'AvgQueuePosition',
  priority: 'C',
  unit: 'shares',
  doc: 'mean quantity ahead in the queue of orders that are executed',
  formula: 'mean SizeAhead of executions',
  merge: 'R',
  uses: () => ({ ahead: mean('SizeAhead', execution()) }),
})

export const avgOrdersAhead = advanced({
  pick: 'AvgOrdersAhead',
  priority: 'B',
  unit: 'orders',
  doc: 'mean number of orders ahead in the queue of orders that are executed',
  formula: 'mean OrdersAhead of executions',
  merge: 'R',
  uses: () => ({ ahead: mean('OrdersAhead', execution()) }),
})
