import { KEY_COLUMNS, type TableColumn, table } from '../../lib/core/index.js'

const size = (name: string, doc: string): TableColumn => ({ name, kind: 'f64', doc, scale: 'size', unit: 'shares' })
const price = (name: string, doc: string): TableColumn => ({ name, kind: 'f64', doc, scale: 'price' })

export const imbalance = table({
  name: 'imbalance',
  doc: 'one row an announcement of an auction: the price at which it would uncross, and what would stay unmatched',
  columns: [
    ...KEY_COLUMNS,
    { name: 'TimestampNanoseconds', kind: 'time', doc: 'time of the announcement' },
    { name: 'EventTimestamp', kind: 'time', doc: 'time of the announcement' },
    { name: 'Timestamp', kind: 'time', doc: 'time of the announcement' },
    {
      name: 'ImbalanceSide',
      kind: 'code',
      codes: { 0: 0, 1: 1, 2: 2 },
      codesKey: 'side_codes',
      doc: 'side with more quantity: 1 buy, 2 sell, 0 or null neither',
    },
    price('ReferencePrice', 'price that the imbalance refers to'),
    price('IndicativeUncrossingPrice', 'price at which the auction would uncross'),
    size('PairedQuantity', 'quantity that would be matched'),
    size('ImbalanceQuantity', 'quantity that would stay unmatched'),
    { name: 'MarketState', kind: 'str', doc: 'state of the market at the announcement' },
  ],
  time: ['TimestampNanoseconds', 'EventTimestamp', 'Timestamp'],
  derived: {},
  bmll: { folder: 'Imbalance', prefix: 'imbalance-' },
})
