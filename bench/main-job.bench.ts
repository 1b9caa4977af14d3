import type { Job } from './job.js'
import { DAY } from './trades.sql.js'

const CLASSES = ['LIT_CONTINUOUS', 'LIT_AUCTION_OPEN', 'LIT_AUCTION_CLOSE', 'HIDDEN']
const STATES = ['CONTINUOUS_TRADING']
const quoted = (words: string[]) => words.map(word => `'${word}'`).join(', ')

/** 1-minute bars per listing of a day of trades, filtered on two text columns. */
export const mainJob: Job = {
  name: 'main-job',
  title: '1-minute bars per listing: count, volume, notional, VWAP, OHLC, volume and count by side',
  variants: [
    { order: 'listing', codec: 'snappy', rowGroupRows: 122_880 },
    { order: 'time', codec: 'zstd', rowGroupRows: 122_880 },
  ],

  // What a user of these files would write: nothing here is known to the engine beforehand.
  config: root => ({
    START_DATE: DAY,
    END_DATE: DAY,
    DATASETNAME: 'bench',
    DATA: {
      root,
      layout: 'hive',
      tables: {
        trades: {
          columns: { SequenceNo: 'ExchangeSequenceNo', MidPrice: 'PrimaryMid' },
          filter: { MarketState: STATES },
        },
      },
    },
    PASSES: [
      {
        name: 'bars',
        modules: ['trade'],
        time_bucket_seconds: 60,
        time_bucket_anchor: 'start',
        time_bucket_closed: 'left',
        trade_analytics: {
          base_filter: { Classification: CLASSES },
          generic_metrics: [
            { measures: ['Count', 'Volume', 'NotionalEUR', 'VWAP', 'OHLC'] },
            { sides: ['Bid', 'Ask'], measures: ['Count', 'Volume'] },
          ],
        },
      },
    ],
  }),

  answer: {
    keys: ['ListingId', 'TimeBucket'],
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
    close: { TradeTotalNotionalEUR: 'notional', TradeTotalVWAP: 'vwap' },
  },

  sql: files => `
    SELECT ListingId, date_trunc('minute', TradeTimestamp) AS TimeBucket, count(*) AS n, sum(Size) AS volume,
      sum(TradeNotionalEUR) AS notional, sum(Price * Size) / sum(Size) AS vwap,
      arg_min(Price, TradeTimestamp) AS open, max(Price) AS high, min(Price) AS low, arg_max(Price, TradeTimestamp) AS close,
      count(*) FILTER (AggressorSide = 2) AS bid_n, coalesce(sum(Size) FILTER (AggressorSide = 2), 0) AS bid_volume,
      count(*) FILTER (AggressorSide = 1) AS ask_n, coalesce(sum(Size) FILTER (AggressorSide = 1), 0) AS ask_volume
    FROM read_parquet('${files}', hive_partitioning = false)
    WHERE Classification IN (${quoted(CLASSES)}) AND MarketState IN (${quoted(STATES)})
    GROUP BY ALL`,

  // first and last follow the order of the files, which is by time: quicker than min_by, and Polars keeps it.
  polars: files => `
    pl.scan_parquet('${files}', hive_partitioning=False)
    .filter(col('Classification').is_in([${quoted(CLASSES)}]) & col('MarketState').is_in([${quoted(STATES)}]))
    .group_by('ListingId', TimeBucket=col('TradeTimestamp').dt.truncate('1m'))
    .agg(
      n=pl.len(), volume=col('Size').sum(), notional=col('TradeNotionalEUR').sum(),
      vwap=(col('Price') * col('Size')).sum() / col('Size').sum(),
      open=col('Price').first(), high=col('Price').max(), low=col('Price').min(), close=col('Price').last(),
      bid_n=(col('AggressorSide') == 2).sum(), bid_volume=col('Size').filter(col('AggressorSide') == 2).sum(),
      ask_n=(col('AggressorSide') == 1).sum(), ask_volume=col('Size').filter(col('AggressorSide') == 1).sum(),
    )`,
}
