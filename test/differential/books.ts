import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { duck } from '../support/duck.js'

export const DATES = ['2026-02-03', '2026-02-04']
export const LEVELS = 5

/** What a drawn market of books is like. */
export interface Books {
  /** Other seeds, other values. */
  seed?: number
  /** Snapshots a date. */
  rows?: number
  /** Order of the rows in their files. */
  order?: string
  /** Snapshots of one instant without sequence numbers, which the order of files and rows then decides. */
  ties?: boolean
  rowGroupRows?: number
  /** Files of a date. */
  files?: number
}

/**
 * Writes snapshots of five levels a side below a folder: prices locked and crossed, of one side or none, levels that are
 * missing, several at one instant, some exactly at the edge of a bucket, breaks longer than a bucket, a listing of which
 * little comes and one that is there on the second date alone.
 */
export async function writeBooks(
  root: string,
  { seed = 1, rows = 4000, order = 'hash(i)', ties = true, rowGroupRows = 2048, files = 3 }: Books = {},
): Promise<void> {
  const number = ties ? 'CASE WHEN h(3) % 4 > 0 THEN (h(4) % 7)::BIGINT END' : 'i'
  const levels = Array.from({ length: LEVELS }, (_, i) => i + 1).flatMap(level => [
    ...['Bid', 'Ask'].map(
      (side, s) =>
        `CASE WHEN ${side.toLowerCase()} IS NOT NULL AND h(${20 + 2 * level + s}) % 8 < ${9 - level}
          THEN round(${side.toLowerCase()} ${s ? '+' : '-'} ${level - 1} * 0.01, 2) END AS ${side}Price${level}`,
    ),
    ...['Bid', 'Ask'].map(
      (side, s) =>
        `CASE WHEN h(${40 + 2 * level + s}) % 12 > 0 THEN (h(${60 + 2 * level + s}) % 50)::BIGINT * 10 END AS ${side}Quantity${level}`,
    ),
  ])
  for (const [d, date] of DATES.entries()) {
    const folder = join(root, 'l2', `date=${date}`)
    mkdirSync(folder, { recursive: true })
    const drawn = `SELECT i,
        101 + CASE WHEN h(5) % 61 = 0 THEN 4 WHEN ${d} = 1 AND h(5) % 61 < 9 THEN 3 ELSE h(5) % 3 END AS ListingId,
        make_timestamp_ns(epoch_ns(TIMESTAMP '${date} 09:00:00') + i // 3 * 500000000 + i // 800 * 95000000000
          + h(6) % 3) AS TimestampNanoseconds,
        (h(7) % 2)::BIGINT AS BMLLSequenceSource,
        ${number} AS BMLLSequenceNo,
        CASE WHEN h(8) % 13 > 0 THEN round(10 + (h(9) % 40) / 100.0, 2) END AS bid,
        CASE WHEN h(10) % 13 > 0 THEN round(coalesce(10 + (h(9) % 40) / 100.0, 10) + [0, 0.01, 0.02, 0.05, -0.01][1 + h(11) % 5], 2) END AS ask,
        ['CONTINUOUS_TRADING', 'CONTINUOUS_TRADING', 'HALTED', NULL][1 + h(12) % 4] AS MarketState
      FROM range(${rows}) AS r(i)`.replace(/h\((\d+)\)/g, (_, column) => hash(Number(column), d, seed))
    const books = levels.join(', ').replace(/h\((\d+)\)/g, (_, column) => hash(Number(column), d, seed))
    for (let file = 0; file < files; file++)
      await duck(
        [],
        `COPY (SELECT ListingId::BIGINT AS ListingId, TimestampNanoseconds, BMLLSequenceSource, BMLLSequenceNo, MarketState, ${books}
          FROM (${drawn}) WHERE hash(i, 3) % ${files} = ${file} ORDER BY ${order})
          TO '${join(folder, `part-${file}.parquet`)}' (FORMAT parquet, ROW_GROUP_SIZE ${rowGroupRows})`,
      )
  }
}

/** A number that a row, a column, a date and the seed decide. */
const hash = (column: number, date: number, seed: number): string =>
  `(hash(((i * 128 + ${column}) * 2 + ${date}) * 1000 + ${seed}) >> 1)::BIGINT`
