import { join } from 'node:path'
import { TRADE_TABLES, writeSample } from '../../lib/sample/write.js'
import { duck } from '../support/duck.js'

/** Who is in which basket: several at once, others from the second date on, one leaves, one is in none. */
const MEMBERS = `
  SELECT DATE '2026-02-01' AS "Date", l AS ListingId, 'all' AS IndexId FROM listings WHERE r <> 5
  UNION ALL SELECT DATE '2026-02-01', l, 'mod' || (r % 3) FROM listings WHERE r <> 5
  UNION ALL SELECT DATE '2026-02-04', l, 'mod' || ((r + 1) % 3) FROM listings WHERE r % 4 = 0
  UNION ALL SELECT DATE '2026-02-04', l, NULL FROM listings WHERE r = 1
  UNION ALL SELECT DATE '2026-02-05', l, 'late' FROM listings`

/** Writes a sample market of two days below a folder, and a membership of its listings in an order of its own. */
export async function basketMarket(root: string, order = 'hash(ListingId)'): Promise<void> {
  await writeSample({ out: root, tables: TRADE_TABLES, listings: 8, trades: 3000, days: 2, rowGroupRows: 1000 })
  await writeMembers(root, order)
}

/** Writes the membership of a market, its rows in an order of SQL. */
export async function writeMembers(root: string, order: string): Promise<void> {
  const trades = `read_parquet('${root}/trades/**/*.parquet')`
  await duck([
    `CREATE TABLE listings AS SELECT ListingId AS l, row_number() OVER (ORDER BY ListingId) AS r
      FROM (SELECT DISTINCT ListingId FROM ${trades})`,
    `COPY (SELECT * FROM (${MEMBERS}) ORDER BY ${order}) TO '${join(root, 'members.parquet')}'`,
  ])
}

/** A config that makes bars of a market and baskets of them, by both kinds of weights. */
export function basketConfig(root: string) {
  return {
    START_DATE: '2026-02-03',
    END_DATE: '2026-02-04',
    DATA: { root, layout: 'hive', tables: { group_df: { path: 'members.parquet' } } },
    PASSES: [
      {
        name: 'bars',
        modules: ['trade'],
        time_bucket_seconds: 60,
        trade_analytics: {
          generic_metrics: [
            { measures: ['Volume', 'Count', 'NotionalEUR', 'VWAP', 'OHLC'] },
            { measures: ['VWAP'], sides: 'Bid' },
          ],
        },
      },
      ...(['daily', 'bucket'] as const).map(weight_mode => ({
        name: weight_mode,
        modules: ['reaggregate'],
        reaggregate_analytics: { source_pass: 'bars', weight_mode, resample_rule: '15m' },
      })),
    ],
  }
}
