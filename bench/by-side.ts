import { CODES, PARTIALS, type Side, sqlDeviation } from './by-side-partials.js'
import type { Answer } from './job.js'
import { polarsBucket, polarsMinute, sqlBucket, sqlMinute } from './minute-bars.js'

export const SIDES: Side[] = ['Total', 'Bid', 'Ask']

interface Column {
  part: string // the end of Basalt's name
  agreement: Exclude<keyof Answer, 'keys'>
  /** An expression over PARTIALS of a side, which are called n_Bid and so on. */
  sql: (side: Side) => string
  /** An expression over the masked columns of a side: price_Bid, size_Bid, value_Bid, eur_Bid. */
  polars: (side: Side) => string
}

const column = (part: string, agreement: Column['agreement'], sql: Column['sql'], polars: Column['polars']) => ({
  part,
  agreement,
  sql,
  polars,
})

/** Columns by the measure that Basalt knows them under. */
const COLUMNS = {
  Volume: [
    column(
      'Volume',
      'exact',
      s => `coalesce(q_${s}, 0)`,
      s => `col('size_${s}').sum()`,
    ),
  ],
  Count: [
    column(
      'Count',
      'exact',
      s => `coalesce(n_${s}, 0)`,
      s => `col('price_${s}').count()`,
    ),
  ],
  Notional: [
    column(
      'Notional',
      'sums',
      s => `coalesce(pq_${s}, 0)`,
      s => `col('value_${s}').sum()`,
    ),
  ],
  NotionalEUR: [
    column(
      'NotionalEUR',
      'sums',
      s => `coalesce(eur_${s}, 0)`,
      s => `col('eur_${s}').sum()`,
    ),
  ],
  VWAP: [
    column(
      'VWAP',
      'sums',
      s => `pq_${s} / q_${s}`,
      s => `(col('value_${s}').sum() / col('size_${s}').sum()).fill_nan(None)`,
    ),
  ],
  OHLC: [
    column(
      'Open',
      'exact',
      s => `open_${s}`,
      s => `col('price_${s}').drop_nulls().first()`,
    ),
    column(
      'High',
      'exact',
      s => `high_${s}`,
      s => `col('price_${s}').max()`,
    ),
    column(
      'Low',
      'exact',
      s => `low_${s}`,
      s => `col('price_${s}').min()`,
    ),
    column(
      'Close',
      'exact',
      s => `close_${s}`,
      s => `col('price_${s}').drop_nulls().last()`,
    ),
  ],
  AvgPrice: [
    column(
      'AvgPrice',
      'sums',
      s => `p_${s} / n_${s}`,
      s => `col('price_${s}').mean()`,
    ),
  ],
  StdPrice: [
    column(
      'StdPrice',
      'deviations',
      s => sqlDeviation(s),
      s => `col('price_${s}').std()`,
    ),
  ],
  LargestTrade: [
    column(
      'LargestTrade',
      'exact',
      s => `largest_${s}`,
      s => `col('size_${s}').max()`,
    ),
  ],
  LargeVolume: [
    column(
      'LargeVolume',
      'exact',
      s => `coalesce(large_${s}, 0)`,
      s => `col('size_${s}').filter(col('size_${s}') >= 10000).sum()`,
    ),
  ],
} satisfies Record<string, Column[]>

export type SideMeasure = keyof typeof COLUMNS

/** A metric that there is of all trades only. */
const largeCount = column(
  'LargeCount',
  'exact',
  () => 'many_Total',
  () => `(col('size_Total') >= 10000).sum()`,
)

type Named = { own: string; rival: string; column: Column; side: Side }

function columnsOf(measures: readonly SideMeasure[], more?: 'LargeCount'): Named[] {
  const named = (each: Column, side: Side) => ({
    own: side === 'Total' && COLUMNS.OHLC.includes(each) ? each.part : `Trade${side}${each.part}`,
    rival: `${side}_${each.part}`,
    column: each,
    side,
  })
  const bySide = SIDES.flatMap(side => measures.flatMap(measure => COLUMNS[measure].map(each => named(each, side))))
  return more ? [...bySide, named(largeCount, 'Total')] : bySide
}

/** Returns how columns are compared. */
export function answerOf(measures: readonly SideMeasure[], more?: 'LargeCount'): Omit<Answer, 'keys'> {
  const answer: Omit<Answer, 'keys'> = { exact: {}, sums: {}, deviations: {} }
  for (const { own, rival, column } of columnsOf(measures, more)) answer[column.agreement][own] = rival
  return answer
}

/** Returns DuckDB's best form: grouped by side as well, then pivoted. FILTER in one pass takes twice as long. */
export function sqlBySide(files: string, measures: readonly SideMeasure[], more?: 'LargeCount', where = ''): string {
  const columns = columnsOf(measures, more)
  const text = columns.map(({ column, side }) => column.sql(side)).join(' ')
  const used = Object.entries(PARTIALS).filter(([name]) => new RegExp(`\\b${name}_`).test(text) || /^t[01]$/.test(name))
  const partials = used.map(([name, [of]]) => `${of} AS ${name}`)
  const pivoted = used.flatMap(([name, [, total]]) => [
    `${total} AS ${name}_Total`,
    ...Object.entries(CODES).map(
      ([side, code]) => `any_value(${name}) FILTER (AggressorSide = ${code}) AS ${name}_${side}`,
    ),
  ])
  return `
    SELECT ListingId, ${sqlBucket('minute')}, ${columns.map(({ column, side, rival }) => `${column.sql(side)} AS ${rival}`).join(', ')}
    FROM (
      SELECT ListingId, minute, ${pivoted.join(', ')}
      FROM (
        SELECT ListingId, AggressorSide, ${sqlMinute} AS minute, ${partials.join(', ')}
        FROM read_parquet('${files}', hive_partitioning = false) ${where}
        GROUP BY ListingId, AggressorSide, ${sqlMinute})
      GROUP BY ListingId, minute)`
}

/** Returns Polars' best form: columns masked by side once, then one pass. Its filters inside agg take longer. */
export function polarsBySide(files: string, measures: readonly SideMeasure[], more?: 'LargeCount', where = ''): string {
  const masked = {
    price: `col('Price')`,
    size: `col('Size')`,
    value: `col('Price') * col('Size')`,
    eur: `col('TradeNotionalEUR')`,
  }
  const columns = columnsOf(measures, more)
  const aggregates = columns.map(({ column, side, rival }) => `${rival}=${column.polars(side)}`)
  const inputs = SIDES.flatMap(side =>
    Object.entries(masked)
      .filter(([name]) => aggregates.some(each => each.includes(`'${name}_`)))
      .map(([name, value]) =>
        side === 'Total'
          ? `${name}_Total=${value}`
          : `${name}_${side}=pl.when(col('AggressorSide') == ${CODES[side]}).then(${value})`,
      ),
  )
  return `
    pl.scan_parquet('${files}', hive_partitioning=False)
    ${where}
    .select('ListingId', ${polarsMinute}, ${inputs.join(', ')})
    .group_by('ListingId', 'minute').agg(${aggregates.join(', ')}).with_columns(${polarsBucket})`
}
