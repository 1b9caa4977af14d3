import '../support/plain-threads.js'
import { join } from 'node:path'
import { TRADE_TABLES, writeSample } from '../../lib/sample/write.js'

/** Writes a small market and returns a config over it, as an object. */
export async function libraryConfig(folder: string) {
  const root = join(folder, 'market')
  await writeSample({ out: root, tables: TRADE_TABLES, listings: 4, trades: 1500, days: 2, rowGroupRows: 300 })
  return {
    START_DATE: '2026-02-03',
    END_DATE: '2026-02-04',
    DATASETNAME: 'library',
    DATA: { root, layout: 'hive' },
    OUTPUT_TARGET: { root: join(folder, 'out') },
    EXECUTION: { workers: 2 },
    PASSES: [
      {
        name: 'bars',
        modules: ['trade'],
        time_bucket_seconds: 1,
        trade_analytics: { generic_metrics: [{ measures: ['OHLC', 'Volume', 'MedianPrice'] }] },
      },
    ],
  }
}
