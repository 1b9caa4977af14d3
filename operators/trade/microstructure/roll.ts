import { series } from '../../../lib/core/index.js'
import { microstructure } from './family.js'

export const rollSpread = microstructure({
  pick: 'RollSpread',
  unit: 'local currency',
  doc: 'spread implied by the bounce of trade prices (Roll 1984); null below three prices, or where prices trend',
  formula: '2√(-c), c population covariance of (Δp_i, Δp_{i+1})',
  merge: '–',
  empty: 'null',
  filter: 'price',
  uses: () => ({ spread: series('roll', ['LocalPrice']) }),
})
