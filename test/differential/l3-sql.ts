// What metrics of order messages are, as SQL written from the semantics (1.4, 5.5). $ stands for the rows that count.

/** Messages of an action, and the quantity of each. */
export const COUNTS: Record<string, { rows: string; size: string }> = {
  Insert: { rows: 'LobAction = 2', size: 'Size' },
  Remove: { rows: 'LobAction = 3', size: 'OldSize' },
  Update: { rows: 'LobAction = 4', size: 'abs(Size - OldSize)' },
  UpdateInserted: { rows: 'LobAction = 4', size: 'Size' },
  UpdateRemoved: { rows: 'LobAction = 4', size: 'OldSize' },
  Cancel: { rows: 'cancels', size: 'OldSize' },
}

const n = (rows: string) => `count(*) FILTER (${rows} AND $)`
const total = (value: string, rows: string) => `coalesce(sum(${value}) FILTER (${rows} AND $), 0)`
const over = (top: string, bottom: string) => `(${top})::DOUBLE / nullif(${bottom}, 0)`

const insertedOn = (side: number) => total('Size', `LobAction = 2 AND Side = ${side}`)

/** Ratios and means of a bucket's own messages. */
export const FLOW: Record<string, string> = {
  ArrivalFlowImbalance: over(`${insertedOn(1)} - ${insertedOn(2)}`, `${insertedOn(1)} + ${insertedOn(2)}`),
  CancelToTradeRatio: over(n('cancels'), n('executes')),
  AvgQueuePosition: 'avg(SizeAhead) FILTER (executes AND $)',
  OrderToTradeRatio: over(n('(LobAction IN (2, 4) OR cancels)'), n('executes')),
  OrderToTradeRatioVolume: over(
    `${total('Size', 'LobAction = 2')} + ${total('abs(Size - OldSize)', 'LobAction = 4')} + ${total('OldSize', 'cancels')}`,
    total('ExecutionSize', 'executes'),
  ),
  CancelRate: over(n('cancels'), n('LobAction = 2')),
  AvgOrdersAhead: 'avg(OrdersAhead) FILTER (executes AND $)',
}

/** Metrics of what becomes of orders. */
export const LIVES = [
  'AvgRestingTime',
  'FleetingLiquidityRatio',
  'FleetingCancelRatio',
  'OrderLifetimeMedian',
  'CensoredShare',
  'FillRatio',
  'FillProbability',
]

/**
 * Makes the table `messages`: t in ns, k the place in total order of the listing's day, label, who the order is, whether
 * the row executes or cancels, and of the next insert or execution of the same side: its time and whether it inserts.
 */
export function messagesSql(files: string, seconds: number): string[] {
  const width = `${seconds}000000000`
  return [
    `CREATE TABLE rows AS SELECT *, "date"::VARCHAR AS day, ListingId AS l, epoch_ns(TimestampNanoseconds) AS t,
        nullif(OriginalOrderId::VARCHAR, '') AS first_id, nullif(OrderId::VARCHAR, '') AS second_id,
        nullif(OldOrderId::VARCHAR, '') AS third_id
      FROM read_parquet('${files}', hive_partitioning = true, file_row_number = true)`,
    `CREATE TABLE ordered AS SELECT *, coalesce(first_id, second_id, third_id) AS who,
        coalesce(ExecutionSize, 0) > 0 AS executes, LobAction = 3 AND coalesce(ExecutionSize, 0) <= 0 AS cancels,
        row_number() OVER (PARTITION BY day, l ORDER BY t, EventNo NULLS LAST, file_row_number) AS k,
        t // ${width} * ${width} + (t % ${width} > 0)::BIGINT * ${width} AS label
      FROM rows`,
    `CREATE TABLE followers AS SELECT day, l, k,
        lead(t) OVER side AS next_t, lead(LobAction = 2) OVER side AS next_inserts
      FROM ordered WHERE Side IN (1, 2) AND (LobAction = 2 OR executes)
      WINDOW side AS (PARTITION BY day, l, Side ORDER BY k)`,
    `CREATE TABLE messages AS SELECT * FROM ordered LEFT JOIN followers USING (day, l, k)`,
    `CREATE TABLE inserts AS SELECT *, lead(k, 1, 1000000000) OVER (PARTITION BY day, l, who ORDER BY k) AS until
      FROM messages WHERE LobAction = 2 AND who IS NOT NULL`,
    `CREATE TABLE lives AS
      WITH events AS (
        SELECT i.day, i.l, i.k AS born, i.Size AS inserted, e.k, e.t, e.LobAction, e.executes, e.cancels,
          CASE WHEN e.executes THEN e.ExecutionSize ELSE 0 END AS executed
        FROM inserts i JOIN messages e ON e.day = i.day AND e.l = i.l AND e.who = i.who AND e.k >= i.k AND e.k < i.until),
      running AS (SELECT *, sum(executed) OVER (PARTITION BY day, l, born ORDER BY k) AS filled FROM events),
      fates AS (
        SELECT day, l, born AS k, sum(executed) AS executed, min(t) FILTER (executes OR LobAction = 3) AS touched,
          min(t) FILTER (executes) AS execution,
          min(t) FILTER (LobAction = 3 OR executes AND filled >= inserted) AS ending,
          min(t) FILTER (cancels AND filled = 0) AS cancelled
        FROM running GROUP BY ALL),
      days AS (SELECT day, l, max(t) AS last FROM messages GROUP BY ALL)
      SELECT * FROM inserts JOIN fates USING (day, l, k) JOIN days USING (day, l)`,
  ]
}

/** Selects the metrics of lives, by bucket, for each filter. */
export function livesSql(filters: { prefix: string; sql: string }[]): string {
  const resting = 'coalesce(touched, last) - t'
  const columns = filters.flatMap(({ prefix, sql }) =>
    Object.entries({
      AvgRestingTime: `avg(${resting}) FILTER ($)`,
      FleetingLiquidityRatio: over(total('Size', `${resting} < 9600000000`), total('Size', 'true')),
      FleetingCancelRatio: over(n('cancelled - t <= 9600000000'), n('true')),
      CensoredShare: over(n('ending IS NULL'), n('true')),
      FillRatio: over(total('executed', 'true'), total('Size', 'true')),
      FillProbability: over(n('PriceLevel = 1 AND execution - t <= 12000000000'), n('PriceLevel = 1')),
    }).map(([name, value]) => `${value.replaceAll('$', `(${sql})`)} AS ${prefix}${name}`),
  )
  const medians = filters.map(
    ({ prefix, sql }, f) => `survival_${f} AS (
      WITH own AS (SELECT day, l, label, coalesce(ending, last) - t AS d, ending IS NOT NULL AS ends FROM lives WHERE ${sql}),
      steps AS (SELECT DISTINCT day, l, label, d FROM own WHERE ends),
      risks AS (SELECT s.*, count(*) AS at_risk, count(*) FILTER (o.ends AND o.d = s.d) AS deaths
        FROM steps s JOIN own o ON o.day = s.day AND o.l = s.l AND o.label = s.label AND o.d >= s.d GROUP BY ALL),
      alive AS (SELECT *, product(1 - deaths / at_risk) OVER (PARTITION BY day, l, label ORDER BY d) AS s FROM risks)
      SELECT day, l, label, min(d) FILTER (s <= 0.5 + 1e-9) AS ${prefix}OrderLifetimeMedian FROM alive GROUP BY ALL)`,
  )
  const joins = filters.map((_, f) => `LEFT JOIN survival_${f} USING (day, l, label)`)
  return `WITH ${medians.join(', ')}, sums AS (SELECT day, l, label, ${columns.join(', ')} FROM lives GROUP BY ALL)
    SELECT * FROM sums ${joins.join(' ')}`
}
