import type { Expr, Offer } from '../../lib/core/index.js'
import { type Side, sideRows } from '../trade/sides.js'

/** Types of trades that are told apart; those of other types are in none. */
export const TRADE_TYPES = ['LIT', 'DARK'] as const

/** Who took: a buyer (1), a seller (2), or nobody knows. */
export const AGGRESSOR_SIDES = ['Buy', 'Sell', 'Unknown'] as const
type AggressorSide = (typeof AGGRESSOR_SIDES)[number]

const MET: Record<AggressorSide, Side> = { Buy: 'Ask', Sell: 'Bid', Unknown: 'Unknown' }

/** Returns the trades of an aggressor: a buyer meets orders of the ask side. */
export const aggressorRows = (side: AggressorSide, offer: Offer): Expr =>
  sideRows(MET[side], offer.has('AggressorSide'))

/** The lists of metrics in the block, which both tables share. */
export interface Requests {
  l3_execution?: unknown[]
  trade_breakdown?: unknown[]
  derived_metrics?: unknown[]
}

/** Tells whether a config asks for metrics; where it does not, all are meant. */
export const isAsked = ({ l3_execution, trade_breakdown, derived_metrics }: Requests): boolean =>
  [l3_execution, trade_breakdown, derived_metrics].some(list => (list?.length ?? 0) > 0)
