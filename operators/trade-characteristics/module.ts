import { columnsOf, type Metric, module, type Offer, TRUE } from '../../lib/core/index.js'
import * as items from './items.js'

const METRICS: Metric[] = Object.values(items)
  .filter(each => each.kind === 'metric')
  .sort((a, b) => a.declared - b.declared)

/** Lists the columns that an item needs and the table lacks. */
function missing(metric: Metric, offer: Offer): string[] {
  const folds = Object.values(metric.uses({ item: metric.pick }, offer))
  return columnsOf(...folds.flatMap(({ inputs, where = TRUE }) => [...inputs, where])).filter(name => !offer.has(name))
}

/** Says what the default list leaves out, and for want of which column. */
function leftOut(offer: Offer): string[] {
  if (offer.config.items) return []
  const without = METRICS.flatMap(metric => {
    const columns = missing(metric, offer)
    return columns.length > 0 ? [`${metric.pick} (${columns.join(', ')})`] : []
  })
  return without.length > 0 ? [`trade_characteristics leaves out, for columns not mapped: ${without.join(', ')}`] : []
}

export const tradeCharacteristics = module({
  name: 'trade_characteristics',
  doc: 'counts of trades and what kinds of them there are; every row counts, whatever its size and class',
  table: 'trades',
  block: 'trade_characteristics_analytics',
  settings: {},
  defaults: offer =>
    METRICS.filter(metric => missing(metric, offer).length === 0).map(({ pick }) => ({
      family: 'items',
      entry: { items: [pick] },
    })),
  rows: () => TRUE,
  where: () => TRUE,
  excluded: () => [],
  notes: leftOut,
})
