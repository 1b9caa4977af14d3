import { eq, sum } from '../../../lib/core/index.js'
import { microstructure } from './family.js'

export const tradeFlowImbalance = microstructure({
  pick: 'TradeFlowImbalance',
  unit: '-1…1',
  doc: 'quantity bought less quantity sold by aggressors, over both; unknown sides left out',
  formula: '(V_ask - V_bid)/(V_ask + V_bid)',
  merge: 'R',
  empty: 'null',
  filter: 'volume',
  uses: () => ({ bought: sum('Size', eq('Direction', 1)), sold: sum('Size', eq('Direction', -1)) }),
  value: ({ bought, sold }) => (bought - sold) / (bought + sold),
})
