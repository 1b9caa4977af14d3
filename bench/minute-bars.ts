/** Returns a config as a user of these files would write it, of one pass with a bar for each listing and minute. */
export function barsConfig(
  root: string,
  days: string[],
  tradeAnalytics: object,
  more: { filter?: object; packs?: string[]; run?: object; pass?: object } = {},
) {
  return {
    START_DATE: days[0],
    END_DATE: days.at(-1),
    DATASETNAME: 'bench',
    ...more.run,
    ...(more.packs && { PACKS: more.packs }),
    DATA: {
      root,
      layout: 'hive',
      tables: {
        trades: {
          columns: { SequenceNo: 'ExchangeSequenceNo', MidPrice: 'PrimaryMid' },
          ...(more.filter && { filter: more.filter }),
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
        ...more.pass,
        trade_analytics: tradeAnalytics,
      },
    ],
  }
}

/** Keys of every answer. */
export const KEYS = ['ListingId', 'TimeBucket']

/** A minute as a whole number: both rivals group by it as fast as by the instant, or faster. */
export const sqlMinute = 'epoch_ns(TradeTimestamp) // 60000000000'
export const sqlBucket = (minute: string) => `make_timestamp_ns(${minute} * 60000000000) AS TimeBucket`
export const polarsMinute = `minute=col('TradeTimestamp').cast(pl.Int64) // 60_000_000_000`
export const polarsBucket = `TimeBucket=(col('minute') * 60_000_000_000).cast(pl.Datetime('ns'))`
