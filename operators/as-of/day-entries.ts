import { BasaltError, type Column, KeyTable } from '../../lib/core/index.js'

/** Finds the entry of each row among days of listings, each of which is there once. */
export class DayEntries {
  private readonly table: KeyTable
  private readonly known: number

  constructor({ days, listings }: { days: Int32Array; listings: Column }) {
    this.table = new KeyTable([
      { name: 'Date', type: 'date' },
      { name: 'ListingId', type: listings.type },
    ])
    this.known = days.length
    // Each is there once, so that its number is its place.
    this.table.resolve([{ type: 'date', values: days, valid: null }, listings], days.length)
  }

  /** Returns the entry of each row; -1 where there is none. */
  of(dates: Column, listings: Column, rows: number): Int32Array {
    const { table, known } = this
    if (listings.type !== table.keys[1].spec.type)
      throw new BasaltError('internal', 'listings of two tables are of two types')
    const found = table.resolve([dates, listings], rows)
    for (let row = 0; row < rows; row++) if (found[row] >= known) found[row] = -1
    return found
  }
}
