import { eq } from '../../lib/core/index.js'
import { durationOf, durationTag } from '../trade/duration.js'
import { advanced } from './advanced.js'
import { ofOrders } from './order.js'

const USUAL_HORIZON = '1s'

const horizonNs = (horizon: string | null | undefined) => durationOf(horizon ?? USUAL_HORIZON) as number

export const fillRatio = advanced({
  pick: 'FillRatio',
  priority: 'B',
  unit: 'share',
  doc: 'share of inserted quantity that is executed until the end of the date',
  formula: 'Σ ExecutionSize of the orders inserted in the bucket / Σ Size of their inserts',
  merge: 'R',
  hindsight: true,
  uses: (_, offer) => ({ executed: ofOrders(offer, 'executed'), inserted: ofOrders(offer, 'inserted') }),
  value: ({ executed, inserted }) => executed / inserted,
})

export const fillProbability = advanced({
  pick: 'FillProbability',
  takes: ['horizon'],
  name: ({ horizon }) => `FillProbability${durationTag(horizonNs(horizon))}`,
  priority: 'B',
  unit: 'share',
  doc: 'share of orders inserted at the top of the book that are executed, in part or in full, within the horizon',
  formula:
    'inserts with PriceLevel = 1 whose first execution is no later than the horizon / inserts with PriceLevel = 1',
  merge: 'R',
  hindsight: true,
  uses: ({ horizon }, offer) => ({
    filled: ofOrders(offer, 'filled', horizonNs(horizon), eq('PriceLevel', 1)),
    inserts: ofOrders(offer, 'inserts', null, eq('PriceLevel', 1)),
  }),
  value: ({ filled, inserts }) => filled / inserts,
})
