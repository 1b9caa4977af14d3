import type { Job } from './job.js'
import { barsConfig, KEYS, polarsBucket, polarsMinute, sqlBucket, sqlMinute } from './minute-bars.js'
import { DAY } from './trades.sql.js'

/** 08:00 to 17:00: every trade lies within. */
const [FIRST, LAST] = [480, 1019]
const midnight = Date.parse(DAY) / 60_000 // minutes since the epoch
const [from, to] = [midnight + FIRST, midnight + LAST]

/** A row for every listing and minute of the day, prices carried forward. */
export const denseBars: Job = {
  name: 'T8',
  title: 'dense grid of 1-minute bars per listing, prices filled forward',
  races: [
    {
      layout: { order: 'listing', rowGroupRows: 122_880, codec: 'snappy' },
      measures: ['warm', 'cold'],
    },
    { layout: { order: 'time', rowGroupRows: 122_880, codec: 'zstd' }, measures: ['warm'] },
  ],
  must: { warm: { duckdb: 1, polars: 1 } },

  config: (root, days) =>
    barsConfig(
      root,
      days,
      { base_filter: {}, generic_metrics: [{ measures: ['OHLC', 'Count', 'Volume'] }] },
      {
        run: { DEFAULT_FFILL: true },
        pass: {
          timeline_mode: 'dense',
          dense_analytics: { mode: 'uniform', time_interval: ['08:00', '17:00'] },
        },
      },
    ),

  answer: {
    keys: KEYS,
    exact: {
      TradeTotalCount: 'n',
      TradeTotalVolume: 'volume',
      Open: 'open',
      High: 'high',
      Low: 'low',
      Close: 'close',
    },
    sums: {},
    deviations: {},
  },

  sql: files => `
    WITH bars AS (
      SELECT ListingId, ${sqlMinute} AS minute, count(*) AS n, sum(Size) AS volume,
        arg_min(Price, TradeTimestamp) AS open, max(Price) AS high, min(Price) AS low, arg_max(Price, TradeTimestamp) AS close
      FROM read_parquet('${files}', hive_partitioning = false)
      GROUP BY ListingId, ${sqlMinute}),
    grid AS (SELECT ListingId, minute FROM (SELECT DISTINCT ListingId FROM bars), range(${from}, ${to + 1}) AS minutes(minute))
    SELECT ListingId, ${sqlBucket('minute')}, coalesce(n, 0) AS n, coalesce(volume, 0) AS volume,
      ${['open', 'high', 'low', 'close'].map(price => `last_value(${price} IGNORE NULLS) OVER known AS ${price}`).join(', ')}
    FROM grid LEFT JOIN bars USING (ListingId, minute)
    WINDOW known AS (PARTITION BY ListingId ORDER BY minute ROWS UNBOUNDED PRECEDING)`,

  polars: (files, order) => `
    (lambda bars:
      bars.select('ListingId').unique()
      .join(pl.LazyFrame({'minute': pl.int_range(${from}, ${to + 1}, dtype=pl.Int64, eager=True)}), how='cross')
      .join(bars, on=['ListingId', 'minute'], how='left')
      .sort('ListingId', 'minute')
      .with_columns(col('n', 'volume').fill_null(0), col('open', 'high', 'low', 'close').forward_fill().over('ListingId'))
    )(
      pl.scan_parquet('${files}', hive_partitioning=False)
      .group_by('ListingId', ${polarsMinute})
      .agg(
        n=pl.len(), volume=col('Size').sum(),
        open=col('Price').${order === 'random' ? `min_by('TradeTimestamp')` : 'first()'},
        close=col('Price').${order === 'random' ? `max_by('TradeTimestamp')` : 'last()'},
        high=col('Price').max(), low=col('Price').min(),
      )
    )
    .with_columns(${polarsBucket})`,
}
