export type Side = 'Total' | 'Bid' | 'Ask'

/** DuckDB's partials of a listing, minute and side: how to compute each, and how to add the sides up. */
export const PARTIALS: Record<string, [of: string, total: string]> = {
  n: ['count(*)', 'sum(n)'],
  q: ['sum(Size)', 'sum(q)'],
  pq: ['sum(Price * Size)', 'sum(pq)'],
  eur: ['sum(TradeNotionalEUR)', 'sum(eur)'],
  open: ['arg_min(Price, TradeTimestamp)', 'arg_min(open, t0)'],
  high: ['max(Price)', 'max(high)'],
  low: ['min(Price)', 'min(low)'],
  close: ['arg_max(Price, TradeTimestamp)', 'arg_max(close, t1)'],
  t0: ['min(TradeTimestamp)', 'min(t0)'],
  t1: ['max(TradeTimestamp)', 'max(t1)'],
  p: ['sum(Price)', 'sum(p)'],
  d: ['var_pop(Price) * count(*)', 'sum(d)'],
  largest: ['max(Size)', 'max(largest)'],
  large: ['sum(Size) FILTER (Size >= 10000)', 'coalesce(sum(large), 0)'],
  many: ['count(*) FILTER (Size >= 10000)', 'sum(many)'],
}

/** AggressorSide by the resting order that was met. */
export const CODES = { Unknown: 0, Ask: 1, Bid: 2 }

/**
 * Returns the standard deviation of a side's prices. Squares of all trades about their mean are those of each side about
 * its own, and of the sides' means about the common one.
 */
export function sqlDeviation(side: Side): string {
  const apart = Object.keys(CODES).map(s => `coalesce(n_${s} * pow(p_${s} / n_${s} - p_Total / n_Total, 2), 0)`)
  const squares = side === 'Total' ? `(d_Total + ${apart.join(' + ')})` : `d_${side}`
  return `CASE WHEN n_${side} > 1 THEN sqrt(${squares} / (n_${side} - 1)) END`
}
