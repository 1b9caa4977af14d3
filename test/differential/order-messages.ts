import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { duck } from '../support/duck.js'

export const DATES = ['2026-02-03', '2026-02-04']

/** What a drawn market of order messages is like. */
export interface Messages {
  /** How orders are named: integers that no double tells apart, or text. */
  ids: 'i64' | 'str'
  /** Rows a date. */
  rows?: number
  /** Order of the rows in their file. */
  order?: string
  /** Messages of one instant without sequence numbers, which the order of the file then decides. */
  ties?: boolean
  rowGroupRows?: number
}

/**
 * Writes order messages below a folder, a file a date: each listing has few names of orders, which are inserted again
 * and again, executed, updated and removed in no sensible order. A name stands in one of three columns, beside others
 * that come after it, or nowhere.
 */
export async function writeMessages(
  root: string,
  { ids, rows = 6000, order = 'i', ties = true, rowGroupRows = 2048 }: Messages,
): Promise<void> {
  const id = (number: string) => (ids === 'i64' ? `9007199254740992 + (${number})::BIGINT` : `'O' || (${number})`)
  const none = ids === 'i64' ? 'NULL' : "CASE WHEN h(6) % 2 = 0 THEN '' END"
  const own = id('h(1) % 40')
  const other = id('h(2) % 40')
  for (const [d, date] of DATES.entries()) {
    const folder = join(root, 'l3', `date=${date}`)
    mkdirSync(folder, { recursive: true })
    const number = ties ? 'CASE WHEN h(3) % 4 > 0 THEN (h(4) % 7)::BIGINT END' : 'i'
    await duck(
      [],
      `COPY (SELECT 100 + (h(5) % 5)::BIGINT AS ListingId,
          make_timestamp_ns(epoch_ns(TIMESTAMP '${date} 08:00:00') + i // 3 * 240000000) AS TimestampNanoseconds,
          ${number} AS EventNo,
          [1, 2, 2, 3, 3, 4][1 + h(7) % 6] AS LobAction,
          CASE WHEN h(8) % 20 > 0 THEN [1, 1, 2, 2, 2, 0][1 + h(9) % 6] END AS Side,
          CASE WHEN h(10) % 15 > 0 THEN 50 + (h(11) % 200)::BIGINT END AS Size,
          CASE WHEN h(12) % 15 > 0 THEN 50 + (CASE WHEN h(33) % 4 = 0 THEN h(11) ELSE h(13) END % 200)::BIGINT END AS OldSize,
          CASE WHEN h(7) % 6 = 0 OR h(14) % 6 = 0 THEN (h(15) % 120)::BIGINT END AS ExecutionSize,
          CASE h(16) % 5 WHEN 0 THEN ${own} WHEN 1 THEN ${own} ELSE ${none} END AS OriginalOrderId,
          CASE h(16) % 5 WHEN 1 THEN ${other} WHEN 2 THEN ${own} WHEN 3 THEN ${own} ELSE ${none} END AS OrderId,
          CASE h(16) % 5 WHEN 3 THEN ${other} WHEN 4 THEN CASE WHEN h(17) % 4 > 0 THEN ${own} ELSE ${none} END END AS OldOrderId,
          CASE WHEN h(18) % 9 > 0 THEN (h(19) % 500)::BIGINT END AS SizeAhead,
          CASE WHEN h(20) % 9 > 0 THEN (h(21) % 9)::BIGINT END AS OrdersAhead,
          (1 + h(22) % 3)::BIGINT AS PriceLevel,
          CASE WHEN h(24) % 9 > 0 THEN 10 + (h(25) % 6) / 4.0 END AS Price,
          CASE WHEN h(26) % 9 > 0 THEN 10 + (h(27) % 6) / 4.0 END AS OldPrice,
          CASE h(28) % 9 WHEN 0 THEN 'T' WHEN 1 THEN '' END AS TradeId,
          [true, true, true, false, NULL][1 + h(29) % 5] AS EndOfEvent,
          h(30) % 9 = 0 AS OrderExecuted,
          i // 2 + (h(31) % 30 = 0)::BIGINT AS ExchangeSequenceNo,
          make_timestamp(epoch_us(TIMESTAMP '${date} 08:00:00') + i // 2 * 100000 - (h(32) % 40 = 0)::BIGINT * 200000) AS EventTimestamp,
          ['CONTINUOUS_TRADING', 'OPENING_AUCTION', 'HALTED'][1 + h(23) % 3] AS MarketState
        FROM range(${rows}) AS r(i) ORDER BY ${order})
        TO '${join(folder, 'part-0.parquet')}' (FORMAT parquet, ROW_GROUP_SIZE ${rowGroupRows})`.replace(
        /h\((\d+)\)/g,
        (_, seed) => hash(Number(seed), d),
      ),
    )
  }
}

/** A number that a row, a column and a date decide. One argument: several are joined to hashes that go together. */
const hash = (seed: number, date: number): string => `(hash((i * 64 + ${seed}) * 2 + ${date}) >> 1)::BIGINT`
