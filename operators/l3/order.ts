import {
  and,
  coalesce,
  type Expr,
  type FoldRequest,
  isIn,
  isNull,
  type Offer,
  or,
  series,
} from '../../lib/core/index.js'
import { insertion, removal } from './rows.js'

/** Columns that name an order: the first that is neither null nor empty is its identity (semantics 1.4). */
const ID_COLUMNS = ['OriginalOrderId', 'OrderId', 'OldOrderId']

/** Lists the columns at hand that name an order. Without any, the usual one is asked for, and found missing. */
export function idColumns({ has }: Pick<Offer, 'has'>): string[] {
  const mapped = ID_COLUMNS.filter(has)
  return mapped.length > 0 ? mapped : ['OrderId']
}

/** Tells whether a column names orders. */
export const nameable = ({ has }: Pick<Offer, 'has'>): boolean => ID_COLUMNS.some(has)

/** Tells who a message is about. */
export function identity(offer: Offer): Expr {
  const [only, ...others] = idColumns(offer)
  return others.length > 0 ? coalesce(only, ...others) : { op: 'col', name: only }
}

/** What the kernels of orders are given of every message. */
const inputs = (offer: Offer): Expr[] => [
  insertion(),
  removal(),
  { op: 'col', name: 'Size' },
  { op: 'col', name: 'ExecutionSize' },
  identity(offer),
]

/** Adds up a measure of the orders that a bucket inserts; see kernel `orders`. */
export const ofOrders = (offer: Offer, measure: string, limit: number | null = null, where?: Expr): FoldRequest =>
  series('orders', inputs(offer), limit === null ? { measure } : { measure, limit }, where)

/** Asks for the median lifetime of the orders that a bucket inserts. */
export const lifetimeOfOrders = (offer: Offer): FoldRequest => series('order_lifetime', inputs(offer))

/** Holds for messages of which no column names the order. */
export const nameless = (offer: Offer): Expr => and(...idColumns(offer).map(name => or(isNull(name), isIn(name, ['']))))
