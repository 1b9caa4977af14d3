import { KEY_COLUMNS, table } from '../../lib/core/index.js'

export const marketState = table({
  name: 'marketstate',
  doc: "one row a change of a listing's market state; a state holds until the listing's next row",
  columns: [
    ...KEY_COLUMNS,
    { name: 'TimestampNanoseconds', kind: 'time', doc: 'time of the change' },
    { name: 'EventTimestamp', kind: 'time', doc: 'time of the change' },
    { name: 'MarketState', kind: 'str', doc: 'the new state' },
  ],
  time: ['TimestampNanoseconds', 'EventTimestamp'],
  derived: {},
  bmll: { folder: 'MarketState', prefix: 'market-state-' },
})
