import { resolve } from 'node:path'
import { TRADE_TABLES, writeSample } from '../../lib/sample/write.js'

/** A small market of several row groups a file, so that workers share each file. */
export const MARKET = { listings: 4, trades: 1500, days: 2, rowGroupRows: 300 }

export type Trade = Record<string, unknown>

/** Metrics of every kind of fold: sums, extremes, first and last, moments, and series, which need the rows themselves. */
const TRADE: Trade = {
  generic_metrics: [
    {
      sides: ['Total', 'Bid', 'Ask'],
      measures: ['OHLC', 'Volume', 'Count', 'VWAP', 'NotionalEUR', 'AvgPrice', 'MedianPrice', 'Volatility'],
    },
  ],
  discrepancy_metrics: [{ references: ['EBBO'], aggregations: ['Mean', 'Std', 'Median'] }],
  microstructure_metrics: [
    { variant: ['TradeTwap'], carry_in: true },
    { variant: ['Vpin'], n: 3, bucket_volume: 5000 },
    { variant: ['TradeRealizedVariance'], grid_seconds: 20 },
    { variant: ['KyleLambda'], interval: '1m' },
    { variant: ['TradeFlowImbalance', 'RollSpread'] },
  ],
}

/** A config over a sample market in `root`. */
export function marketConfig(root: string) {
  return {
    START_DATE: '2026-02-03',
    END_DATE: '2026-02-04',
    DATASETNAME: 'laws',
    DATA: { root, layout: 'hive', tables: { reference: {} } },
    PASSES: [{ name: 'bars', modules: ['trade'], time_bucket_seconds: 300, trade_analytics: TRADE }],
  }
}

/** Writes the small market below a folder and returns its config. */
export async function smallMarket(folder: string, options: Partial<typeof MARKET> & { seed?: number } = {}) {
  const root = resolve(folder, 'market')
  await writeSample({ out: root, tables: TRADE_TABLES, ...MARKET, ...options })
  return marketConfig(root)
}

/** A config over the real day of trades in `root`: other names, integer prices, no sides, no sequence numbers. */
export function realDayConfig(root: string) {
  return {
    START_DATE: '2013-10-07',
    END_DATE: '2013-10-07',
    DATASETNAME: 'laws',
    DATA: {
      root,
      layout: 'hive',
      tables: {
        trades: {
          columns: { ListingId: 'symbol_id', Ticker: 'symbol', TradeTimestamp: 'ts', Price: 'px_e4', Size: 'qty' },
          extra: { exch: 'exch', cond: 'cond', suspicious: 'suspicious' },
          constants: { CurrencyCode: 'USD' },
          price_scale: '0.0001',
        },
      },
    },
    PASSES: [
      {
        name: 'bars',
        modules: ['trade'],
        time_bucket_seconds: 60,
        trade_analytics: {
          generic_metrics: [
            { measures: ['OHLC', 'Volume', 'Count', 'VWAP', 'Notional', 'AvgPrice', 'MedianPrice', 'Volatility'] },
          ],
          microstructure_metrics: [
            { variant: ['TradeTwap'], carry_in: true },
            { variant: ['TradeRealizedVariance'], grid_seconds: 5 },
          ],
        },
      },
    ],
  }
}
