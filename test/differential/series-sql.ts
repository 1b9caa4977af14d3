// SQL of the trade metrics that depend on the order of rows, written from the semantics alone.

/** A query of `day, l, label, value`, one row a bucket that has a value. */
export interface SeriesCheck {
  name: string
  query: string
  within: number
  /** Values this small are rounding noise, no better than null. */
  noise?: number
}

const KEY = 'day, l, label'
const LINE = `(PARTITION BY ${KEY} ORDER BY place)`
const PRICED = 'lit AND q > 0 AND p IS NOT NULL'
const SIDES: Record<string, string> = {
  Total: 'true',
  Bid: 'side = 2',
  Ask: 'side = 1',
  Unknown: '(side = 0 OR side IS NULL)',
}
const YEAR_SECONDS = 252 * 86_400

export function seriesChecks(bucketSeconds: number, gridSeconds: number, grid: string): SeriesCheck[] {
  return [
    ...Object.entries(SIDES).map(([side, is]) => volatility(side, is, bucketSeconds)),
    twap,
    roll,
    ...realised('Trade', 'p', bucketSeconds, gridSeconds, grid),
    ...realised('Mid', MID, bucketSeconds, gridSeconds, grid),
  ]
}

const MID = 'CASE WHEN BestAskPrice >= BestBidPrice THEN (BestBidPrice + BestAskPrice) / 2 END'

const volatility = (side: string, is: string, seconds: number): SeriesCheck => ({
  name: `Trade${side}Volatility`,
  query: `
    WITH returns AS (SELECT ${KEY}, ln(p / lag(p) OVER ${LINE}) AS r FROM rows WHERE ${PRICED} AND ${is})
    SELECT ${KEY}, stddev_samp(r) * sqrt(${YEAR_SECONDS} * count(r) / ${seconds}::DOUBLE) AS value
    FROM returns GROUP BY ALL HAVING count(r) >= 2`,
  within: 1e-9,
})

/** The label is T1: the pass is end-anchored. */
const twap: SeriesCheck = {
  name: 'TradeTwap',
  query: `
    WITH held AS (SELECT ${KEY}, p, lead(t, 1, label) OVER ${LINE} - t AS w FROM rows WHERE ${PRICED})
    SELECT ${KEY}, fsum(p * w) / nullif(sum(w), 0) AS value FROM held GROUP BY ALL`,
  within: 1e-12,
}

const roll: SeriesCheck = {
  name: 'RollSpread',
  query: `
    WITH changes AS (SELECT ${KEY}, place, p - lag(p) OVER ${LINE} AS x FROM rows WHERE ${PRICED}),
      pairs AS (SELECT ${KEY}, x, lead(x) OVER ${LINE} AS y FROM changes WHERE x IS NOT NULL),
      moments AS (SELECT ${KEY}, covar_pop(x, y) AS c, count(y) AS n FROM pairs GROUP BY ALL)
    SELECT ${KEY}, 2 * sqrt(-c) AS value FROM moments WHERE n > 0 AND c < 0`,
  within: 1e-9,
  noise: 1e-6,
}

function realised(
  prefix: string,
  price: string,
  bucketSeconds: number,
  gridSeconds: number,
  grid: string,
): SeriesCheck[] {
  const slot = `(t - (label - ${bucketSeconds}000000000) - 1) // ${gridSeconds}000000000`
  const rows = `
    WITH prices AS (SELECT ${KEY}, ${slot} AS slot, place, ${price} AS v FROM rows WHERE ${PRICED}),
      closes AS (SELECT ${KEY}, slot, arg_max(v, place) AS v FROM prices WHERE v > 0 GROUP BY ALL),
      moves AS (SELECT ${KEY}, slot, ln(v / lag(v) OVER (PARTITION BY ${KEY} ORDER BY slot)) AS r FROM closes),
      returns AS (SELECT *, lag(r) OVER (PARTITION BY ${KEY} ORDER BY slot) AS before FROM moves WHERE r IS NOT NULL)`
  const variance = 'fsum(r * r)'
  const bipower = 'pi() / 2 * fsum(abs(r) * abs(before))'
  const measures: Record<string, [least: number, sql: string]> = {
    RealizedVariance: [1, variance],
    BipowerVariation: [2, bipower],
    JumpVariation: [2, `${variance} - ${bipower}`],
    RealizedSemivarianceDown: [1, 'fsum(CASE WHEN r < 0 THEN r * r ELSE 0 END)'],
    RealizedSemivarianceUp: [1, 'fsum(CASE WHEN r > 0 THEN r * r ELSE 0 END)'],
    RealizedSkew: [1, `sqrt(count(r)) * fsum(r * r * r) / nullif(pow(${variance}, 1.5), 0)`],
    RealizedKurt: [1, `count(r) * fsum(r * r * r * r) / nullif(pow(${variance}, 2), 0)`],
  }
  return Object.entries(measures).map(([name, [least, sql]]) => ({
    name: `${prefix}${name}${grid}`,
    query: `${rows} SELECT ${KEY}, ${sql} AS value FROM returns GROUP BY ALL HAVING count(r) >= ${least}`,
    within: 1e-9,
    noise: name === 'RealizedSkew' ? 1e-9 : 0, // moves that cancel; the other measures are far smaller than 1
  }))
}
