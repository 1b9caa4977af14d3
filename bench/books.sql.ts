/** SQL that makes a day of books of five levels, of the listings and with the shares of the trades' (trades.sql.ts). */
export const LEVELS = [1, 2, 3, 4, 5]

/**
 * Returns one market's books on a day, by listing and time. Times rise with row numbers and are distinct. One quote in
 * 200 has no ask, one in 500 is crossed; a level that is absent has neither price nor quantity.
 */
export function booksOf(mic: string, day: string): string {
  const levels = LEVELS.flatMap(level => [
    ...['Bid', 'Ask'].map(
      (side, s) =>
        `CASE WHEN ${there(side, level)} THEN round(${side.toLowerCase()} ${s ? '+' : '-'} ${level - 1} * tick, 6) END AS ${side}Price${level}`,
    ),
    ...['Bid', 'Ask'].map(
      (side, s) =>
        `CASE WHEN ${there(side, level)} THEN CAST(100 * (1 + among(i, ${60 + 2 * level + s}, 50)) AS BIGINT) END AS ${side}Quantity${level}`,
    ),
  ])
  return `
SELECT ListingId, MIC, make_timestamp_ns(ts) AS EventTimestamp, i * 3 + among(i, 31, 3) AS ExchangeSequenceNo, ${levels.join(', ')}
FROM (
  SELECT *, bid + tick * CASE WHEN u(i, 56) < 0.002 THEN -1 ELSE 1 + among(i, 57, 4) END AS ask, u(i, 58) < 0.005 AS bare
  FROM (
    SELECT *, round(round(base * (1 + 0.01 * sin((ts - ${midnight(day)}) / 2.7e12 + l * 0.37) + 0.0004 * (u(i, 54) - 0.5)) / tick) * tick, 6) AS bid
    FROM (
      SELECT *, ${midnight(day)} + 28800000000000 + CAST(30600e9 * (i + 0.9 * u(i, 60)) / getvariable('n') AS BIGINT) AS ts
      FROM trade_of JOIN listings USING (l) WHERE MIC = '${mic}' ORDER BY l, i)))`
}

const midnight = (day: string) => `epoch_ns(TIMESTAMP '${day}')`

const there = (side: string, level: number) =>
  [side === 'Ask' ? 'NOT bare' : 'true', ...(level > 3 ? [`u(i, ${80 + level}) < 0.9`] : [])].join(' AND ')
