import { module, TRUE } from '../../lib/core/index.js'
import { measuresOf } from './measures.js'

export const auctionImbalance = module({
  name: 'imbalance',
  doc: 'announcements of auctions: indicative prices, paired quantities and what would stay unmatched',
  table: 'imbalance',
  block: 'imbalance_analytics',
  settings: {},
  defaults: offer => [
    { family: 'announcements', entry: { measures: measuresOf(offer), aggregations: ['Last'] } },
    { family: 'counts', entry: { count: ['AnnouncementCount'] } },
  ],
  rows: () => TRUE,
  where: () => TRUE,
  excluded: () => [],
})
