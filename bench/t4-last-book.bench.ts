import { LEVELS } from './books.sql.js'
import type { Job } from './job.js'
import { KEYS, polarsBucket, sqlBucket } from './minute-bars.js'
import { BOOK_RACES, booksConfig, sqlMinute } from './minute-books.js'

const columns = ['Bid', 'Ask'].flatMap(side =>
  LEVELS.flatMap(level => [`${side}Price${level}`, `${side}Quantity${level}`]),
)

/** Prices and quantities of five levels as the last snapshot of each minute has them. */
export const lastBook: Job = {
  name: 'T4',
  title: 'last snapshot of five levels a listing and minute',
  table: 'l2',
  races: BOOK_RACES,
  must: { warm: { duckdb: 1, polars: 1 } },

  config: (root, days) =>
    booksConfig(root, days, ['l2'], {
      liquidity: [{ sides: ['Bid', 'Ask'], levels: LEVELS, measures: ['Price', 'Quantity'] }],
    }),

  answer: {
    keys: KEYS,
    exact: Object.fromEntries(columns.map(name => [name, name])),
    sums: {},
    deviations: {},
  },

  // One state a group: an arg_max for each column takes thrice as long.
  sql: files => `
    SELECT ListingId, ${sqlBucket('minute')}, unnest(book) FROM (
      SELECT ListingId, ${sqlMinute} AS minute, arg_max({${columns.map(name => `'${name}': ${shownOf(name)}`).join(', ')}}, EventTimestamp) AS book
      FROM read_parquet('${files}', hive_partitioning = false)
      GROUP BY ListingId, ${sqlMinute})`,

  // Rows of a listing rise with time in both orders.
  polars: files => `
    pl.scan_parquet('${files}', hive_partitioning=False)
    .group_by('ListingId', minute=col('EventTimestamp').cast(pl.Int64) // 60_000_000_000)
    .agg(${columns.map(name => `col('${name}').last()${name.includes('Quantity') ? '.fill_null(0)' : ''}`).join(', ')})
    .with_columns(${polarsBucket})`,
}

function shownOf(name: string): string {
  return name.includes('Quantity') ? `coalesce(${name}, 0)` : name
}
