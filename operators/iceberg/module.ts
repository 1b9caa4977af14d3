import { and, module, type Offer, TRUE } from '../../lib/core/index.js'
import { nameable } from '../l3/order.js'
import { type OrderSide, ofSide } from '../l3/rows.js'
import { icebergSettings } from './settings.js'

const MEASURES = ['ExecutionVolume', 'ExecutionCount', 'AverageSize', 'RevealedPeakCount']

/** Peaks are counted by order: without a column that names orders, the default leaves them out. */
const usual = (offer: Offer): string[] => [
  ...MEASURES,
  ...(nameable(offer) ? ['AveragePeakCount'] : []),
  'OrderImbalance',
]

export const iceberg = module({
  name: 'iceberg',
  doc: 'icebergs: executions of orders that take more than these showed, and the chains of orders that they come from',
  table: 'l3',
  block: 'iceberg_analytics',
  settings: icebergSettings,
  defaults: offer => usual(offer).map(each => ({ family: 'metrics', entry: { measures: [each], sides: ['Total'] } })),
  rows: () => TRUE,
  where: (_, { side }) => (side ? ofSide(side as OrderSide) : and()),
  excluded: () => [],
  sideOutputs: ({ tag_trades, trade_tag_context_key }) => [
    { names: ['iceberg_events'], module: 'iceberg_events' },
    ...(tag_trades === false
      ? []
      : [{ names: ['iceberg_trades', trade_tag_context_key ?? 'trades_iceberg'], module: 'iceberg_trades' }]),
  ],
  notes: offer =>
    nameable(offer) || offer.config.metrics?.length > 0
      ? []
      : ['iceberg leaves out AveragePeakCount, as no column names orders'],
})
