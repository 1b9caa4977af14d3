import { join } from 'node:path'
import t, { type Test } from 'tap'
import { stampText } from '../../lib/core/index.js'
import { writeSample } from '../../lib/sample/write.js'
import { type DuckRow, duck } from '../support/duck.js'
import { objectsOf, runConfig } from '../support/run.js'

// Trades and quotes of a sample market, whose auctions DuckDB assigns by their states and by those of the market.
t.setTimeout(240_000)

const STATES = "('AUCTION_ON_DEMAND', 'CLOSING_AUCTION', 'INTRADAY_AUCTION', 'OPENING_AUCTION', 'UNSCHEDULED_AUCTION')"
const WIDTH = 60_000_000_000

for (const anchor of ['end', 'start'] as const) {
  t.test(`auctions of trades and quotes, labelled by their ${anchor}`, async t => {
    const out = await microMarket(t)
    const pass = { auction_buckets: true, time_bucket_anchor: anchor }
    const { passes } = await runConfig({
      START_DATE: '2026-02-03',
      END_DATE: '2026-02-04',
      DATA: { root: out, layout: 'hive' },
      PASSES: [
        {
          ...pass,
          name: 'trades',
          modules: ['trade'],
          trade_analytics: { base_filter: {}, generic_metrics: [{ measures: ['Volume', 'Count', 'OHLC'] }] },
        },
        {
          ...pass,
          name: 'quotes',
          modules: ['l2', 'l2tw'],
          l2_analytics: {
            levels: 1,
            spreads: [{ variant: 'Abs', aggregations: 'TWA' }],
            quality: ['CoverageShare', 'EventCount'],
          },
        },
      ],
    })
    const [trades, quotes] = await duck(
      [auctions(out), tradesOf(out), quotesOf(out), standing],
      tradeBars(anchor),
      quoteBars(anchor),
    )
    const found = objectsOf(passes[0])
    t.ok(found.filter(({ Session }) => Session !== 'REGULAR').length > 20, 'auctions')
    t.ok(found.length > 800, `${found.length} rows`)
    const keys = ['Date', 'ListingId', 'TimeBucket', 'Session', 'SessionStart', 'SessionEnd']
    t.strictSame(
      found.map(row =>
        [...keys, 'TradeTotalVolume', 'TradeTotalCount', 'Open', 'High', 'Close'].map(name => row[name]),
      ),
      trades.map(row => [...keysOf(row), row.volume, row.n, row.open, row.high, row.close]),
    )
    const books = objectsOf(passes[1])
    t.ok(books.some(({ Session, SpreadAbsTWA }) => Session !== 'REGULAR' && SpreadAbsTWA !== null))
    t.strictSame(
      books.map(row => [...keys, 'EventCount'].map(name => row[name])),
      quotes.map(row => [...keysOf(row), row.n]),
    )
    for (const [i, row] of books.entries()) {
      for (const [name, expected] of [
        ['SpreadAbsTWA', quotes[i].spread],
        ['CoverageShare', quotes[i].coverage],
      ] as const) {
        const value = row[name] as number | null
        const isClose = value === null ? expected === null : Math.abs(value - Number(expected)) <= 1e-9
        if (!isClose) t.equal(value, expected, `${name} of ${keys.map(key => row[key]).join(' ')}`)
      }
    }
  })
}

/** Writes a sample market again, with times in microseconds: DuckDB has no finer ones with a zone. */
async function microMarket(t: Test): Promise<string> {
  const out = t.testdir({ ns: {} })
  const tables = ['trades', 'marketstate', 'l2'] as const
  const ns = join(out, 'ns')
  await writeSample({ out: ns, tables: [...tables], listings: 10, trades: 500, days: 2, rowGroupRows: 400, seed: 5 })
  const columns = {
    trades: 'TradeTimestamp, ExchangeSequenceNo, Size, Price, InstrumentCurrencyPrice',
    marketstate: 'TimestampNanoseconds',
    l2: 'TimestampNanoseconds, L2EventNo, BidPrice1, AskPrice1',
  }
  await duck(
    tables.map(
      table => `COPY (SELECT "date"::VARCHAR AS date, ListingId, MarketState, ${columns[table]}
        FROM read_parquet('${ns}/${table}/**/*.parquet', hive_partitioning = true) ORDER BY hash(ListingId))
      TO '${join(out, table)}' (FORMAT parquet, PARTITION_BY (date), ROW_GROUP_SIZE 2048)`,
    ),
  )
  return out
}

const keysOf = ({ day, l, label, session, s, e }: DuckRow) => [
  day,
  l,
  stampText(label as bigint),
  session,
  s === null ? null : stampText(s as bigint),
  e === null ? null : stampText(e as bigint),
]

const auctions = (out: string): string => `
  CREATE TABLE auctions AS
  SELECT day, l, state, s, e FROM (
    SELECT "date"::VARCHAR AS day, ListingId AS l, MarketState AS state, epoch_ns(TimestampNanoseconds) AS s,
      lead(s, 1, epoch_ns("date"::TIMESTAMP + INTERVAL 1 DAY)) OVER (PARTITION BY day, l ORDER BY s) AS e
    FROM read_parquet('${out}/marketstate/**/*.parquet', hive_partitioning = true))
  WHERE state IN ${STATES} AND e > s`

/** Each row with the auction it is of: of those in its state the last that had begun, or else the first. */
const assigned = (rows: string): string => `
  SELECT r.*, a.s, a.e, coalesce(a.state, 'REGULAR') AS session FROM (SELECT row_number() OVER () AS id, * FROM ${rows}) r
  LEFT JOIN auctions a ON a.day = r.day AND a.l = r.l AND a.state = r.state
  QUALIFY row_number() OVER (PARTITION BY r.id ORDER BY a.s <= r.t DESC, CASE WHEN a.s <= r.t THEN -a.s ELSE a.s END) = 1`

const tradesOf = (out: string): string => `
  CREATE TABLE trades AS ${assigned(`(
    SELECT "date"::VARCHAR AS day, ListingId AS l, epoch_ns(TradeTimestamp) AS t, ExchangeSequenceNo AS seq, Size AS q,
      coalesce(InstrumentCurrencyPrice, Price) AS p, MarketState AS state
    FROM read_parquet('${out}/trades/**/*.parquet', hive_partitioning = true) WHERE Size > 0)`)}`

const labelOf = (anchor: 'end' | 'start'): string =>
  `CASE WHEN session = 'REGULAR' THEN ((t + ${WIDTH - 1}) // ${WIDTH} - ${anchor === 'end' ? 0 : 1}) * ${WIDTH}
    ELSE ${anchor === 'end' ? 'e' : 's'} END`

const tradeBars = (anchor: 'end' | 'start'): string => `
  SELECT day, l, ${labelOf(anchor)} AS label, session, s, e, sum(q) AS volume, count(*) AS n,
    arg_min(p, (t, seq)) AS open, max(p) AS high, arg_max(p, (t, seq)) AS close
  FROM trades GROUP BY ALL ORDER BY day, l, label, session`

const quotesOf = (out: string): string => `
  CREATE TABLE quotes AS ${assigned(`(
    SELECT "date"::VARCHAR AS day, ListingId AS l, epoch_ns(TimestampNanoseconds) AS t, L2EventNo AS seq,
      BidPrice1 AS b, AskPrice1 AS a, MarketState AS state
    FROM read_parquet('${out}/l2/**/*.parquet', hive_partitioning = true))`)}`

/**
 * From when until when each quote stands: until the next one of its session; a regular one no longer than the next auction
 * begins, one of an auction no longer than that ends.
 */
const standing = `
  CREATE TABLE standing AS
  SELECT q.*, greatest(t, coalesce(s, t)) AS since,
    greatest(t, least(
      coalesce(lead(t) OVER (PARTITION BY day, l, session, s ORDER BY t, seq), 9000000000000000000),
      coalesce(e, (SELECT min(greatest(x.s, q.t)) FROM auctions x WHERE x.day = q.day AND x.l = q.l AND x.e > q.t),
        9000000000000000000))) AS until
  FROM quotes q`

const quoteBars = (anchor: 'end' | 'start'): string => `
  WITH bars AS (
    SELECT day, l, ${labelOf(anchor)} AS label, session, s, e, count(*) AS n FROM quotes GROUP BY ALL
  ), spans AS (
    SELECT *, coalesce(s, label - ${anchor === 'end' ? WIDTH : 0}) AS t0, coalesce(e, label + ${anchor === 'end' ? 0 : WIDTH}) AS t1
    FROM bars
  ), weights AS (
    SELECT x.day, x.l, x.label, x.session, q.a - q.b AS spread,
      (least(q.until, x.t1) - greatest(q.since, x.t0))::DOUBLE AS w
    FROM spans x JOIN standing q ON q.day = x.day AND q.l = x.l AND q.session = x.session
      AND (q.s = x.s OR x.s IS NULL) AND q.since < x.t1 AND q.until > x.t0
    WHERE q.a >= q.b
  )
  SELECT x.day, x.l, x.label, x.session, any_value(x.s) AS s, any_value(x.e) AS e, any_value(x.n) AS n,
    sum(w.spread * w.w) / nullif(sum(w.w), 0) AS spread,
    coalesce(sum(w.w), 0) / any_value(x.t1 - x.t0)::DOUBLE AS coverage
  FROM spans x LEFT JOIN weights w USING (day, l, label, session)
  GROUP BY x.day, x.l, x.label, x.session ORDER BY x.day, x.l, x.label, x.session`
