import type { Job } from './job.js'
import { KEYS, polarsBucket, polarsMinute, sqlBucket, sqlMinute } from './minute-bars.js'

const HORIZONS: Record<string, number> = { '100ms': 1e8, '1s': 1e9, '5s': 5e9, '30s': 3e10, '1m': 6e10 } // ns
const names = Object.keys(HORIZONS)
const small = { rowGroupRows: 122_880, codec: 'snappy' } as const

const quotesOf = (trades: string) => trades.replace('/trades/', '/l2/')

/** Direction of a trade by its aggressor; trades without one count nowhere. */
const sqlSign = 'CASE AggressorSide WHEN 1 THEN 1 WHEN 2 THEN -1 END'

/** What trades cost against the quotes of their listing: strictly before each, and at five horizons behind it. */
export const tradingCosts: Job = {
  name: 'T2',
  title: 'effective spread, and realised spread at five horizons, of trades as of quotes (2.5 for each trade)',
  table: 'quoted',
  slow: true,
  races: [
    { layout: { order: 'time', ...small }, measures: ['warm', 'cold'], quick: ['warm'] },
    { layout: { order: 'listing', ...small }, measures: ['warm', 'cold'], quick: ['warm'] },
  ],
  must: { warm: { duckdb: 2, polars: 2 }, peak: { small: 300, large: 400 } },

  config: (root, days) => ({
    START_DATE: days[0],
    END_DATE: days.at(-1),
    DATASETNAME: 'bench',
    DATA: { root, layout: 'hive' },
    PASSES: [
      {
        name: 'costs',
        modules: ['trade'],
        time_bucket_seconds: 60,
        time_bucket_anchor: 'start',
        time_bucket_closed: 'left',
        trade_analytics: {
          impact_metrics: [{ variant: 'EffectiveSpread' }, { variant: 'RealizedSpread', horizon: names }],
        },
      },
    ],
  }),

  answer: {
    keys: KEYS,
    exact: {},
    sums: {},
    deviations: {
      EffectiveSpread: 'effective',
      ...Object.fromEntries(names.map(name => [`RealizedSpread${name}`, `realised_${name}`])),
    },
  },

  // A join for each instant.
  sql: files => `
    WITH quotes AS (
      SELECT ListingId, epoch_ns(EventTimestamp) AS t, (AskPrice1 + BidPrice1) / 2 AS mid
      FROM read_parquet('${quotesOf(files)}', hive_partitioning = false) WHERE BidPrice1 <= AskPrice1),
    ends AS (
      SELECT ListingId, max(epoch_ns(EventTimestamp)) AS last
      FROM read_parquet('${quotesOf(files)}', hive_partitioning = false) GROUP BY ListingId),
    trades AS (
      SELECT ListingId, ${sqlMinute} AS minute, epoch_ns(TradeTimestamp) AS t, Price AS p, ${sqlSign} AS d, last
      FROM read_parquet('${files}', hive_partitioning = false) LEFT JOIN ends USING (ListingId)),
    s0 AS (
      SELECT trades.*, mid AS m FROM trades ASOF LEFT JOIN quotes
      ON trades.ListingId = quotes.ListingId AND trades.t > quotes.t)
    ${names
      .map(
        (name, h) => `, s${h + 1} AS (
      SELECT s${h}.*, CASE WHEN s${h}.t + ${HORIZONS[name]} <= last THEN mid END AS m${h} FROM s${h} ASOF LEFT JOIN quotes
      ON s${h}.ListingId = quotes.ListingId AND s${h}.t + ${HORIZONS[name]} >= quotes.t)`,
      )
      .join('')}
    SELECT ListingId, ${sqlBucket('minute')}, avg(2 * d * (p - m)) AS effective,
      ${names.map((name, h) => `avg(CASE WHEN m IS NOT NULL THEN 2 * d * (p - m${h}) END) AS "realised_${name}"`).join(', ')}
    FROM s${names.length} GROUP BY ListingId, minute`,

  // As an expert writes it: listing and time in one whole number, so that one sort serves all joins; 'by' takes 20 times as long.
  polars: files => {
    const key = (time: string) =>
      `((col('ListingId') // 200000 - 500) * 2**47) + (${time}.cast(pl.Int64) % 86_400_000_000_000)`
    const quotes = `pl.scan_parquet('${quotesOf(files)}', hive_partitioning=False).select('BidPrice1', 'AskPrice1', k=${key(`col('EventTimestamp')`)})`
    const valid = `${quotes}.filter(col('BidPrice1') <= col('AskPrice1')).select('k', mid=(col('AskPrice1') + col('BidPrice1')) / 2).sort('k')`
    const ends = `${quotes}.group_by(c=col('k') // 2**47).agg(last=col('k').max())`
    const joins = names.map(
      (name, h) =>
        `.with_columns(k${h}=col('k') + ${HORIZONS[name]}).join_asof(quotes.select(q${h}='k', m${h}='mid'), left_on='k${h}', right_on='q${h}', coalesce=False).with_columns(m${h}=pl.when((col('q${h}') // 2**47 == col('c')) & (col('k${h}') <= col('last'))).then(col('m${h}')))`,
    )
    return `
    (lambda quotes, ends: pl.scan_parquet('${files}', hive_partitioning=False)
    .select('ListingId', 'Price', ${polarsMinute}, d=pl.when(col('AggressorSide') == 1).then(1).when(col('AggressorSide') == 2).then(-1), k=${key(`col('TradeTimestamp')`)})
    .with_columns(c=col('k') // 2**47).join(ends, on='c', how='left').sort('k')
    .join_asof(quotes.select('k', m='mid', q=col('k')), on='k', allow_exact_matches=False).with_columns(m=pl.when(col('q') // 2**47 == col('c')).then(col('m')))
    ${joins.join('\n    ')}
    .group_by('ListingId', 'minute').agg(effective=(2 * col('d') * (col('Price') - col('m'))).mean(), ${names
      .map(
        (name, h) =>
          `realised_${name}=pl.when(col('m').is_not_null()).then(2 * col('d') * (col('Price') - col('m${h}'))).mean()`,
      )
      .join(', ')})
    .with_columns(${polarsBucket}))(${valid}, ${ends})`
  },
}
