import type { Metric } from '../../lib/core/index.js'
import { characteristics } from '../characteristics/module.js'
import * as items from './items.js'

const METRICS: Metric[] = Object.values(items)
  .filter((each): each is Metric => 'kind' in each && each.kind === 'metric')
  .sort((a, b) => a.declared - b.declared)

export const tradeCharacteristics = characteristics(
  {
    name: 'trade_characteristics',
    doc: 'counts of trades and what kinds of them there are; every row counts, whatever its size and class',
    table: 'trades',
    block: 'trade_characteristics_analytics',
  },
  METRICS,
)
