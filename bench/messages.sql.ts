import { DAY } from './trades.sql.js'

/**
 * SQL that makes a day of order messages (table l3). Every value is a hash of the order's number, so rows do not depend on
 * threads. An order is inserted, some are cut down, some executed in part, and each leaves: cancelled or filled. Its times
 * and prices are its own, so that messages contradict nothing in any order of orders: bids lie below a listing's base price
 * and asks above it, most of them near it.
 */

/** Messages of an order, on average; `messageStatements` makes so many fewer orders. */
const PER_ORDER = 2.7

/**
 * Statements to run once. The listing of rank r has a share near 1 / (r + 3); quotes crowd at the touch, by a geometric
 * number of ticks; orders live from a millisecond to hours, so that 20 to 30 of 1,500 listings' rest at a time in each.
 */
export const messagePreparation = (rows: number, seed: number, listings: number): string[] => [
  `CREATE MACRO u(i, k) AS (hash(i, k, ${seed}) >> 11) * 1.1102230246251565e-16`,
  `CREATE MACRO among(i, k, n) AS CAST(floor(u(i, k) * n) AS INT)`,
  `CREATE TABLE orders AS
   SELECT i, 100000000 + l * 137 AS ListingId, 1 + among(i, 2, 2) AS side,
     CAST(least(floor(-6 * ln(1 - u(i, 3))), 60) AS INT) AS far,
     1 + among(i, 4, 500) AS size, u(i, 5) AS fate,
     28800000000000 + CAST(u(i, 6) * 30600e9 AS BIGINT) AS t0,
     CAST(exp(14 + 16.5 * u(i, 7)) AS BIGINT) AS life
   FROM (SELECT i, CAST(least(floor(3 * pow(${listings} / 3 + 1, u(i, 1))) - 3, ${listings - 1}) AS INT) AS l
     FROM range(CAST(${rows} / ${PER_ORDER} AS BIGINT)) AS t(i))`,
]

/** Returns the messages of a day, by listing and time. */
export const messages = `
SELECT make_timestamp_ns(epoch_ns(TIMESTAMP '${DAY}') + t) AS TimestampNanoseconds, ListingId,
  row_number() OVER (ORDER BY ListingId, t, i, step) AS EventNo, CAST(action AS TINYINT) AS LobAction,
  CAST(side AS TINYINT) AS Side, i AS OrderId,
  CASE WHEN action <> 3 THEN price END AS Price, CAST(q AS DOUBLE) AS Size,
  CASE WHEN action <> 2 THEN price END AS OldPrice, CAST(oq AS DOUBLE) AS OldSize,
  CASE WHEN executed > 0 THEN price END AS ExecutionPrice, CAST(executed AS DOUBLE) AS ExecutionSize,
  'CONTINUOUS_TRADING' AS MarketState
FROM (
  SELECT i, ListingId, side, CAST(CASE side WHEN 1 THEN 9999 - far ELSE 10001 + far END AS DOUBLE) / 100 AS price,
    unnest(steps, recursive := true)
  FROM (
    SELECT *, [
      {step: 0, t: t0, action: 2, q: size, oq: NULL, executed: NULL},
      CASE WHEN cut > 0 THEN {step: 1, t: t0 + life // 3, action: 4, q: size - cut, oq: size, executed: NULL} END,
      CASE WHEN part > 0 THEN
        {step: 2, t: t0 + life // 2, action: 1, q: size - cut - part, oq: size - cut, executed: part} END,
      {step: 3, t: t0 + life, action: 3, q: NULL, oq: size - cut - part,
        executed: CASE WHEN fate < 0.08 THEN size - cut - part END}
    ] AS steps
    FROM (
      SELECT *, CASE WHEN fate > 0.5 AND size > 4 THEN size // 4 ELSE 0 END AS cut,
        CASE WHEN (fate < 0.1 OR fate > 0.93) AND size > 4 THEN size // 3 ELSE 0 END AS part
      FROM orders)))
WHERE action IS NOT NULL
ORDER BY EventNo`
