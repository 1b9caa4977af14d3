import type { Layout } from './data.js'
import type { Job, Measure } from './job.js'
import { barsConfig, KEYS, polarsBucket, polarsMinute, sqlBucket, sqlMinute } from './minute-bars.js'
import { filter, polarsFilter, sqlFilter } from './t1-filter.js'

const layout = (order: Layout['order'], rowGroupRows: number, codec: Layout['codec'], encodings?: 'v2'): Layout => ({
  order,
  rowGroupRows,
  codec,
  ...(encodings && { encodings }),
})
const [small, large] = [122_880, 1_048_576]
const all: Measure[] = ['warm', 'cold', 'first']

/** 1-minute bars per listing of a day of trades, filtered on two text columns. */
export const mainJob: Job = {
  name: 'T1',
  title: '1-minute bars per listing: count, volume, notional, VWAP, OHLC, volume and count by side',
  races: [
    { layout: layout('listing', small, 'snappy'), measures: all },
    { layout: layout('listing', small, 'zstd'), measures: [...all, 'growth'], quick: all },
    { layout: layout('time', small, 'snappy'), measures: all },
    { layout: layout('time', small, 'zstd'), measures: all, quick: ['first'] },
    { layout: layout('listing', large, 'zstd'), measures: all },
    { layout: layout('time', large, 'zstd'), measures: all },
    { layout: layout('listing', large, 'zstd', 'v2'), measures: all },
    { layout: layout('random', small, 'snappy'), measures: ['warm', 'cold'] },
  ],
  must: {
    warm: { duckdb: 3, polars: 1.5 },
    cold: { duckdb: 1, polars: 1 },
    size: 1.1,
    peak: { small: 200, large: 300 },
    growth: 1.03,
    first: 0.25,
  },

  config: (root, days) =>
    barsConfig(
      root,
      days,
      {
        base_filter: filter.base,
        generic_metrics: [
          { measures: ['Count', 'Volume', 'NotionalEUR', 'VWAP', 'OHLC'] },
          { sides: ['Bid', 'Ask'], measures: ['Count', 'Volume'] },
        ],
      },
      { filter: filter.table },
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
      TradeBidCount: 'bid_n',
      TradeBidVolume: 'bid_volume',
      TradeAskCount: 'ask_n',
      TradeAskVolume: 'ask_volume',
    },
    sums: { TradeTotalNotionalEUR: 'notional', TradeTotalVWAP: 'vwap' },
    deviations: {},
  },

  sql: files => `
    SELECT ListingId, ${sqlBucket(sqlMinute)}, count(*) AS n, sum(Size) AS volume,
      sum(TradeNotionalEUR) AS notional, sum(Price * Size) / sum(Size) AS vwap,
      arg_min(Price, TradeTimestamp) AS open, max(Price) AS high, min(Price) AS low, arg_max(Price, TradeTimestamp) AS close,
      count(*) FILTER (AggressorSide = 2) AS bid_n, coalesce(sum(Size) FILTER (AggressorSide = 2), 0) AS bid_volume,
      count(*) FILTER (AggressorSide = 1) AS ask_n, coalesce(sum(Size) FILTER (AggressorSide = 1), 0) AS ask_volume
    FROM read_parquet('${files}', hive_partitioning = false) ${sqlFilter}
    GROUP BY ListingId, ${sqlMinute}`,

  // first and last follow the order of the files: a little quicker than min_by where that is the order of time.
  polars: (files, order) => `
    pl.scan_parquet('${files}', hive_partitioning=False)
    ${polarsFilter}
    .group_by('ListingId', ${polarsMinute})
    .agg(
      n=pl.len(), volume=col('Size').sum(), notional=col('TradeNotionalEUR').sum(),
      vwap=(col('Price') * col('Size')).sum() / col('Size').sum(),
      open=col('Price').${order === 'random' ? `min_by('TradeTimestamp')` : 'first()'},
      close=col('Price').${order === 'random' ? `max_by('TradeTimestamp')` : 'last()'},
      high=col('Price').max(), low=col('Price').min(),
      bid_n=(col('AggressorSide') == 2).sum(), bid_volume=col('Size').filter(col('AggressorSide') == 2).sum(),
      ask_n=(col('AggressorSide') == 1).sum(), ask_volume=col('Size').filter(col('AggressorSide') == 1).sum(),
    )
    .with_columns(${polarsBucket})`,
}
