import type { ColumnSpec, RecordBatch } from '../../lib/core/index.js'
import { Interner } from '../../lib/core/index.js'
import type { Listing } from './listings.js'
import { Rows } from './rows.js'

const text = (name: string): ColumnSpec => ({ name, type: 'str', nullable: false })

/** Columns of the reference table: one row per listing and date. TickSize is in the listing's currency unit. */
export const REFERENCE_COLUMNS: readonly ColumnSpec[] = [
  { name: 'Date', type: 'date', nullable: false },
  { name: 'ListingId', type: 'i64', nullable: false },
  { name: 'InstrumentId', type: 'i64', nullable: false },
  text('Ticker'),
  text('MIC'),
  text('OPOL'),
  text('OperatingMic'),
  text('ISIN'),
  text('FIGI'),
  text('CurrencyCode'),
  { name: 'IsPrimary', type: 'bool', nullable: false },
  { name: 'IsAlive', type: 'bool', nullable: false },
  text('InstrumentType'),
  text('SegmentCode'),
  { name: 'TickSize', type: 'f64', nullable: false },
]

/** Builds the reference rows of some listings for one day (days since the epoch). */
export function referenceBatch(listings: readonly Listing[], day: number): RecordBatch {
  const rows = new Rows(REFERENCE_COLUMNS, listings.length)
  const interners = new Map(REFERENCE_COLUMNS.map(spec => [spec.name, new Interner()]))
  for (const listing of listings) {
    const row: (string | number)[] = [
      day,
      listing.listingId,
      listing.instrumentId,
      listing.ticker,
      listing.venue.mic,
      listing.opol,
      listing.venue.operatingMic,
      listing.isin,
      listing.figi,
      listing.currency,
      listing.index === listing.primary ? 1 : 0,
      1,
      'EQUITY',
      listing.segment,
      listing.tickUnits / 10_000,
    ]
    row.forEach((value, i) => {
      const number = typeof value === 'string' ? interners.get(REFERENCE_COLUMNS[i].name)!.code(value) : value
      rows.values[i][rows.length] = number
    })
    rows.length++
  }
  return rows.batch(day, name => interners.get(name)!.snapshot())
}
