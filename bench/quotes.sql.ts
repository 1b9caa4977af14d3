/** SQL that makes trades without quotes and, beside them, the best quotes of their listings, 2.5 for each trade. */
import { tradesOf, tradingOf } from './trades.sql.js'

export const QUOTES_A_TRADE = 2.5

/** Returns what is left of trades when they say nothing of quotes. */
export const bareTradesOf = (mic: string, day: string): string =>
  `SELECT ListingId, MIC, TradeTimestamp, ExchangeSequenceNo, Price, Size, AggressorSide FROM (${tradesOf(mic, day)})`

/** Statements to run once before quotes are made: more rows, of the same listings. */
export const quotePreparation = (trades: number): string[] => [
  `SET VARIABLE n = ${trades * QUOTES_A_TRADE}`,
  'DROP TABLE trade_of',
  tradingOf,
]

/** Returns one market's quotes on a day, by listing and time. Times are distinct; one quote in 500 is crossed. */
export const quotesOf = (mic: string, day: string): string => `
SELECT ListingId, MIC, make_timestamp_ns(ts) AS EventTimestamp, i * 3 + among(i, 31, 3) AS ExchangeSequenceNo,
  bid AS BidPrice1, round(bid + tick * CASE WHEN u(i, 56) < 0.002 THEN -1 ELSE 1 + among(i, 57, 4) END, 6) AS AskPrice1
FROM (
  SELECT *, round(round(base * (1 + 0.01 * sin((ts - ${midnight(day)}) / 2.7e12 + l * 0.37) + 0.0004 * (u(i, 54) - 0.5)) / tick) * tick, 6) AS bid
  FROM (
    SELECT *, ${midnight(day)} + 28800000000000 + CAST(30900e9 * (i + 0.9 * u(i, 60)) / getvariable('n') AS BIGINT) AS ts
    FROM trade_of JOIN listings USING (l) WHERE MIC = '${mic}' ORDER BY l, i))`

function midnight(day: string): string {
  return `epoch_ns(TIMESTAMP '${day}')`
}
