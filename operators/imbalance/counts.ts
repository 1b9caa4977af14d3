import * as z from 'zod'
import { count, type Expr, eq, family, metric } from '../../lib/core/index.js'

export const announcementCounts = family({
  module: 'imbalance',
  name: 'counts',
  doc: 'how many announcements there are, and of which side',
  axes: [{ field: 'count', parameter: 'count' }],
  pick: 'count',
  bare: true,
  fields: names => ({ count: z.array(z.enum(names)).min(1) }),
  example: { count: ['AnnouncementCount'] },
})

const counted = (pick: string, doc: string, formula: string, rows?: () => Expr) =>
  metric({
    module: 'imbalance',
    family: 'counts',
    pick,
    name: pick,
    unit: 'announcements',
    doc,
    formula,
    priority: 'E',
    merge: 'S',
    empty: 'zero',
    uses: () => ({ count: count(rows?.()) }),
  })

export const announcementCount = counted('AnnouncementCount', 'number of announcements', 'number of rows')
export const buyImbalanceCount = counted(
  'BuyImbalanceCount',
  'number of announcements in which buyers have more',
  'number of rows with ImbalanceSide = 1',
  () => eq('ImbalanceSide', 1),
)
export const sellImbalanceCount = counted(
  'SellImbalanceCount',
  'number of announcements in which sellers have more',
  'number of rows with ImbalanceSide = 2',
  () => eq('ImbalanceSide', 2),
)
