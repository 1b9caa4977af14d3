import { LEVELS } from './books.js'

// What metrics of books are, as SQL written from the semantics (1.3, 5.3, 5.4).

/** Buckets, and which rows of the day they are laid for. */
export interface Grid {
  seconds: number
  anchor: 'end' | 'start'
  closed: 'right' | 'left'
  /** Seconds after midnight between which every bucket has a row. */
  dense?: [number, number]
}

const SECOND = 1_000_000_000
const levels = Array.from({ length: LEVELS }, (_, i) => i + 1)
const total = (side: string) => levels.map(level => `coalesce(${side}Quantity${level}, 0)`).join(' + ')
const valid = 'BidPrice1 <= AskPrice1'
const ofValid = (value: string) => `CASE WHEN ${valid} THEN ${value} END`
const mid = ofValid('(BidPrice1 + AskPrice1) / 2')
const [bidDepth, askDepth] = ['Bid', 'Ask'].map(total)
const value = (side: string) => levels.map(n => `coalesce(${side}Price${n} * ${side}Quantity${n}, 0)`).join(' + ')
const share = (bid: string, ask: string) => `((${bid}) - (${ask}))::DOUBLE / nullif((${bid}) + (${ask}), 0)`
const [qb, qa] = ['coalesce(BidQuantity1, 0)', 'coalesce(AskQuantity1, 0)']
const weighted = ofValid(`(BidPrice1 * ${qa} + AskPrice1 * ${qb}) / nullif(${qa} + ${qb}, 0)`)
const perLogs = (top: string) =>
  ofValid(`CASE WHEN ${qb} > 0 AND ${qa} > 0 AND ln(${qa}) + ln(${qb}) > 0 THEN (${top}) / (ln(${qa}) + ln(${qb})) END`)
const near = (side: string) =>
  levels.map(
    n => `CASE WHEN abs(${side}Price${n} - ${mid}) / ${mid} <= 17e-4 THEN coalesce(${side}Quantity${n}, 0) ELSE 0 END`,
  )

/** Values of one snapshot, by the name of their column. */
export const VALUES: Record<string, string> = {
  BidPrice1: 'BidPrice1',
  AskPrice5: 'AskPrice5',
  BidQuantity2: 'coalesce(BidQuantity2, 0)',
  BidCumQuantity5: bidDepth,
  AskCumQuantity5: askDepth,
  SpreadAbs: ofValid('AskPrice1 - BidPrice1'),
  SpreadBps: ofValid('20000 * (AskPrice1 - BidPrice1) / (AskPrice1 + BidPrice1)'),
  ImbalanceCumQuantity5: share(bidDepth, askDepth),
  ImbalanceQuantity2: share('coalesce(BidQuantity2, 0)', 'coalesce(AskQuantity2, 0)'),
  ImbalanceCumNotional5: share(value('Bid'), value('Ask')),
  BidCumNotional5: value('Bid'),
  QuoteSlope: perLogs('AskPrice1 - BidPrice1'),
  LogQuoteSlope: perLogs('ln(AskPrice1 / BidPrice1)'),
  DepthTotalWithin17Bps: ofValid([...near('Bid'), ...near('Ask')].join(' + ')),
}

/** In the mean an imbalance is that of valid quotes. */
export const STANDING: Record<string, string> = {
  ...VALUES,
  ...Object.fromEntries(
    Object.entries(VALUES).flatMap(([name, of]) => (name.startsWith('Imbalance') ? [[name, ofValid(of)]] : [])),
  ),
  Mid: mid,
  WeightedMid: weighted,
}

export const SHARES: Record<string, string> = {
  CoverageShare: valid,
  LockedShare: 'BidPrice1 = AskPrice1',
  CrossedShare: 'BidPrice1 > AskPrice1',
  OneSidedShare: '(BidPrice1 IS NULL) <> (AskPrice1 IS NULL)',
}

const e = (level: number) => {
  const [b, a, qb, qa] = [`BidPrice${level}`, `AskPrice${level}`, `BidQuantity${level}`, `AskQuantity${level}`]
  return `CASE WHEN before IS NOT NULL THEN (${b} >= before.b)::INT * coalesce(${qb}, 0) - (${b} <= before.b)::INT * before.qb
    - (${a} <= before.a)::INT * coalesce(${qa}, 0) + (${a} >= before.a)::INT * before.qa ELSE 0 END`
}

/** Makes `books`: t ns of the day's midnight, k the place in total order, T0 and T1 of the bucket, and its label. */
export function booksSql(files: string, { seconds, closed, anchor, dense }: Grid): string[] {
  const n = seconds * SECOND
  const start = closed === 'left' ? `t // ${n} * ${n}` : `(t + ${n} - 1) // ${n} * ${n} - ${n}`
  const edges = `T0 + ${n} AS T1, midnight + T0 + ${anchor === 'end' ? n : 0} AS label`
  return [
    `CREATE TABLE rows AS SELECT *, "date"::VARCHAR AS day, ListingId AS l, epoch_ns("date"::TIMESTAMP) AS midnight,
        epoch_ns(TimestampNanoseconds) - epoch_ns("date"::TIMESTAMP) AS t
      FROM read_parquet('${files}', hive_partitioning = true, filename = true, file_row_number = true)`,
    `CREATE TABLE books AS SELECT *, ${start} AS T0, ${edges}, ${mid} AS mid,
        lead(t) OVER total_order AS until, row_number() OVER total_order AS k
      FROM rows WINDOW total_order AS (PARTITION BY day, l
        ORDER BY t, BMLLSequenceSource, BMLLSequenceNo NULLS LAST, filename, file_row_number)`,
    `CREATE TABLE buckets AS SELECT DISTINCT day, l, midnight, T0, T1, label FROM books${
      dense
        ? ` UNION SELECT day, l, midnight, T0, ${edges} FROM
            (SELECT DISTINCT day, l, midnight FROM books), (SELECT unnest(range(${dense[0] * SECOND}, ${dense[1] * SECOND}, ${n})) AS T0)`
        : ''
    }`,
  ]
}

/** Selects what last snapshots tell, and what goes from snapshot to snapshot; no row where a bucket has none. */
export function lastSql({ closed }: Grid, slot: number, year: number): string {
  const last = Object.entries(VALUES).map(([name, value]) => `arg_max({v: ${value}}, k).v AS ${name}`)
  const prices = { Mid: mid, Bid: 'BidPrice1', Ask: 'AskPrice1', WeightedMid: weighted }
  const course = Object.entries(prices).flatMap(([name, price]) => [
    `arg_min(${price}, k) AS ${name}Open, max(${price}) AS ${name}High, min(${price}) AS ${name}Low, arg_max(${price}, k) AS ${name}Close`,
  ])
  const flow = (level: number) => {
    const [b, a, qb, qa] = [`BidPrice${level}`, `AskPrice${level}`, `BidQuantity${level}`, `AskQuantity${level}`]
    return `flow_${level} AS (SELECT day, l, label, sum(e) AS OrderFlowImbalance${level} FROM (
      SELECT day, l, label, ${e(level)} AS e FROM (
        SELECT *, lag({b: ${b}, a: ${a}, qb: coalesce(${qb}, 0), qa: coalesce(${qa}, 0)}) OVER (PARTITION BY day, l ORDER BY k) AS before
        FROM books WHERE ${b} IS NOT NULL AND ${a} IS NOT NULL)) GROUP BY ALL)`
  }
  const returns = (name: string, place: string, perYear: string) => `${name}_points AS (
      SELECT day, l, label, T0, T1, ${place} AS place, arg_max(mid, k) AS p FROM books WHERE mid IS NOT NULL GROUP BY ALL),
    ${name} AS (SELECT day, l, label, CASE WHEN count(r) >= 2 THEN stddev_samp(r) * sqrt(${perYear}) END AS ${name} FROM (
      SELECT *, ln(p / lag(p) OVER (PARTITION BY day, l, label ORDER BY place)) AS r FROM ${name}_points) GROUP BY ALL)`
  const slotOf = closed === 'left' ? `(t - T0) // ${slot}` : `(t - T0 + ${slot} - 1) // ${slot}`
  return `WITH last AS (SELECT day, l, label, ${[...last, ...course].join(', ')} FROM books GROUP BY ALL),
    ${flow(1)}, ${flow(2)},
    ${returns('L2VolatilityMidStd', 't', `${year} * count(r) / ((any_value(T1) - any_value(T0)) / 1e9)`)},
    ${returns('SlotsMid', slotOf, `${year} / ${slot / SECOND}`)}
    SELECT * FROM last LEFT JOIN flow_1 USING (day, l, label) LEFT JOIN flow_2 USING (day, l, label)
      LEFT JOIN L2VolatilityMidStd USING (day, l, label) LEFT JOIN SlotsMid USING (day, l, label)`
}

/**
 * Selects what stands inside buckets: means by time, shares, the share without any price, and that before the first
 * snapshot of the day. A quote of `state` alone, and one younger than `age` ns, have columns of their own.
 */
export function standingSql(state: string, age: number): string {
  const mean = (value: string, weight = 'w') =>
    `sum((${value}) * ${weight}) / nullif(sum(CASE WHEN (${value}) IS NOT NULL THEN ${weight} ELSE 0 END), 0)`
  const share = (where: string, weight = 'w') => `coalesce(sum(${weight}) FILTER (${where}), 0) / any_value(T1 - T0)`
  const young = `greatest(0, least(stop, t + ${age}) - go)`
  const inState = (value: string) => `CASE WHEN MarketState = '${state}' THEN ${value} END`
  return `WITH standing AS (
      SELECT s.*, b.label, b.T0, b.T1, greatest(s.t, b.T0) AS go, least(coalesce(s.until, b.T1), b.T1) AS stop
      FROM buckets b JOIN (SELECT * EXCLUDE (T0, T1, midnight, label) FROM books) s ON s.day = b.day AND s.l = b.l
        AND s.t < b.T1 AND coalesce(s.until, b.T1) > b.T0),
    weighed AS (SELECT *, (stop - go)::DOUBLE AS w, (${young})::DOUBLE AS y FROM standing WHERE stop > go),
    means AS (SELECT day, l, label,
      ${Object.entries(STANDING)
        .map(([name, value]) => `${mean(value)} AS ${name}TWA`)
        .join(', ')},
      ${mean(inState(STANDING.SpreadAbs))} AS InStateSpreadAbs,
      ${mean(STANDING.SpreadAbs, 'y')} AS YoungSpreadAbs,
      ${share(valid, 'y')} AS YoungCoverageShare, ${share(valid, '(w - y)')} AS YoungStaleShare,
      ${Object.entries(SHARES)
        .map(([name, where]) => `${share(where)} AS ${name}`)
        .join(', ')},
      ${share('BidPrice1 IS NULL AND AskPrice1 IS NULL')} AS empty, sum(w) / any_value(T1 - T0) AS seen
      FROM weighed GROUP BY ALL),
    counts AS (SELECT day, l, label, count(*) AS EventCount FROM books GROUP BY ALL)
    SELECT * REPLACE (coalesce(EventCount, 0) AS EventCount) FROM buckets LEFT JOIN means USING (day, l, label)
      LEFT JOIN counts USING (day, l, label) ORDER BY day, l, label`
}
