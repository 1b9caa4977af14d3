import { columnsOf, type Metric, type Offer, TRUE } from '../../lib/core/index.js'

/** Lists the columns that an item needs and the table lacks. */
export function missingColumns(item: Metric, offer: Offer): string[] {
  const folds = Object.values(item.uses({ item: item.pick }, offer))
  return columnsOf(...folds.flatMap(({ inputs, where = TRUE }) => [...inputs, where])).filter(name => !offer.has(name))
}

/** Says what the default list of a module leaves out, and for want of which column. */
export function leftOut(module: string, items: readonly Metric[], offer: Offer): string[] {
  if (offer.config.items) return []
  const without = items.flatMap(item => {
    const columns = missingColumns(item, offer)
    return columns.length > 0 ? [`${item.pick} (${columns.join(', ')})`] : []
  })
  return without.length > 0 ? [`${module} leaves out, for columns not mapped: ${without.join(', ')}`] : []
}
