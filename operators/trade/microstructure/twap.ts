import { series } from '../../../lib/core/index.js'
import { microstructure } from './family.js'

export const tradeTwap = microstructure({
  pick: 'TradeTwap',
  takes: ['carry_in'],
  unit: 'local currency',
  doc: "time-weighted price: each trade's price stands until the next trade, the last one until the bucket ends",
  formula: 'Σ p_i(t_{i+1} - t_i) / Σ(t_{i+1} - t_i), from the first trade, or from T0 with carry_in, to T1',
  merge: 'T',
  empty: 'null',
  filter: 'price',
  uses: ({ carry_in }) => ({ price: series('twap', ['LocalPrice'], { carry_in: carry_in ?? false }) }),
})
