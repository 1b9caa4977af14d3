import type { Job } from './job.js'
import { barsConfig, polarsMinute, sqlMinute } from './minute-bars.js'
import { filter, polarsFilter, sqlFilter } from './t1-filter.js'

const config = (root: string, days: string[]) => {
  const base = barsConfig(
    root,
    days,
    { base_filter: filter.base, generic_metrics: [{ measures: ['Volume', 'NotionalEUR', 'OHLC'] }] },
    { filter: filter.table },
  )
  const quarters = {
    name: 'quarters',
    modules: ['generic'],
    generic_analytics: {
      source_pass: 'bars',
      group_by: ['InstrumentId', 'TimeBucket'],
      resample_rule: '15m',
      aggregations: { TradeTotalVolume: 'sum', TradeTotalNotionalEUR: 'sum', Close: 'last' },
      talib_indicators: [{ name: 'SMA', input_col: 'Close', timeperiod: 14 }],
    },
  }
  return { ...base, PASSES: [...base.PASSES, quarters] }
}

/** Two passes: 1-minute bars of listings, 15-minute bars of instruments from them, and an average over 14 of those. */
export const passesOfPasses: Job = {
  name: 'T7',
  title: '1-minute bars per listing, 15-minute bars per instrument from them, SMA 14',
  races: [
    {
      layout: { order: 'listing', rowGroupRows: 122_880, codec: 'snappy' },
      measures: ['warm', 'cold'],
      quick: ['warm'],
    },
    { layout: { order: 'time', rowGroupRows: 122_880, codec: 'zstd' }, measures: ['warm'] },
  ],
  must: { warm: { duckdb: 1, polars: 1 } },
  config,

  answer: {
    keys: ['InstrumentId', 'TimeBucket'],
    exact: { TradeTotalVolume: 'volume', Close: 'close' },
    sums: { TradeTotalNotionalEUR: 'notional', Sma14: 'sma' },
    deviations: {},
  },

  sql: files => `
    WITH bars AS (
      SELECT ListingId, any_value(InstrumentId) AS InstrumentId, ${sqlMinute} AS minute, sum(Size) AS volume,
        sum(TradeNotionalEUR) AS notional, arg_max(Price, TradeTimestamp) AS close, max(TradeTimestamp) AS t
      FROM read_parquet('${files}', hive_partitioning = false) ${sqlFilter}
      GROUP BY ListingId, minute),
    quarters AS (
      SELECT InstrumentId, make_timestamp_ns(minute // 15 * 900000000000) AS TimeBucket, sum(volume) AS volume,
        sum(notional) AS notional, arg_max(close, t) AS close
      FROM bars GROUP BY ALL)
    SELECT *, CASE WHEN count(*) OVER last14 = 14 THEN avg(close) OVER last14 END AS sma FROM quarters
    WINDOW last14 AS (PARTITION BY InstrumentId ORDER BY TimeBucket ROWS 13 PRECEDING)`,

  polars: files => `
    pl.scan_parquet('${files}', hive_partitioning=False)
    ${polarsFilter}
    .group_by('ListingId', ${polarsMinute})
    .agg(
      InstrumentId=col('InstrumentId').first(), volume=col('Size').sum(), notional=col('TradeNotionalEUR').sum(),
      close=col('Price').last(), t=col('TradeTimestamp').max(),
    )
    .group_by('InstrumentId', TimeBucket=(col('minute') // 15 * 900_000_000_000).cast(pl.Datetime('ns')))
    .agg(volume=col('volume').sum(), notional=col('notional').sum(), close=col('close').sort_by('t').last())
    .sort('InstrumentId', 'TimeBucket')
    .with_columns(sma=col('close').rolling_mean(14).over('InstrumentId'))`,
}
