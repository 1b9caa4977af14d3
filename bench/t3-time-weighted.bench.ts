import { LEVELS } from './books.sql.js'
import type { Job } from './job.js'
import { KEYS, polarsBucket, sqlBucket } from './minute-bars.js'
import { BOOK_RACES, booksConfig, NS, sqlMinute } from './minute-books.js'

const depth = (side: string) => LEVELS.map(level => `${side}Quantity${level}`)

/** Values of a snapshot, by the name of their mean: as SQL and for Polars. */
const VALUES: Record<string, { name: string; sql: string; polars: string }> = {
  SpreadAbsTWA: {
    name: 'spread',
    sql: 'CASE WHEN BidPrice1 <= AskPrice1 THEN AskPrice1 - BidPrice1 END',
    polars: `pl.when(col('BidPrice1') <= col('AskPrice1')).then(col('AskPrice1') - col('BidPrice1'))`,
  },
  MidTWA: {
    name: 'mid',
    sql: 'CASE WHEN BidPrice1 <= AskPrice1 THEN (AskPrice1 + BidPrice1) / 2 END',
    polars: `pl.when(col('BidPrice1') <= col('AskPrice1')).then((col('AskPrice1') + col('BidPrice1')) / 2)`,
  },
  ...Object.fromEntries(
    ['Bid', 'Ask'].map(side => [
      `${side}CumQuantity5TWA`,
      {
        name: `${side.toLowerCase()}_depth`,
        sql: depth(side)
          .map(name => `coalesce(${name}, 0)`)
          .join(' + '),
        polars: `pl.sum_horizontal(${depth(side)
          .map(name => `'${name}'`)
          .join(', ')}).cast(pl.Float64)`,
      },
    ]),
  ),
}
const values = Object.values(VALUES)

/** Spread, mid and depth, each weighted by the time for which it stands in the minute. */
export const timeWeightedBook: Job = {
  name: 'T3',
  title: 'time-weighted spread, mid and five-level depth a listing and minute, what stands at its start carried in',
  table: 'l2',
  races: BOOK_RACES,
  must: { warm: { duckdb: 2, polars: 2 } },

  config: (root, days) =>
    booksConfig(root, days, ['l2tw'], {
      spreads: [{ variant: 'Abs', aggregations: 'TWA' }],
      prices: [{ source: 'Mid' }],
      liquidity: [{ levels: LEVELS.length, measures: 'CumQuantity', aggregations: 'TWA' }],
      quality: ['EventCount'],
    }),

  answer: {
    keys: KEYS,
    exact: { EventCount: 'n' },
    sums: Object.fromEntries(Object.entries(VALUES).map(([own, { name }]) => [own, name])),
    deviations: {},
  },

  // A row weighs until the next one or the end of its minute; before the first of a minute stands the row before it.
  sql: files => `
    SELECT ListingId, ${sqlBucket('minute')}, count(*) AS n, ${values
      .map(
        ({ name }) => `
      (coalesce(sum(${name} * own), 0) + coalesce(sum(before_${name} * carried), 0)) /
        nullif(coalesce(sum(own) FILTER (${name} IS NOT NULL), 0) + coalesce(sum(carried) FILTER (before_${name} IS NOT NULL), 0), 0) AS ${name}`,
      )
      .join(', ')}
    FROM (
      SELECT *, least(coalesce(lead(t) OVER rows, (minute + 1) * ${NS}), (minute + 1) * ${NS}) - t AS own,
        CASE WHEN lag(minute) OVER rows < minute THEN t - minute * ${NS} END AS carried,
        ${values.map(({ name }) => `lag(${name}) OVER rows AS before_${name}`).join(', ')}
      FROM (SELECT ListingId, epoch_ns(EventTimestamp) AS t, ${sqlMinute} AS minute, ${values.map(({ name, sql }) => `${sql} AS ${name}`).join(', ')}
        FROM read_parquet('${files}', hive_partitioning = false))
      WINDOW rows AS (PARTITION BY ListingId ORDER BY t))
    GROUP BY ListingId, minute`,

  // Sorted by listing, neighbours are told by a shift alone; else a sort comes first, which is faster than over().
  polars: (files, order) => `
    (lambda rows:
      rows.with_columns(same=col('ListingId') == col('ListingId').shift(), follows=col('ListingId') == col('ListingId').shift(-1))
      .with_columns(
        own=pl.min_horizontal(pl.when('follows').then(col('t').shift(-1)), (col('minute') + 1) * ${NS}) - col('t'),
        carried=pl.when(col('same') & (col('minute').shift() < col('minute'))).then(col('t') - col('minute') * ${NS}),
        ${values.map(({ name }) => `before_${name}=col('${name}').shift()`).join(', ')},
      )
    )(
      pl.scan_parquet('${files}', hive_partitioning=False)${order === 'listing' ? '' : `.sort('ListingId', 'EventTimestamp')`}
      .select('ListingId', t=col('EventTimestamp').cast(pl.Int64), minute=col('EventTimestamp').cast(pl.Int64) // ${NS},
        ${values.map(({ name, polars }) => `${name}=${polars}`).join(', ')})
    )
    .group_by('ListingId', 'minute')
    .agg(
      n=pl.len(),
      ${values
        .map(
          ({ name }) => `${name}=((col('${name}') * col('own')).sum() + (col('before_${name}') * col('carried')).sum())
        / (col('own').filter(col('${name}').is_not_null()).sum() + col('carried').filter(col('before_${name}').is_not_null()).sum())`,
        )
        .join(',\n      ')},
    )
    .with_columns(${polarsBucket}, ${values.map(({ name }) => `${name}=col('${name}').fill_nan(None)`).join(', ')})`,
}
