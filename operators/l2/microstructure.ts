import * as z from 'zod'
import {
  add,
  BasaltError,
  div,
  type EntryParameters,
  type Expr,
  family,
  ge,
  gt,
  le,
  ln,
  lt,
  type Metric,
  metric,
  mul,
  NULL,
  type Offer,
  series,
  sub,
  when,
} from '../../lib/core/index.js'
import { checkLevel, depthOf } from './levels.js'
import { cumulative, mid, notional, ofValid, quantity, SIDES, type Side } from './quote.js'
import { AGGREGATION_AXIS, aggregations, madeBy, type RowMetric, rowMetric } from './row-metric.js'

/** Parameters of single variants. */
const PARAMETERS = {
  size: z.number().positive().nullable().default(null).describe('CostToTrade…, RoundTripCost: quantity that is traded'),
  within_bps: z.number().positive().nullable().default(null).describe('Depth…: distance from the mid'),
  levels: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe('DepthWeightedMid, BookSlope: levels that count; OrderFlowImbalance: the level'),
  seconds: z.number().positive().nullable().default(null).describe('Resiliency: how long after the trade'),
}
type Parameter = keyof typeof PARAMETERS

/** The family of metrics, of which each module of the block has its own part. */
export const BOOK_METRICS = {
  name: 'microstructure_metrics',
  doc: 'costs of trading a size, depth near the mid, slopes of the book, order flow, how the best level refills',
  axes: [{ field: 'variant', parameter: 'variant' }, AGGREGATION_AXIS],
  pick: 'variant',
  fields: (variants: string[]) => ({
    variant: z.array(z.enum(variants)).min(1).describe('what to compute'),
    ...PARAMETERS,
    aggregations,
  }),
  example: { variant: ['QuoteSlope'] },
}

const RESILIENCY = 'Resiliency'

export const microstructureOfBook = family({
  ...BOOK_METRICS,
  module: 'l2',
  makes: (parameters, modules) =>
    madeBy('l2')(parameters, modules) && !(parameters.variant === RESILIENCY && parameters.aggregation === 'Last'),
})
export const microstructureOfBookTwa = family({ ...BOOK_METRICS, module: 'l2tw', makes: madeBy('l2tw') })
export const microstructureOfTrades = family({
  ...BOOK_METRICS,
  module: 'l2_trades',
  makes: ({ variant, aggregation }) => isOverTrades(variant) && aggregation === 'Last',
})

/** Tells whether a variant sets the book against trades. */
export const isOverTrades = (variant: unknown): boolean => variant === 'QuoteToTradeRatio' || variant === RESILIENCY

/** Returns the one parameter that a variant takes; any other that an entry gives is an error. */
export function parameterOf(variant: string, name: Parameter | null, parameters: EntryParameters): number {
  for (const other of Object.keys(PARAMETERS) as Parameter[]) {
    if (other === name || (parameters[other] ?? null) === null) continue
    throw new BasaltError('config', `'${other}' has no meaning for ${variant}${name ? `: it takes ${name}` : ''}`)
  }
  const value = name === null ? 0 : parameters[name]
  if (value === null || value === undefined) throw new BasaltError('config', `${variant} needs ${name}`)
  return value
}

/** Writes a parameter as a part of a name: 2.5 is 2p5. */
const text = (value: unknown) => String(value).replace('.', 'p')

/** Declares a value of snapshots that takes one parameter. */
function variant(
  takes: Parameter | null,
  {
    value,
    name,
    ...definition
  }: Omit<RowMetric, 'family' | 'of' | 'name'> & {
    name?: (parameter: string) => string
    value: (parameter: number, offer: Offer) => Expr
  },
): [Metric, Metric] {
  return rowMetric({
    priority: 'B',
    ...definition,
    family: 'microstructure_metrics',
    name: parameters => name?.(takes === null ? '' : text(parameters[takes] ?? `{${takes}}`)) ?? definition.pick,
    of: (parameters, offer) => ofValid(value(parameterOf(definition.pick, takes, parameters), offer), offer),
  })
}

const lesser = (a: Expr, b: Expr): Expr => when(lt(a, b), a, b)

/** Returns the average price of a size that takes a side level by level; null where the visible side is smaller. */
function sweep(side: Side, size: number, offer: Offer): Expr {
  let taken: Expr = { op: 'lit', value: 0 }
  let value: Expr = { op: 'lit', value: 0 }
  for (let level = 1; level <= depthOf(offer); level++) {
    const here = lesser(quantity(side, level), sub(size, taken))
    value = add(value, when(gt(here, 0), mul(`${side}Price${level}`, here), 0))
    taken = add(taken, here)
  }
  return when(ge(taken, size), div(value, size), NULL)
}

const costToBuy = (size: number, offer: Offer) => div(mul(10_000, sub(sweep('Ask', size, offer), mid())), mid())
const costToSell = (size: number, offer: Offer) => div(mul(10_000, sub(mid(), sweep('Bid', size, offer))), mid())

export const [costToTradeBuy, costToTradeBuyTwa] = variant('size', {
  pick: 'CostToTradeBuy',
  name: size => `CostToTradeBuy${size}`,
  unit: 'bps',
  doc: 'what buying a size at once costs against the mid; null where the visible book has less',
  formula: '10⁴(vwap_ask-m)/m',
  value: costToBuy,
})
export const [costToTradeSell, costToTradeSellTwa] = variant('size', {
  pick: 'CostToTradeSell',
  name: size => `CostToTradeSell${size}`,
  unit: 'bps',
  doc: 'what selling a size at once costs against the mid; null where the visible book has less',
  formula: '10⁴(m-vwap_bid)/m',
  value: costToSell,
})
export const [roundTripCost, roundTripCostTwa] = variant('size', {
  pick: 'RoundTripCost',
  name: size => `RoundTripCost${size}`,
  unit: 'bps',
  doc: 'what buying and selling a size at once costs',
  formula: 'CostToTradeBuy + CostToTradeSell',
  value: (size, offer) => add(costToBuy(size, offer), costToSell(size, offer)),
})

/** Adds a measure over the levels of a side whose price is not further from the mid than `bps`. */
function near(side: Side, bps: number, offer: Offer, measure: (side: Side, level: number) => Expr): Expr {
  const within = (side: Side, level: number) => {
    const price = `${side}Price${level}`
    const distance = div(side === 'Bid' ? sub(mid(), price) : sub(price, mid()), mid())
    return when(le(distance, bps * 1e-4), measure(side, level), 0)
  }
  return cumulative(within, side, depthOf(offer))
}

function depthNear(measure: 'Depth' | 'DepthNotional', side: Side | 'Total') {
  const of = measure === 'Depth' ? quantity : notional
  const isValue = measure === 'DepthNotional'
  return variant('within_bps', {
    pick: `${measure}${side}`,
    name: bps => `${measure}${side}Within${bps}Bps`,
    unit: isValue ? 'local currency' : 'shares',
    doc: `${isValue ? 'value' : 'quantity'} of levels near the mid, ${side === 'Total' ? 'both sides' : `${side.toLowerCase()} side`}`,
    formula: `Σ ${isValue ? 'P·Q' : 'Q'} over levels with abs(p-m)/m ≤ x·10⁻⁴`,
    value: (bps, offer) =>
      side === 'Total' ? add(near('Bid', bps, offer, of), near('Ask', bps, offer, of)) : near(side, bps, offer, of),
  })
}

export const [depthBid, depthBidTwa] = depthNear('Depth', 'Bid')
export const [depthAsk, depthAskTwa] = depthNear('Depth', 'Ask')
export const [depthTotal, depthTotalTwa] = depthNear('Depth', 'Total')
export const [depthNotionalBid, depthNotionalBidTwa] = depthNear('DepthNotional', 'Bid')
export const [depthNotionalAsk, depthNotionalAskTwa] = depthNear('DepthNotional', 'Ask')
export const [depthNotionalTotal, depthNotionalTotalTwa] = depthNear('DepthNotional', 'Total')

const sideVwap = (side: Side, levels: number) =>
  div(cumulative(notional, side, levels), cumulative(quantity, side, levels))

export const [depthWeightedMid, depthWeightedMidTwa] = variant('levels', {
  pick: 'DepthWeightedMid',
  name: levels => `DepthWeightedMid${levels}`,
  unit: 'local currency',
  doc: 'mean of the average prices of both sides over the best levels',
  formula: '(Σ PQ/Σ Q of the bid + Σ PQ/Σ Q of the ask)/2',
  value(levels, offer) {
    checkLevel(levels, offer)
    return mul(0.5, add(sideVwap('Bid', levels), sideVwap('Ask', levels)))
  },
})

/** Slope of one side: how much quantity grows, relatively, as the price moves away (Næs, Skjeltorp 2006). */
function sideSlope(side: Side, levels: number): Expr {
  const volume = (level: number) => ln(cumulative(quantity, side, level))
  const price = (level: number) => `${side}Price${level}`
  const away = (ratio: Expr) => (side === 'Bid' ? sub(1, ratio) : sub(ratio, 1))
  let sum = div(volume(1), away(div(price(1), mid())))
  for (let level = 2; level <= levels; level++) {
    const growth = sub(div(volume(level), volume(level - 1)), 1)
    sum = add(sum, div(growth, away(div(price(level), price(level - 1)))))
  }
  return div(sum, levels)
}

export const [bookSlope, bookSlopeTwa] = variant('levels', {
  pick: 'BookSlope',
  name: levels => `BookSlope${levels}`,
  unit: '1',
  doc: 'mean slope of both sides over the best levels; null where one of them is missing',
  formula: '(1/n)·[v_1/abs(p_1/m-1) + Σ_{k=2..n} (v_k/v_{k-1}-1)/abs(p_k/p_{k-1}-1)], v = ln cumulative quantity',
  value(levels, offer) {
    checkLevel(levels, offer)
    return mul(0.5, add(sideSlope('Bid', levels), sideSlope('Ask', levels)))
  },
})

/** Null unless the logarithms of both quantities add up to more than 0. */
function perLogQuantity(value: Expr): Expr {
  const both = add(ln(quantity('Ask', 1)), ln(quantity('Bid', 1)))
  return when(gt(both, 0), div(value, both), NULL)
}

export const [quoteSlope, quoteSlopeTwa] = variant(null, {
  pick: 'QuoteSlope',
  unit: 'local currency',
  doc: 'spread over the logarithms of the best quantities; null where these do not add up to more than 0',
  formula: '(a-b)/(ln Qa + ln Qb)',
  value: () => perLogQuantity(sub('AskPrice1', 'BidPrice1')),
})
export const [logQuoteSlope, logQuoteSlopeTwa] = variant(null, {
  pick: 'LogQuoteSlope',
  unit: '1',
  doc: 'relative spread over the logarithms of the best quantities',
  formula: 'ln(a/b)/(ln Qa + ln Qb)',
  value: () => perLogQuantity(ln(div('AskPrice1', 'BidPrice1'))),
})

export const orderFlowImbalance = metric({
  module: 'l2',
  family: 'microstructure_metrics',
  pick: 'OrderFlowImbalance',
  name: ({ levels }) => `OrderFlowImbalance${levels ?? 1}`,
  unit: 'shares',
  doc: 'what snapshots added to the bid and took from the ask at a level, the snapshot before the bucket carried in',
  formula: "Σ e, e = 1{b≥b'}Qb - 1{b≤b'}Qb' - 1{a≤a'}Qa + 1{a≥a'}Qa'",
  priority: 'B',
  merge: 'S',
  empty: 'zero',
  uses(parameters, offer) {
    const level = parameterOf('OrderFlowImbalance', 'levels', { ...parameters, levels: parameters.levels ?? 1 })
    checkLevel(level, offer)
    const [bid, ask] = SIDES
    return {
      flow: series('order_flow', [
        `${bid}Price${level}`,
        quantity(bid, level),
        `${ask}Price${level}`,
        quantity(ask, level),
      ]),
    }
  },
})
