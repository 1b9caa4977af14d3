import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { duck } from '../support/duck.js'

/** Partition dates of the tables. */
export const DAYS = ['2026-02-03', '2026-02-04']

/** Orders in which rows may lie in their files. */
export const ORDERS = ['ListingId, time', 'time', 'any']

/**
 * Writes tables trades, two files a date, and l2. Stamps are on a grid of 50 ms: trades of one instant are told apart by a
 * sequence number that few have, then by their place; one side in three is unknown, one class in four is not continuous; one
 * snapshot in five is no valid quote, some lack a quantity.
 */
export async function writeTradesAndQuotes(root: string, order: string): Promise<void> {
  const stamp = (day: string, slot: string) => `TIMESTAMP_NS '${day} 09:00:00' + INTERVAL (50 * (${slot})) MILLISECOND`
  const orderOf = (time: string) => order.replace('time', time).replace('any', 'hash(i, 5)')
  for (const [d, day] of DAYS.entries()) {
    const random = (salt: number, below: number) => `(hash(i, ${100 * d + salt}) % ${below})::BIGINT`
    const nullIn = (salt: number, below: number, value: string) =>
      `CASE WHEN ${random(salt, below)} = 0 THEN NULL ELSE ${value} END`
    for (const table of ['trades', 'l2']) mkdirSync(join(root, table, `date=${day}`), { recursive: true })
    const trades = [0, 1].map(
      part => `COPY (SELECT ${random(1, 7)} AS ListingId, ${stamp(day, random(2, 3000))} AS TradeTimestamp,
          CASE WHEN ${random(6, 3)} = 0 THEN ${random(7, 4)} END AS SequenceNo,
          100 + ${random(3, 12)} / 10 AS Price, 1 + ${random(4, 9)} AS Size,
          ${nullIn(8, 6, random(5, 3))}::TINYINT AS AggressorSide,
          CASE ${random(9, 8)} WHEN 0 THEN 'LIT_AUCTION' WHEN 1 THEN 'OFF_BOOK_ON_EXCHANGE' ELSE 'LIT_CONTINUOUS' END AS Classification,
          CASE ${random(10, 3)} WHEN 0 THEN 'RETAIL' ELSE 'UNKNOWN' END AS BMLLParticipantType
          FROM range(4000) r(i) WHERE i % 2 = ${part} ORDER BY ${orderOf('TradeTimestamp')})
        TO '${join(root, 'trades', `date=${day}`, `part-${part}.parquet`)}' (ROW_GROUP_SIZE 2048)`,
    )
    await duck([
      ...trades,
      `COPY (SELECT 1 + ${random(11, 7)} AS ListingId, ${stamp(day, random(12, 2900))} AS EventTimestamp, i AS BMLLSequenceNo,
          ${nullIn(15, 10, `100 + ${random(13, 9)} / 10`)} AS BidPrice1,
          ${nullIn(16, 10, `100.4 + ${random(14, 9)} / 10`)} AS AskPrice1,
          ${nullIn(17, 9, `1 + ${random(18, 50)}`)} AS BidQuantity1, ${nullIn(19, 9, `1 + ${random(20, 50)}`)} AS AskQuantity1
          FROM range(2500) r(i) ORDER BY ${orderOf('EventTimestamp')})
        TO '${join(root, 'l2', `date=${day}`, 'part-0.parquet')}' (ROW_GROUP_SIZE 2048)`,
    ])
  }
}

/**
 * Returns common table expressions that end in `seen`: trades with the valid quote strictly before them (b, a, qb, qa, m), no
 * older than `tolerance` ns, the direction that the tick rule tells (tick) and the one that is in force (side).
 */
export function seenSql(root: string, classify: 'none' | 'quote' | 'tick', tolerance: number | null): string {
  const rule = { none: '0', tick: 'tick', quote: 'CASE WHEN p > m THEN 1 WHEN p < m THEN -1 ELSE tick END' }[classify]
  const young = tolerance === null ? 'true' : `tr.t - q.t <= ${tolerance}`
  const of = (value: string) => `CASE WHEN ${young} THEN q.${value} END AS ${value}`
  return `WITH
    rows AS (SELECT "date"::VARCHAR AS d, ListingId AS l, epoch_ns(TradeTimestamp) AS t, SequenceNo AS s, Price AS p, Size AS z,
        coalesce(AggressorSide, 0) AS told, Classification AS class, BMLLParticipantType = 'RETAIL' AS retail,
        Classification = 'LIT_CONTINUOUS' AS base, filename, file_row_number
      FROM read_parquet('${root}/trades/**/*.parquet', hive_partitioning = true, filename = true, file_row_number = true)),
    ordered AS (SELECT *, row_number() OVER (PARTITION BY d, l ORDER BY t, s NULLS LAST, filename, file_row_number) AS o FROM rows),
    before AS (SELECT *, last_value(CASE WHEN base THEN p END IGNORE NULLS) OVER w AS lastp FROM ordered
      WINDOW w AS (PARTITION BY d, l ORDER BY o ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)),
    ticks AS (SELECT *, coalesce(nullif(sign(p - lastp), 0),
        last_value(CASE WHEN base THEN nullif(sign(p - lastp), 0) END IGNORE NULLS) OVER w, 0) AS tick FROM before
      WINDOW w AS (PARTITION BY d, l ORDER BY o ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)),
    book AS (SELECT "date"::VARCHAR AS d, ListingId AS l, epoch_ns(EventTimestamp) AS t, BMLLSequenceNo AS s, BidPrice1 AS b,
        AskPrice1 AS a, coalesce(BidQuantity1, 0) AS qb, coalesce(AskQuantity1, 0) AS qa
      FROM read_parquet('${root}/l2/**/*.parquet', hive_partitioning = true)),
    quotes AS (SELECT d, l, t, arg_max(b, s) AS b, arg_max(a, s) AS a, arg_max(qb, s) AS qb, arg_max(qa, s) AS qa
      FROM book WHERE b <= a GROUP BY ALL),
    quoted AS (SELECT tr.*, ${['b', 'a', 'qb', 'qa'].map(of).join(', ')}
      FROM ticks tr ASOF LEFT JOIN quotes q ON tr.d = q.d AND tr.l = q.l AND q.t < tr.t),
    mids AS (SELECT *, (a + b) / 2 AS m, CASE WHEN qa + qb > 0 THEN (b * qa + a * qb) / (qa + qb) END AS w,
        (ceil(t / 60e9) * 60e9)::BIGINT::VARCHAR AS label FROM quoted),
    seen AS (SELECT *, CASE told WHEN 1 THEN 1 WHEN 2 THEN -1 ELSE ${rule} END AS side FROM mids)`
}
