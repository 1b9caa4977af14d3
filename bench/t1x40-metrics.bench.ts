import { answerOf, polarsBySide, SIDES, sqlBySide } from './by-side.js'
import type { Job } from './job.js'
import { barsConfig, KEYS } from './minute-bars.js'
import { OWN_METRICS } from './own-metrics.js'
import { filter, polarsFilter, sqlFilter } from './t1-filter.js'

const MEASURES = [
  'Volume',
  'Count',
  'Notional',
  'NotionalEUR',
  'VWAP',
  'OHLC',
  'AvgPrice',
  'StdPrice',
  'LargestTrade',
  'LargeVolume',
] as const

const config = (root: string, days: string[], metrics: object[]) =>
  barsConfig(
    root,
    days,
    { base_filter: filter.base, generic_metrics: metrics },
    { filter: filter.table, packs: [OWN_METRICS] },
  )

/** T1 with 40 columns beside T1 with 5: what a further metric costs. */
export const costOfMetrics: Job = {
  name: 'T1x40',
  title: 'T1 with 40 columns over 3 sides; cost: its CPU seconds over those of T1 with 5 columns',
  races: [
    { layout: { order: 'listing', rowGroupRows: 122_880, codec: 'zstd' }, measures: ['warm', 'cost'] },
    { layout: { order: 'time', rowGroupRows: 122_880, codec: 'zstd' }, measures: ['cost'] },
  ],
  must: { cost: 2 },

  config: (root, days) =>
    config(root, days, [
      { sides: SIDES, measures: MEASURES },
      { sides: ['Total'], measures: ['LargeCount'] },
    ]),
  cheaper: (root, days) => config(root, days, [{ measures: ['Count', 'Volume', 'NotionalEUR', 'VWAP', 'AvgPrice'] }]),

  answer: { keys: KEYS, ...answerOf(MEASURES, 'LargeCount') },
  sql: files => sqlBySide(files, MEASURES, 'LargeCount', sqlFilter),
  polars: files => polarsBySide(files, MEASURES, 'LargeCount', polarsFilter),
}
