import { table } from '../../lib/core/index.js'
import { BOOK_COLUMNS } from './book-columns.js'
import { numberedBy } from './sequence-number.js'

export const cbbo = table({
  name: 'cbbo',
  doc: 'one row a change of the best bid and offer of an instrument over its markets',
  columns: [
    ...numberedBy('BMLLSequenceNo', 'ExchangeSequenceNo'),
    { name: 'TimestampNanoseconds', kind: 'time', doc: 'time of the change' },
    { name: 'EventTimestamp', kind: 'time', doc: 'time of the change' },
    { name: 'CurrencyCode', kind: 'str', doc: 'unit of the prices' },
    { name: 'MarketState', kind: 'str', doc: 'state of the market' },
    ...BOOK_COLUMNS,
  ],
  time: ['TimestampNanoseconds', 'EventTimestamp'],
  derived: {},
  bmll: { folder: 'CBBO', prefix: 'cbbo-' },
})
