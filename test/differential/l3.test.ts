import t from 'tap'
import { stampText } from '../../lib/core/index.js'
import { folderFor } from '../exec/folder.js'
import { type DuckRow, duck } from '../support/duck.js'
import { objectsOf, runConfig } from '../support/run.js'
import { COUNTS, FLOW, LIVES, livesSql, messagesSql } from './l3-sql.js'
import { DATES, writeMessages } from './order-messages.js'

t.setTimeout(300_000)

const SECONDS = 30
const SIDES = ['Bid', 'Ask', 'Total']
const AGGREGATIONS = ['Sum', 'Mean', 'Min', 'Max', 'Median', 'Std', 'First', 'Last']

/** Filters of entries, by the prefix of their columns. They say which inserts and executions count, and cut no chain. */
const FILTERS: Record<string, { entry: object; sql: string }> = {
  All: { entry: {}, sql: 'true' },
  Open: { entry: { market_states: 'CONTINUOUS_TRADING' }, sql: "MarketState = 'CONTINUOUS_TRADING'" },
  Big: { entry: { attribute_filters: { Size: { min: 150 }, Side: [1] } }, sql: 'Size >= 150 AND Side = 1' },
}

const advanced = (prefix: string, entry: object) => {
  const named = { ...entry, output_name_pattern: `${prefix}{variant}` }
  return [
    { variant: [...Object.keys(FLOW), 'AvgReplacementLatency'], ...named },
    { variant: ['AvgRestingTime', 'OrderLifetimeMedian', 'CensoredShare', 'FillRatio'], ...named },
    { variant: ['FleetingLiquidityRatio', 'FleetingCancelRatio'], fleeting_threshold_ms: 9600, ...named },
    { variant: ['FillProbability'], horizon: '12s', ...named },
  ]
}

for (const ids of ['i64', 'str'] as const) {
  t.test(`metrics of order messages equal their SQL, orders named by ${ids}`, async t => {
    const root = folderFor(t)
    await writeMessages(root, { ids })
    const { passes, said } = await runConfig({
      START_DATE: DATES[0],
      END_DATE: DATES[1],
      DATA: { root, layout: 'hive' },
      PASSES: [
        {
          name: 'messages',
          modules: ['l3'],
          time_bucket_seconds: SECONDS,
          l3_analytics: {
            generic_metrics: [
              { sides: SIDES, actions: Object.keys(COUNTS), measures: ['Count'] },
              { sides: SIDES, actions: Object.keys(COUNTS), measures: ['Volume'], aggregations: AGGREGATIONS },
            ],
            advanced_metrics: Object.entries(FILTERS).flatMap(([prefix, { entry }]) => advanced(prefix, entry)),
          },
        },
      ],
    })
    const filters = Object.entries(FILTERS).map(([prefix, { sql }]) => ({ prefix, sql }))
    const [expected, lives, nameless] = await duck(
      messagesSql(`${root}/l3/**/*.parquet`, SECONDS),
      countsSql(filters),
      livesSql(filters),
      'SELECT count(*) AS n FROM messages WHERE LobAction = 2 AND who IS NULL',
    )
    const followed = new Map(lives.map(row => [keyOf(row), row]))
    const rows = objectsOf(passes[0])
    t.ok(rows.length > 100, `${rows.length} rows`)
    t.same(
      rows.map(row => `${row.Date} ${row.ListingId} ${row.TimeBucket}`),
      expected.map(keyOf),
      'the same buckets',
    )
    const names = Object.keys(rows[0]).filter(
      name => /^[A-Z]/.test(name) && !/^(Date|ListingId|TimeBucket|MarketState)$/.test(name),
    )
    const wrong: string[] = []
    for (const name of names) {
      for (const [i, row] of expected.entries()) {
        const wanted = name in row ? row[name] : (followed.get(keyOf(row))?.[name] ?? null)
        if (!near(rows[i][name], wanted)) wrong.push(`${keyOf(row)} ${name}: ${rows[i][name]}, expected ${wanted}`)
      }
      const known = [...expected, ...lives].some(row => name in row)
      t.ok(known, `${name} is checked`)
      t.ok(new Set(rows.map(row => String(row[name]))).size > 1, `${name} is not everywhere the same`)
    }
    t.same(wrong.slice(0, 5), [], `${wrong.length} values differ`)
    const missed = Number(nameless[0].n)
    t.ok(missed > 10, `${missed} inserts name no order`)
    t.ok(said.includes(`inserts that name no order, of metrics that follow orders: ${missed}`), said.join('; '))
    for (const name of LIVES) t.ok(names.includes(`All${name}`), name)
  })
}

/** Counts, volumes and ratios of buckets, and replacements; see `messagesSql` for the columns. */
function countsSql(filters: { prefix: string; sql: string }[]): string {
  const side = { Bid: 'Side = 1', Ask: 'Side = 2', Total: 'true' } as Record<string, string>
  const counts = Object.entries(COUNTS).flatMap(([action, { rows, size }]) =>
    SIDES.flatMap(name => {
      const where = `FILTER (${rows} AND ${side[name]})`
      const edge = (order: string) =>
        `arg_min(${size}, ${order}) FILTER (${rows} AND ${side[name]} AND ${size} IS NOT NULL)`
      const volume = `${action}Volume${name}`
      return [
        `count(*) ${where} AS ${action}Count${name}`,
        `coalesce(sum(${size}) ${where}, 0) AS ${volume}`,
        ...['Min', 'Max', 'Median'].map(each => `${each}(${size}) ${where} AS ${volume}${each}`),
        `avg(${size}) ${where} AS ${volume}Mean`,
        `stddev_samp(${size}) ${where} AS ${volume}Std`,
        `${edge('k')} AS ${volume}First`,
        `${edge('-k')} AS ${volume}Last`,
      ]
    }),
  )
  const flows = filters.flatMap(({ prefix, sql }) =>
    Object.entries({ ...FLOW, AvgReplacementLatency: 'avg(next_t - t) FILTER (executes AND next_inserts AND $)' }).map(
      ([name, value]) => `${value.replaceAll('$', `(${sql})`)} AS ${prefix}${name}`,
    ),
  )
  return `SELECT day, l, label, ${[...counts, ...flows].join(',\n')} FROM messages GROUP BY ALL ORDER BY day, l, label`
}

const keyOf = ({ day, l, label }: DuckRow) => `${day} ${l} ${stampText(label as bigint)}`

/** Tells whether two values agree: both null, or equal; sums and means to 1e-12. */
function near(found: unknown, wanted: unknown): boolean {
  if (found === null || wanted === null) return found === wanted
  const [a, b] = [Number(found), Number(wanted)]
  return a === b || Math.abs(a - b) <= 1e-12 * Math.abs(b)
}
