import { type Expr, eq, isIn, isNull, type Offer, or, TRUE } from '../../lib/core/index.js'

/** Sides by the resting order they met: an aggressive buyer (1) lifts the ask, a seller (2) hits the bid. */
export const SIDES = ['Bid', 'Ask', 'Total', 'Unknown'] as const
export type Side = (typeof SIDES)[number]

/** Returns the rows of a side; Total is every row. */
export function sideRows(side: Side, hasDirection: boolean): Expr {
  if (side === 'Total') return TRUE
  if (!hasDirection) return side === 'Unknown' ? TRUE : { op: 'not', args: [TRUE] }
  if (side === 'Unknown') return or(isIn('AggressorSide', [0]), isNull('AggressorSide'))
  return eq('AggressorSide', side === 'Ask' ? 1 : 2)
}

/** Tells whether directions that are not known are found by a rule. */
export const isClassified = ({ config }: Offer): boolean => (config.classify ?? 'none') !== 'none'

/** Returns the trades of a side, as AggressorSide tells it or, where it does not, as the rule in force finds it. */
export function tradesOfSide(side: Side, offer: Offer): Expr {
  if (side === 'Total' || !isClassified(offer)) return sideRows(side, offer.has('AggressorSide'))
  return eq('Direction', side === 'Unknown' ? 0 : side === 'Ask' ? 1 : -1)
}

/** Sides are part of a name except Total, where a family leaves it out. */
export const sideSuffix = (side: Side): string => (side === 'Total' ? '' : side)
