import type { OutputColumn } from '../../lib/core/index.js'

/** How members' values of a column become their group's: added, averaged by weight, or the last one taken. */
export type Role = 'additive' | 'average' | 'last'

/** Columns that tell events, pairs and series apart: without them in group_by, what they say is lost (semantics 5.12). */
export const DROPPED = ['EventType', 'Indicator', 'MetricX', 'MetricY', 'EventAnchorTime', 'EventContextIndex']

/**
 * Tells the role of a column: additive where its merge code says that its values add up (S); text, flags, times, dates
 * and ids are labels, of which the last stands; prices, means, ratios and shares, which is all else, are averaged.
 * A table's own columns have no merge code: there the words of the name decide.
 */
export function roleOf({ name, type, unit, merge }: OutputColumn, isTable: boolean): Role {
  if (type === 'str' || type === 'bool' || type === 'ts' || type === 'date') return 'last'
  if (unit === 'identity' || merge === 'key' || (type !== 'f64' && /I[dD]$/.test(name))) return 'last'
  if (merge === 'S') return 'additive'
  return isTable && soundsAdditive(name) ? 'additive' : 'average'
}

const AMOUNTS = new Set(['volume', 'count', 'notional', 'quantity', 'size', 'turnover', 'trades', 'orders', 'shares'])
const AVERAGED =
  /^(avg|average|mean|median|min|max|std|vwap|twap|twa|price|ratio|share|imbalance|rate|weighted|bps|spread|per|log)$/

/** Tells by the words of a name whether its values add up: BidVolume and NumOrders do, AvgVolume and VolumeRatio do not. */
function soundsAdditive(name: string): boolean {
  const words = (name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? []).map(word => word.toLowerCase())
  return words.some(word => AMOUNTS.has(word)) && !words.some(word => AVERAGED.test(word))
}
