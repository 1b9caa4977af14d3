import { mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { dayOf, dayText, isWeekend } from '../../lib/core/index.js'
import { TRADE_TABLES, writeSample } from '../../lib/sample/write.js'
import { configFile } from './command.js'

/** Writes the market that the commands are tried on, as `sample-market` in a folder. */
export async function sampleMarket(folder: string, options: { trades?: number; days?: number } = {}): Promise<void> {
  await writeSample({
    out: join(folder, 'sample-market'),
    tables: TRADE_TABLES,
    listings: 4,
    trades: 1200,
    days: 2,
    ...options,
  })
}

/** A config over that market: bars of an hour, so that output is short. */
export const BARS = {
  START_DATE: '2026-02-03',
  END_DATE: '2026-02-04',
  DATASETNAME: 'tried',
  EXECUTION: { workers: 1 }, // threads take longer to start than these markets to compute
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

const DAYS = 40

/**
 * Writes a market of forty dates that are all one file, and a config that makes a row of forty columns of every trade
 * of each: much to compute and to write, little to prepare.
 */
export async function manyDates(folder: string): Promise<string> {
  await sampleMarket(folder, { trades: 7000, days: 1 })
  const trades = join(folder, 'sample-market/trades')
  const dates: string[] = []
  for (let day = (dayOf('2026-02-03') as number) + 1; dates.length < DAYS; day++) {
    if (isWeekend(day)) continue
    dates.push(dayText(day))
    mkdirSync(join(trades, `date=${dayText(day)}`))
    for (const mic of readdirSync(join(trades, 'date=2026-02-03'))) {
      symlinkSync(join(trades, 'date=2026-02-03', mic), join(trades, `date=${dayText(day)}`, mic))
    }
  }
  const metrics = {
    sides: ['Total', 'Bid', 'Ask', 'Unknown'],
    measures: ['OHLC', 'Volume', 'Count', 'VWAP', 'Notional', 'AvgPrice', 'NotionalEUR', 'NotionalUSD'],
  }
  const [pass] = BARS.PASSES
  return configFile(folder, {
    ...BARS,
    END_DATE: dates[DAYS - 1],
    BATCH_FREQ: null,
    PASSES: [{ ...pass, timeline_mode: 'sparse_original', trade_analytics: { generic_metrics: [metrics] } }],
  })
}
