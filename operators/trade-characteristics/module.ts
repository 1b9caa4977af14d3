import { type Metric, module, TRUE } from '../../lib/core/index.js'
import * as items from './items.js'
import { leftOut, missingColumns } from './left-out.js'

const METRICS: Metric[] = Object.values(items)
  .filter(each => each.kind === 'metric')
  .sort((a, b) => a.declared - b.declared)

export const tradeCharacteristics = module({
  name: 'trade_characteristics',
  doc: 'counts of trades and what kinds of them there are; every row counts, whatever its size and class',
  table: 'trades',
  block: 'trade_characteristics_analytics',
  settings: {},
  defaults: offer =>
    METRICS.filter(metric => missingColumns(metric, offer).length === 0).map(({ pick }) => ({
      family: 'items',
      entry: { items: [pick] },
    })),
  rows: () => TRUE,
  where: () => TRUE,
  excluded: () => [],
  notes: offer => leftOut('trade_characteristics', METRICS, offer),
})
