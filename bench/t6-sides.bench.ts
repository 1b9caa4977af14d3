import { answerOf, polarsBySide, SIDES, sqlBySide } from './by-side.js'
import type { Job } from './job.js'
import { barsConfig, KEYS } from './minute-bars.js'
import { OWN_METRICS } from './own-metrics.js'

const MEASURES = ['Volume', 'Count', 'Notional', 'VWAP', 'OHLC', 'AvgPrice', 'StdPrice'] as const

/** 30 columns: ten statistics of all trades, of those that met the bid and of those that met the ask. */
export const statisticsBySide: Job = {
  name: 'T6',
  title: '30 columns: 3 sides x volume, count, notional, VWAP, OHLC, mean, standard deviation',
  races: [
    { layout: { order: 'time', rowGroupRows: 122_880, codec: 'zstd' }, measures: ['warm', 'cold'] },
    { layout: { order: 'listing', rowGroupRows: 122_880, codec: 'zstd' }, measures: ['warm'] },
  ],
  must: { warm: { duckdb: 2, polars: 2 } },

  config: (root, days) =>
    barsConfig(
      root,
      days,
      { base_filter: {}, generic_metrics: [{ sides: SIDES, measures: MEASURES }] },
      { packs: [OWN_METRICS] },
    ),

  answer: { keys: KEYS, ...answerOf(MEASURES) },
  sql: files => sqlBySide(files, MEASURES),
  polars: files => polarsBySide(files, MEASURES),
}
