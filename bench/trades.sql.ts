/**
 * SQL that makes a day of trades. Every value is a hash of the row's number, so rows do not depend on threads. Trades
 * that the main job counts have distinct times: open and close are then the same by any engine's rule for ties.
 */
export const DAY = '2024-03-14'

/** Returns `count` days from DAY on. */
export const daysFrom = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => new Date(Date.parse(DAY) + i * 86_400_000).toISOString().slice(0, 10))

export const MARKETS = ['XLON', 'XPAR', 'XETR', 'XAMS']
const LISTINGS = 1500

/** Says which listing each row is of. The rank-th busiest has a share near 1 / (rank + 3)^1.05, by the inverse of its integral. */
export const tradingOf = `CREATE TABLE trade_of AS
   SELECT i, CAST((rank * 997 + 13) % ${LISTINGS} AS INT) AS l
   FROM (
     SELECT i, least(CAST(floor(pow(a - u(i, 20) * (a - b), -20)) AS INT) - 3, ${LISTINGS - 1}) AS rank
     FROM range(getvariable('n')) AS t(i), (SELECT pow(3, -0.05) AS a, pow(${LISTINGS + 3}, -0.05) AS b))`

/** Statements to run once: uniforms and normals by hash, listings, and who is traded by row number. */
export const preparation = (rows: number, seed: number): string[] => [
  `SET VARIABLE n = ${rows}`,
  // 53 random bits: every double in [0, 1) with that spacing.
  `CREATE MACRO u(i, k) AS (hash(i, k, ${seed}) >> 11) * 1.1102230246251565e-16`,
  `CREATE MACRO among(i, k, n) AS CAST(floor(u(i, k) * n) AS INT)`,
  `CREATE MACRO normal(i, k) AS sqrt(-2 * ln(1 - u(i, k))) * cos(2 * pi() * u(i, k + 100))`,
  `CREATE TABLE listings AS
   SELECT *, CASE WHEN MIC = 'XLON' THEN 'GBX' ELSE 'EUR' END AS Currency, CASE WHEN MIC = 'XLON' THEN 0.0117 ELSE 1 END AS fx,
     CASE WHEN base < 1 THEN 0.0001 WHEN base < 10 THEN 0.001 WHEN base < 50 THEN 0.005
          WHEN base < 200 THEN 0.02 WHEN base < 1000 THEN 0.1 ELSE 0.5 END AS tick
   FROM (
     SELECT *, exp(3.2 + 1.1 * normal(l, 5)) * CASE WHEN MIC = 'XLON' THEN 100 ELSE 1 END AS base
     FROM (
       SELECT CAST(l AS INT) AS l, 100000000 + l * 200000 + among(l, 1, 200000) AS ListingId,
         1000000 + (l * 7919 + 1) % ${LISTINGS} * 5000 + among(l, 2, 5000) AS InstrumentId,
         chr(65 + among(l, 11, 26)) || chr(65 + among(l, 12, 26)) || chr(65 + among(l, 13, 26)) || l AS Ticker,
         CASE WHEN u(l, 3) < 0.4 THEN 'XLON' WHEN u(l, 3) < 0.65 THEN 'XPAR' WHEN u(l, 3) < 0.9 THEN 'XETR' ELSE 'XAMS' END AS MIC
       FROM range(${LISTINGS}) AS t(l)))`,
  tradingOf,
]

/** Returns the 30 columns of one market's trades on a day, by listing and time. Row numbers rise with time. */
export function tradesOf(mic: string, day: string): string {
  return `
SELECT DATE '${day}' AS TradeDate, MIC, Ticker, ListingId, InstrumentId, make_timestamp_ns(ts) AS TradeTimestamp,
  make_timestamp_ns(ts + 20000 + among(i, 30, 880000)) AS PublicationTimestamp,
  i * 3 + among(i, 31, 3) AS ExchangeSequenceNo, CAST(among(i, 32, 50000000) AS BIGINT) AS EventNo,
  lpad(lower(to_hex(hash(i, 33) >> 17)), 12, '0') AS TradeId,
  price AS Price, size AS Size, price * size AS TradeNotional, price * size * fx AS TradeNotionalEUR,
  Currency AS CurrencyCode, CAST(side AS TINYINT) AS AggressorSide,
  class AS Classification,
  CASE phase WHEN 'open' THEN 'OPENING_AUCTION' WHEN 'close' THEN 'CLOSING_AUCTION'
    ELSE CASE WHEN u(i, 35) < 0.004 THEN 'INTRADAY_AUCTION' WHEN u(i, 35) > 0.9998 THEN 'HALTED' ELSE 'CONTINUOUS_TRADING' END
  END AS MarketState,
  CASE class WHEN 'LIT_CONTINUOUS' THEN 'LIT' WHEN 'DARK' THEN 'DARK' WHEN 'OFF_BOOK' THEN 'OFF_EXCHANGE'
    WHEN 'SI' THEN 'SYSTEMATIC_INTERNALISER' WHEN 'HIDDEN' THEN 'HIDDEN' ELSE 'AUCTION' END AS BMLLTradeType,
  ['12-------P----', '2-D---------P-', '3U-----------', '4--O---P-----', '12---X-P-----', '1----A-------', '5S-----------',
   '12------B----', '12-------P---C'][1 + CAST(floor(9 * pow(u(i, 36), 2)) AS INT)] AS MMTCode,
  MIC AS ExecutionVenue, CASE WHEN u(i, 37) < 0.01 THEN NULL ELSE middle END AS PrimaryMid,
  CASE WHEN u(i, 38) < 0.01 THEN NULL ELSE round(middle - tick * (1 + among(i, 40, 3)), 6) END AS EBBOBid,
  CASE WHEN u(i, 39) < 0.01 THEN NULL ELSE round(middle + tick * (1 + among(i, 40, 3)), 6) END AS EBBOAsk,
  round(exp(6 + normal(i, 41))) AS BidQty, round(exp(6 + normal(i, 42))) AS AskQty,
  round(middle + tick * (among(i, 43, 5) - 2), 6) AS PostTradeMid1s,
  round(middle + tick * (among(i, 44, 13) - 6), 6) AS PostTradeMid60s,
  1 AS LotSize, among(i, 45, 16) AS Flags
FROM (
  SELECT *, round(mid / (tick / 2)) * (tick / 2) AS middle,
    round(round((mid + CASE side WHEN 1 THEN tick / 2 WHEN 2 THEN -tick / 2 ELSE 0 END) / tick) * tick, 6) AS price,
    CASE phase WHEN 'open' THEN 'LIT_AUCTION_OPEN' WHEN 'close' THEN 'LIT_AUCTION_CLOSE'
      ELSE CASE WHEN c < 0.7 THEN 'LIT_CONTINUOUS' WHEN c < 0.79 THEN 'DARK' WHEN c < 0.84 THEN 'PERIODIC_AUCTION'
        WHEN c < 0.89 THEN 'OFF_BOOK' WHEN c < 0.94 THEN 'SI' ELSE 'HIDDEN' END END AS class,
    CASE WHEN round_lot THEN greatest(100, round(lot / 100) * 100) ELSE greatest(1, lot) END AS size
  FROM (
    SELECT *, u(i, 50) AS c, u(i, 51) < 0.25 AS round_lot, round(exp(4.6 + 1.25 * normal(i, 52))) AS lot,
      CASE WHEN u(i, 53) < 0.465 THEN 1 WHEN u(i, 53) < 0.92 THEN 2 ELSE 0 END AS side,
      base * (1 + 0.01 * sin((ts - ${midnightOf(day)}) / 2.7e12 + l * 0.37) + 0.0004 * normal(i, 54)) AS mid
    FROM (SELECT *, ${midnightOf(day)} + ${timeOfRow} AS ts
      FROM (SELECT *, ${nanosOfQuantile} AS ns
        FROM (SELECT *, ${quantile} AS q, ${phaseOfRow} AS phase FROM ${rowsOf(mic)})))))`
}

const midnightOf = (day: string) => `epoch_ns(TIMESTAMP '${day}')`

/** The first 0.4 % of trades are the opening auction, the last 1.5 % the closing one. */
const phaseOfRow = `CASE WHEN i < 0.004 * getvariable('n') THEN 'open' WHEN i >= 0.985 * getvariable('n') THEN 'close' ELSE 'day' END`

/**
 * 08:00-16:30 in a U shape; half of the times are whole microseconds, as many venues stamp them. Row numbers stand for
 * quantiles q of the day: neighbours are at least 75 µs apart at 20 M rows, so times are distinct.
 */
const timeOfRow = `CASE phase
  WHEN 'open' THEN 28800000000000 + CAST(100000 * i / (0.004 * getvariable('n')) AS BIGINT)
  WHEN 'close' THEN 59700000000000 + CAST(2000000 * (i / getvariable('n') - 0.985) / 0.015 AS BIGINT)
  ELSE CASE WHEN u(i, 61) < 0.5 THEN ns // 1000 * 1000 ELSE ns END END`

const quantile = `((i + 0.9 * u(i, 60)) / getvariable('n') - 0.004) / 0.981`
const nanosOfQuantile = `28801000000000 + CAST(30598e9 * (0.5 * q + 0.5 * pow(sin(pi() / 2 * q), 2)) AS BIGINT)`

const rowsOf = (mic: string): string => `(
  SELECT * FROM trade_of JOIN listings USING (l) WHERE MIC = '${mic}' ORDER BY l, i)`
