import * as z from 'zod'
import {
  add,
  and,
  count,
  div,
  type EntryParameters,
  type Expr,
  eq,
  type FoldRequest,
  family,
  gt,
  type Metric,
  type MetricDefinition,
  mean,
  metric,
  mul,
  ne,
  not,
  notNull,
  type Offer,
  sub,
  sum,
} from '../../lib/core/index.js'
import { HORIZONS_MS } from '../tables/trades.js'
import { durationOf, durationTag } from './duration.js'

const NS_PER_MS = 1_000_000
const tags = HORIZONS_MS.map(ms => durationTag(ms * NS_PER_MS))

/** A horizon in any unit (1000ms, 1s) becomes its tag; only those at which a trade carries a mid are known. */
const horizon = z
  .string()
  .refine(text => tags.includes(tagOf(text)), { error: `no such horizon; allowed: ${tags.join(', ')}` })
  .overwrite(tagOf)

function tagOf(text: string): string {
  const ns = durationOf(text)
  return ns === undefined ? text : durationTag(ns)
}

export const impactMetrics = family({
  module: 'trade',
  name: 'impact_metrics',
  doc: 'cost of trades and its two parts: what the other side kept, and how far the price moved',
  axes: [
    { field: 'variant', parameter: 'variant' },
    { field: 'horizon', parameter: 'horizon' },
  ],
  pick: 'variant',
  fields: variants => ({
    variant: z.array(z.enum(variants)).min(1).describe('what to compute'),
    horizon: z
      .array(horizon.nullable())
      .min(1)
      .nullable()
      .default([null])
      .transform(list => list ?? [null])
      .describe('time after the trade, as 100ms or 5m; null: 1s, and none for EffectiveSpread'),
    reference_price_col: z.string().min(1).default('PreTradeMid').describe('column of the price before the trade'),
    mid_source: z.enum(['ebbo', 'primary']).default('ebbo').describe('book of the mid after the trade'),
    unit: z.enum(['price', 'bps']).default('price').describe('local currency, or bps of the reference'),
    weighting: z.enum(['equal', 'share', 'notional']).default('equal').describe('weight of a trade in the mean'),
    with_counts: z.boolean().default(false).describe('also count the trades left out for their unknown side'),
  }),
  example: { variant: ['EffectiveSpread'], reference_price_col: 'MidPrice' },
})

const WEIGHTS: Record<string, { suffix: string; column?: string }> = {
  equal: { suffix: '' },
  share: { suffix: 'ShareWeighted', column: 'Size' },
  notional: { suffix: 'NotionalWeighted', column: 'LocalNotional' },
}

/** The mid after the trade, at a horizon. */
interface Later {
  mid: Expr
  ns: number
}

interface Variant extends Pick<MetricDefinition, 'pick' | 'doc' | 'formula' | 'hindsight'> {
  /** Horizon where the entry names none. */
  horizon: string | null
  /** Signed distance of a trade; `later` is null only without a horizon. */
  distance(ref: Expr, later: Later | null): Expr
}

/** Makes a mean over trades of known side, and the count of those whose side is not known. */
function variant({ horizon: usual, distance, ...definition }: Variant): [Metric, Metric] {
  const name = ({ horizon, weighting, unit }: EntryParameters) =>
    `${definition.pick}${horizon ?? usual ?? ''}${WEIGHTS[weighting].suffix}${unit === 'bps' ? 'Bps' : ''}`
  const shared = { module: 'trade', family: 'impact_metrics', filter: 'price', ...definition } as const
  const value = metric({
    ...shared,
    name,
    unit: ({ unit }) => (unit === 'bps' ? 'bps' : 'local currency'),
    merge: 'R',
    empty: 'null',
    uses(parameters, offer) {
      const ref: Expr = { op: 'col', name: parameters.reference_price_col }
      const later = laterOf(parameters, usual)
      const signed = mul(mul(2, 'Direction'), distance(ref, later))
      const term = parameters.unit === 'bps' ? div(mul(10_000, signed), ref) : signed
      return meanOf(term, parameters, and(ne('Direction', 0), measurable(parameters, later, offer)))
    },
    value: ({ mean, weighted, weight }) => (weight === undefined ? mean : weighted / weight),
  })
  const unknown = metric({
    ...shared,
    part: 'UnknownSideCount',
    name: parameters => `${name(parameters)}UnknownSideCount`,
    unit: 'trades',
    doc: `number of trades that ${definition.pick} leaves out for their unknown side alone; with_counts asks for it`,
    formula: 'number of rows with D = 0 and the prices that the metric needs',
    merge: 'S',
    empty: 'zero',
    // Without with_counts it asks for no fold: it is not wanted.
    uses(parameters, offer): Record<string, FoldRequest> {
      if (!parameters.with_counts) return {}
      return { count: count(and(eq('Direction', 0), measurable(parameters, laterOf(parameters, usual), offer))) }
    },
  })
  return [value, unknown]
}

function laterOf({ horizon, mid_source }: EntryParameters, usual: string | null): Later | null {
  const ns = durationOf(horizon ?? usual ?? '')
  if (ns === undefined) return null
  const name = `PostTradeMid${ns / NS_PER_MS}ms${mid_source === 'primary' ? 'AtPrimary' : ''}`
  return { mid: { op: 'col', name }, ns }
}

/**
 * Trades with every price that a variant may need. All variants of one horizon take the same trades, so effective
 * spread = realised spread + price impact holds for each trade and for the means.
 */
function measurable({ reference_price_col: ref, unit }: EntryParameters, later: Later | null, offer: Offer): Expr {
  const parts = [notNull(ref)]
  if (unit === 'bps') parts.push(ne(ref, 0))
  if (later) parts.push(notNull(later.mid))
  if (later && offer.sessionEnd) parts.push(not(gt(add('TimeOfDay', later.ns), 'SessionEnd')))
  return and(...parts)
}

function meanOf(term: Expr, { weighting }: EntryParameters, where: Expr): Record<string, FoldRequest> {
  const { column } = WEIGHTS[weighting]
  if (!column) return { mean: mean(term, where) }
  return { weighted: sum(mul(term, column), where), weight: sum(column, where) }
}

export const [effectiveSpread, effectiveSpreadUnknownSide] = variant({
  pick: 'EffectiveSpread',
  doc: 'twice the signed distance of the price from the mid before the trade; with a horizon, over trades that have it',
  formula: 'mean of 2D(p - ref) over D ≠ 0',
  horizon: null,
  hindsight: ({ horizon }) => horizon !== null && horizon !== undefined,
  distance: ref => sub('LocalPrice', ref),
})

export const [realizedSpread, realizedSpreadUnknownSide] = variant({
  pick: 'RealizedSpread',
  doc: 'twice the signed distance of the price from the mid some time after the trade: what the other side kept',
  formula: 'mean of 2D(p - m_{t+h}) over D ≠ 0',
  hindsight: true,
  horizon: '1s',
  distance: (_, later) => sub('LocalPrice', (later as Later).mid),
})

export const [priceImpact, priceImpactUnknownSide] = variant({
  pick: 'PriceImpact',
  doc: 'twice the signed move of the mid from before the trade to some time after it',
  formula: 'mean of 2D(m_{t+h} - ref) over D ≠ 0',
  hindsight: true,
  horizon: '1s',
  distance: (ref, later) => sub((later as Later).mid, ref),
})
