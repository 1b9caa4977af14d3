import { and, type Expr, eq, gt, not, sub, when } from '../../lib/core/index.js'
import { LOB_ACTION } from '../tables/l3.js'

/** Sides of the order that a message is about; Total is every message, those of unknown side among them. */
export const ORDER_SIDES = ['Bid', 'Ask', 'Total'] as const
export type OrderSide = (typeof ORDER_SIDES)[number]

/** Returns the messages about orders of a side. */
export const ofSide = (side: OrderSide): Expr => (side === 'Total' ? and() : eq('Side', side === 'Bid' ? 1 : 2))

/** An execution is told by its quantity, whatever the action (semantics 1.4). */
export const execution = (): Expr => gt('ExecutionSize', 0)
export const insertion = (): Expr => eq('LobAction', LOB_ACTION.insert)
export const removal = (): Expr => eq('LobAction', LOB_ACTION.remove)
export const update = (): Expr => eq('LobAction', LOB_ACTION.update)

/** A removal that no execution made. */
export const cancellation = (): Expr => and(removal(), not(execution()))

/** By how much an update changes a quantity, whichever way; null where either is. */
export const sizeChange = (): Expr => when(gt('OldSize', 'Size'), sub('OldSize', 'Size'), sub('Size', 'OldSize'))
