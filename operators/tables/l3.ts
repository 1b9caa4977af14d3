import { type TableColumn, table } from '../../lib/core/index.js'
import { numberedBy } from './sequence-number.js'

const price = (name: string, doc: string): TableColumn => ({ name, kind: 'f64', doc, scale: 'price' })
const size = (name: string, doc: string): TableColumn => ({ name, kind: 'number', doc, scale: 'size', unit: 'shares' })
const whole = (name: string, doc: string): TableColumn => ({ name, kind: 'i64', doc })

/** What a message does to the book (semantics 1.4); 0 and 5 only where `action_codes` says so. */
export const LOB_ACTION = { none: 0, execute: 1, insert: 2, remove: 3, update: 4, clear: 5 } as const

export const l3 = table({
  name: 'l3',
  doc: 'one row a message about an order: inserted, updated, executed or removed',
  columns: [
    ...numberedBy('EventNo', 'BMLLSequenceNo', 'ExchangeSequenceNo'),
    { name: 'TimestampNanoseconds', kind: 'time', doc: 'time of the event' },
    { name: 'EventTimestamp', kind: 'time', doc: 'time of the event' },
    { name: 'Timestamp', kind: 'time', doc: 'time of the event' },
    { name: 'ReceiveTimestamp', kind: 'time', doc: 'time of reception' },
    { name: 'SendTimestamp', kind: 'time', doc: 'time of sending' },
    {
      name: 'LobAction',
      kind: 'code',
      codes: { 1: 1, 2: 2, 3: 3, 4: 4 },
      codesKey: 'action_codes',
      doc: '1 execute, 2 insert, 3 remove, 4 update, 5 all orders of a side or of both leave, 0 about no order',
      required: true,
    },
    {
      name: 'Side',
      kind: 'code',
      codes: { 0: 0, 1: 1, 2: 2 },
      codesKey: 'side_codes',
      doc: 'side of the order: 1 bid, 2 ask',
      required: true,
    },
    { name: 'OrderId', kind: 'key', doc: 'order that the message is about' },
    { name: 'OldOrderId', kind: 'key', doc: 'the same order before the message, where it was renamed' },
    { name: 'OriginalOrderId', kind: 'key', doc: 'the order as it was first called' },
    price('Price', 'price after the message; null when the order is gone'),
    size('Size', 'quantity after the message'),
    price('OldPrice', 'price before the message; null on insertion'),
    size('OldSize', 'quantity before the message'),
    price('ExecutionPrice', 'price of an execution'),
    size('ExecutionSize', 'executed quantity; above 0 the row is an execution, whatever its action'),
    { name: 'OrderExecuted', kind: 'flag', doc: 'the order was executed' },
    { name: 'TradeId', kind: 'str', doc: 'identifier of the trade' },
    size('SizeAhead', 'quantity ahead in the queue'),
    whole('OrdersAhead', 'orders ahead in the queue'),
    whole('PriceLevel', 'level of the book, 1 at the top'),
    whole('OldPriceLevel', 'level before the message'),
    { name: 'EndOfEvent', kind: 'flag', doc: 'last row of its event' },
    { name: 'Printable', kind: 'flag', doc: 'the execution is printed' },
    whole('OrderType', '1 on book'),
    whole('EventNo', 'number of the event'),
    whole('BMLLSequenceNo', 'number of the row inside its feed'),
    whole('ExchangeSequenceNo', 'number given by the exchange'),
    { name: 'CurrencyCode', kind: 'str', doc: 'unit of the prices' },
    { name: 'MarketState', kind: 'str', doc: 'state of the market at the event' },
  ],
  time: ['TimestampNanoseconds', 'EventTimestamp', 'Timestamp'],
  derived: {},
  bmll: { folder: 'Equity-L3', prefix: 'l3-' },
})
