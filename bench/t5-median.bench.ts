import type { Job } from './job.js'
import { barsConfig, KEYS, polarsBucket, polarsMinute, sqlBucket, sqlMinute } from './minute-bars.js'

/** The median price of every listing and minute, of all trades. */
export const medianPrices: Job = {
  name: 'T5',
  title: 'median price per listing and minute',
  races: [
    { layout: { order: 'time', rowGroupRows: 122_880, codec: 'zstd' }, measures: ['warm', 'cold'] },
    { layout: { order: 'listing', rowGroupRows: 122_880, codec: 'zstd' }, measures: ['warm'] },
  ],
  must: { warm: { duckdb: 1.5, polars: 1.5 } },

  config: (root, days) => barsConfig(root, days, { base_filter: {}, generic_metrics: [{ measures: ['MedianPrice'] }] }),

  answer: { keys: KEYS, exact: { TradeTotalMedianPrice: 'median' }, sums: {}, deviations: {} },

  sql: files => `
    SELECT ListingId, ${sqlBucket(sqlMinute)}, median(Price) AS median
    FROM read_parquet('${files}', hive_partitioning = false)
    GROUP BY ListingId, ${sqlMinute}`,

  polars: files => `
    pl.scan_parquet('${files}', hive_partitioning=False)
    .group_by('ListingId', ${polarsMinute})
    .agg(median=col('Price').median())
    .with_columns(${polarsBucket})`,
}
