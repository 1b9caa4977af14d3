import { table } from '../../lib/core/index.js'
import { BOOK_COLUMNS } from './book-columns.js'
import { numberedBy } from './sequence-number.js'

export const l2 = table({
  name: 'l2',
  doc: 'one row a snapshot of the book of a listing, up to ten levels a side',
  columns: [
    ...numberedBy('BMLLSequenceNo', 'ExchangeSequenceNo', 'L2EventNo'),
    { name: 'TimestampNanoseconds', kind: 'time', doc: 'time of the snapshot' },
    { name: 'EventTimestamp', kind: 'time', doc: 'time of the snapshot' },
    { name: 'CurrencyCode', kind: 'str', doc: 'unit of the prices' },
    { name: 'MarketState', kind: 'str', doc: 'state of the market at the snapshot' },
    ...BOOK_COLUMNS,
  ],
  time: ['TimestampNanoseconds', 'EventTimestamp'],
  derived: {},
  bmll: { folder: 'Equity', prefix: '' },
})
