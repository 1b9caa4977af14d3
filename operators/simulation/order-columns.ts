import type { ColumnSpec } from '../../lib/core/index.js'

const f64 = (name: string): ColumnSpec => ({ name, type: 'f64' })
const i64 = (name: string): ColumnSpec => ({ name, type: 'i64' })
const always = (name: string, type: ColumnSpec['type']): ColumnSpec => ({ name, type, nullable: false })

/**
 * Columns of the table of order messages (L3), one row a message, in time order. Prices are in the listing's currency
 * unit, sizes in shares. Added up as semantics 5.8 says, the rows give the displayed book after every event:
 *
 * | LobAction | Price, Size | OldPrice, OldSize | the book |
 * |---|---|---|---|
 * | 2 insert | of the new order | null | +Size at Price, one order more |
 * | 4 update | after it | before it | -OldSize at OldPrice, +Size at Price |
 * | 1 execute, in part | what still rests | before it | -ExecutionSize at OldPrice |
 * | 3 remove, cancelled | null | before it | -OldSize at OldPrice, one order less |
 * | 3 remove, filled | null | before it; OldSize = ExecutionSize | the same |
 *
 * ExecutionPrice, ExecutionSize, TradeId and Printable are null where nothing traded. An iceberg whose peak is used up
 * is filled (3); its next peak is an insert (2) at the back of the queue in the same event, under an OrderId of its own
 * and the first one's as OriginalOrderId, null for every other order. A fill of an uncrossing is a row on either side
 * with one TradeId, and not Printable: the trade that is published adds up fills, so that printable sizes count once.
 * Orders that are never displayed have no rows, though their trades are published.
 *
 * SizeAhead and OrdersAhead are what stands before the order at its price: after an insert or update, else before the
 * message. PriceLevel is the level of Price after the message and OldPriceLevel that of OldPrice before it, 1 at the
 * top. EventNo counts the events of a market's day, EndOfEvent marks the last row of one, ExchangeSequenceNo numbers
 * messages and trades of the market together.
 */
export const ORDER_COLUMNS: readonly ColumnSpec[] = [
  always('TimestampNanoseconds', 'ts'),
  always('ListingId', 'i64'),
  always('EventNo', 'i64'),
  always('ExchangeSequenceNo', 'i64'),
  always('LobAction', 'i32'),
  always('Side', 'i32'),
  always('OrderId', 'i64'),
  i64('OriginalOrderId'),
  f64('Price'),
  f64('Size'),
  f64('OldPrice'),
  f64('OldSize'),
  f64('ExecutionPrice'),
  f64('ExecutionSize'),
  { name: 'TradeId', type: 'str' },
  always('SizeAhead', 'f64'),
  always('OrdersAhead', 'i64'),
  i64('PriceLevel'),
  i64('OldPriceLevel'),
  always('EndOfEvent', 'bool'),
  { name: 'Printable', type: 'bool' },
  always('OrderType', 'i32'),
  always('MarketState', 'str'),
]

/** Positions of the columns by name. */
export const ORDER_AT = Object.fromEntries(ORDER_COLUMNS.map((spec, i) => [spec.name, i])) as Record<string, number>
