import { bucketSql } from './buckets-sql.js'
import type { Check } from './checks.js'
import { type Drawn, entriesOf } from './configs.js'
import type { DataSet } from './data.js'
import { type Entry, FAMILIES } from './entries.js'
import { changeChecks, discrepancyChecks, flagChecks, genericChecks } from './generic-sql.js'
import { impactChecks } from './impact-sql.js'
import { microstructureChecks, retailImbalance, volatility } from './microstructure-sql.js'
import { Scope } from './scope.js'

export interface Query {
  checks: Check[]
  /** Gives day, l, label, the identity columns, and v0, s0, v1, … of the checks, in the order of the output. */
  sql: string
}

/** Metrics of a pass that names none (semantics 5.1). */
const DEFAULTS: Entry = {
  sides: ['Total'],
  measures: ['VWAP', 'VolumeWeightedPricePlacement', 'Volume', 'OHLC'],
}

const YEAR = 252 * 86_400

/** Writes the query that a config means, from the semantics alone. */
export function queryOf({ pass, sessionEnd, order }: Drawn, { settings, table }: DataSet): Query {
  const { trade_analytics: analytics } = pass
  const scope = new Scope(settings, analytics)
  const bucket = bucketSql(pass, settings)
  const drawn = entriesOf(pass, FAMILIES)
  const entries = drawn.length > 0 ? drawn : [{ family: 'generic_metrics', entry: DEFAULTS }]
  const checks = entries.flatMap(({ family, entry }): Check[] => {
    switch (family) {
      case 'generic_metrics':
        return entry.measures!.includes('Volatility')
          ? volatile(scope, entry, analytics.annualisation_seconds ?? YEAR, bucket)
          : genericChecks(scope, entry)
      case 'flag_metrics':
        return flagChecks(scope, entry)
      case 'discrepancy_metrics':
        return discrepancyChecks(scope, entry)
      case 'change_metrics':
        return changeChecks(scope, entry)
      case 'impact_metrics':
        return impactChecks(scope, entry, sessionEnd)
      default:
        return microstructureChecks(scope, entry, bucket)
    }
  })
  if (analytics.enable_retail_imbalance) checks.push(retailImbalance(scope, analytics.retail_imbalance!.weight))
  return { checks, sql: statement(table, scope, bucket.label, checks, order) }
}

/** Volatility of each side is a query of its own. */
function volatile(scope: Scope, entry: Entry, year: number, bucket: ReturnType<typeof bucketSql>): Check[] {
  return entry.sides!.flatMap(side =>
    entry.measures!.flatMap(measure => {
      const one = { ...entry, sides: [side], measures: [measure] }
      if (measure !== 'Volatility') return genericChecks(scope, one)
      const name = entry.output_name_pattern?.replace('{side}', side).replace('{measure}', measure)
      return [volatility(name ?? `Trade${side}Volatility`, scope.price(entry, side), year, bucket)]
    }),
  )
}

function statement(table: string, scope: Scope, label: string, checks: Check[], order: Drawn['order']): string {
  const folded = checks.flatMap(({ sql, scale, series }, i) =>
    series ? [] : [`${sql} AS v${i}`, ...(scale ? [`${scale} AS s${i}`] : [])],
  )
  const joined = checks.flatMap(({ series }, i) => (series ? [{ series, i }] : []))
  const key = 'day, l, label'
  return `
    WITH filtered AS (SELECT *, ${label} AS label, ${scope.filters} FROM ${table}),
      r AS (SELECT *, ${scope.rows} FROM filtered),
      identity AS (SELECT day, l, arg_min(mic, place) AS mic, arg_min(Ticker, place) AS ticker,
        arg_min(currency, place) AS currency FROM r GROUP BY ALL),
      ${joined.map(({ series, i }) => `q${i} AS (${series}),`).join('\n      ')}
      main AS (SELECT ${[key, `arg_max(MarketState, place) FILTER (exist) AS state`, ...folded].join(',\n        ')}
        FROM r GROUP BY ALL HAVING count(*) FILTER (exist) > 0)
    SELECT main.*, mic, ticker, currency${joined.map(({ i }) => `, q${i}.value AS v${i}, q${i}.scale AS s${i}`).join('')}
    FROM main JOIN identity USING (day, l) ${joined.map(({ i }) => `LEFT JOIN q${i} USING (${key})`).join(' ')}
    ORDER BY ${order === 'listing' ? 'day, l, label' : 'day, label, l'}`
}
