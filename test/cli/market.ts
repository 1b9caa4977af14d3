import { join } from 'node:path'
import { writeSample } from '../../lib/sample/write.js'

/** Writes the market that the commands are tried on, as `sample-market` in a folder. */
export async function sampleMarket(folder: string, options: { trades?: number; days?: number } = {}): Promise<void> {
  await writeSample({ out: join(folder, 'sample-market'), listings: 4, trades: 1200, days: 2, ...options })
}

/** A config over that market: bars of an hour, so that output is short. */
export const BARS = {
  START_DATE: '2026-02-03',
  END_DATE: '2026-02-04',
  DATASETNAME: 'tried',
  DATA: { root: 'sample-market', layout: 'hive', tables: { reference: {} } },
  PASSES: [
    {
      name: 'bars',
      modules: ['trade'],
      time_bucket_seconds: 3600,
      trade_analytics: { generic_metrics: [{ measures: ['OHLC', 'Volume', 'Count', 'VWAP'] }] },
    },
  ],
}
