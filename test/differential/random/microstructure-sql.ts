import type { BucketSql } from './buckets-sql.js'
import { type Check, mean, ratio } from './checks.js'
import type { Entry } from './entries.js'
import { quantity } from './generic-sql.js'
import { nameOf, type Scope } from './scope.js'

const [BID, ASK] = ['BestBidPrice', 'BestAskPrice']
const MID = `((${BID} + ${ASK}) / 2)`
const VALID = `${BID} IS NOT NULL AND ${ASK} IS NOT NULL AND ${ASK} >= ${BID}`

const PLACES: Record<string, string> = {
  TradeAtBidShare: `p = ${BID}`,
  TradeAtMidShare: `abs(2 * p - (${BID} + ${ASK})) <= 1e-9 * abs(${ASK})`, // a mid of decimals is no double
  TradeAtAskShare: `p = ${ASK}`,
  TradeInsideShare: `p > ${BID} AND p < ${ASK}`,
  TradeOutsideShare: `(p < ${BID} OR p > ${ASK})`,
}

const SHARES: Record<string, string> = {
  LitShare: 'LitTrade',
  DarkShare: 'DarkTrade',
  AuctionShare: 'AuctionTrade',
  SiShare: 'Si',
  OffBookShare: 'OffBook',
  RetailShare: 'Retail',
  BlockShare: 'BlockTrade',
  OddLotShare: 'OddLotTrade',
}

export function microstructureChecks(scope: Scope, entry: Entry, bucket: BucketSql): Check[] {
  return entry.variant!.map(variant => {
    const name = nameOf(entry, variant, { variant })
    return microstructureCheck(scope, entry, bucket, variant, name)
  })
}

function microstructureCheck(scope: Scope, entry: Entry, bucket: BucketSql, variant: string, name: string): Check {
  const [price, volume] = [scope.price(entry), scope.volume(entry)]
  const known = `${price} AND ${VALID} AND d <> 0`
  const better = `(CASE WHEN d = 1 THEN ${ASK} - p ELSE p - ${BID} END)`
  if (variant in PLACES)
    return ratio(name, ['q', `${price} AND ${VALID} AND ${PLACES[variant]}`], ['q', `${price} AND ${VALID}`])
  if (variant in SHARES) {
    const all = scope.own(entry, 'true')
    return ratio(name, ['TradeNotionalEUR', `${all} AND ${scope.classes[SHARES[variant]]}`], ['TradeNotionalEUR', all])
  }
  const [, auction, what] = /^(Opening|Closing)Auction(\w+)$/.exec(variant) ?? []
  if (auction) {
    const state = `coalesce(MarketState = '${auction.toUpperCase()}_AUCTION', false)`
    const rows = scope.own(entry, `(${scope.classes.AuctionTrade} AND ${state})`)
    if (what === 'Volume') return quantity(name, scope, rows)
    return ratio(name, ['p * q', `${rows} AND p IS NOT NULL`], ['q', `${rows} AND p IS NOT NULL`])
  }
  switch (variant) {
    case 'TradeFlowImbalance':
      return ratio(name, ['d * q', `${volume} AND d <> 0`], ['q', `${volume} AND d <> 0`])
    case 'EffectiveOverQuoted':
      return ratio(name, [`2 * d * (p - ${MID}) * q`, known], [`(${ASK} - ${BID}) * q`, known])
    case 'PriceImprovement':
      return mean(name, better, known)
    case 'PriceImprovementBps':
      return mean(name, `(10000 * ${better} / nullif(${MID}, 0))`, known)
    case 'TradeTwap':
      return twap(name, price, bucket)
    case 'RollSpread':
      return roll(name, price)
    default:
      throw new Error(`no SQL of ${variant}`)
  }
}

/** Value from the retail trades of both sides (semantics 5.2). */
export function retailImbalance(scope: Scope, weight: string): Check {
  const w = { NotionalEUR: 'TradeNotionalEUR', Notional: '(p * q)', Size: 'q' }[weight]
  const rows = `${scope.own({}, scope.classes.Retail)} AND d <> 0`
  return ratio('RetailTradeImbalance', [`d * ${w}`, rows], [`${w}`, rows])
}

const KEY = 'day, l, label'
const LINE = `(PARTITION BY ${KEY} ORDER BY place)`
const series = (name: string, series: string): Check => ({ name, sql: '', kind: 'moment', series })

/** Each price stands until the next one, the last until the bucket ends. */
const twap = (name: string, price: string, { to }: BucketSql): Check => ({
  ...series(
    name,
    `WITH held AS (SELECT ${KEY}, p, lead(t, 1, ${to}) OVER ${LINE} - t AS w FROM r WHERE ${price})
     SELECT ${KEY}, fsum(p * w) / nullif(sum(w), 0) AS value, fsum(abs(p) * w) / nullif(sum(w), 0) AS scale FROM held GROUP BY ALL`,
  ),
  kind: 'sum',
})

/** Without a bounce the covariance is 0 but for rounding, whose root is some 1e-8 of the price. */
const roll = (name: string, price: string): Check => ({
  ...series(
    name,
    `WITH changes AS (SELECT ${KEY}, place, p, p - lag(p) OVER ${LINE} AS x FROM r WHERE ${price}),
       pairs AS (SELECT ${KEY}, p, x, lead(x) OVER ${LINE} AS y FROM changes WHERE x IS NOT NULL),
       moments AS (SELECT ${KEY}, covar_pop(x, y) AS c, count(y) AS n, max(abs(p)) AS most FROM pairs GROUP BY ALL)
     SELECT ${KEY}, CASE WHEN n > 0 AND c < 0 THEN 2 * sqrt(-c) END AS value, 1e3 * most AS scale FROM moments`,
  ),
  noise: true,
})

/** Annualised deviation of the log returns between consecutive trades; a price of 0 or less has no return. */
export const volatility = (name: string, price: string, year: number, { seconds }: BucketSql): Check =>
  series(
    name,
    `WITH steps AS (SELECT ${KEY}, p, lag(p) OVER ${LINE} AS before FROM r WHERE ${price}),
       returns AS (SELECT ${KEY}, CASE WHEN p > 0 AND before > 0 THEN ln(p / before) END AS x FROM steps),
       moments AS (SELECT ${KEY}, stddev_samp(x) AS s, count(x) AS n, max(abs(x)) AS most FROM returns GROUP BY ALL)
     SELECT ${KEY}, CASE WHEN n >= 2 THEN s * sqrt(${year} * n / ${seconds}::DOUBLE) END AS value,
       1e-5 * most * sqrt(${year} * n / ${seconds}::DOUBLE) AS scale FROM moments`,
  )
