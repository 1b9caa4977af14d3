import { KEY_COLUMNS, table } from '../../lib/core/index.js'

export const reference = table({
  name: 'reference',
  doc: 'attributes of listings, by date where a Date column says so',
  columns: [
    ...KEY_COLUMNS,
    { name: 'OPOL', kind: 'str', doc: 'official place of listing' },
    { name: 'OperatingMic', kind: 'str', doc: 'operating market identifier' },
    { name: 'ISIN', kind: 'str', doc: 'ISIN' },
    { name: 'FIGI', kind: 'str', doc: 'FIGI' },
    { name: 'CurrencyCode', kind: 'str', doc: "the listing's own currency unit" },
    { name: 'IsPrimary', kind: 'flag', doc: 'primary listing of its instrument' },
    { name: 'IsAlive', kind: 'flag', doc: 'listed on that date' },
    { name: 'InstrumentType', kind: 'str', doc: 'equity, fund, …' },
    { name: 'SegmentCode', kind: 'str', doc: 'market segment' },
  ],
  time: [],
  derived: {},
  bmll: { folder: 'Reference', prefix: 'reference-' },
})
