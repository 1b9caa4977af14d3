import { type Column, frameColumn, type Listing, listingAt, type Unit } from '../core/index.js'
import type { Results } from './results.js'

/** Days and listings that are asked for. */
export type Chosen = Pick<Unit, 'day' | 'listings'>

/** The rows of one listing and day, which follow one another through blocks. */
interface Entry {
  day: number
  listing: Listing | null
  block: number
  row: number
  rows: number
}

/** Where the rows of each listing's day lie in what an internal pass left. */
export class Entries {
  private readonly entries: Entry[] = []
  listingType: 'i64' | 'str' = 'i64'

  constructor(
    private readonly results: Results,
    private readonly source: string,
  ) {
    let last: Entry | undefined
    for (const [block, part] of results.blocks(source).entries()) {
      const frame = part.frame(['Date', 'ListingId'])
      const days = frameColumn(frame, 'Date').values as Int32Array
      const listings = frameColumn(frame, 'ListingId')
      this.listingType = listings.type === 'str' ? 'str' : 'i64'
      for (let row = 0; row < frame.rows; row++) {
        const listing = listingAt(listings, row)
        if (last?.day === days[row] && last.listing === listing) last.rows++
        else {
          last = { day: days[row], listing, block, row, rows: 1 }
          this.entries.push(last)
        }
      }
    }
  }

  of(unit: Chosen): Entry[] {
    const wanted = unit.listings && new Set(unit.listings)
    return this.entries.filter(
      ({ day, listing }) =>
        (unit.day === null || day === unit.day) && (!wanted || wanted.has(listing === null ? null : String(listing))),
    )
  }

  rows(unit: Chosen): Map<string, number> {
    const rows = new Map<string, number>()
    for (const { listing, rows: own } of this.of(unit))
      rows.set(String(listing), (rows.get(String(listing)) ?? 0) + own)
    return rows
  }

  /** Returns a function that hands the rows of an entry to `take`, block by block: columns, and from where to where. */
  reader(columns: readonly string[]) {
    const blocks = this.results.blocks(this.source)
    let at = -1
    let own: Column[] = []
    return ({ block, row, rows }: Entry, take: (columns: Column[], from: number, to: number) => void) => {
      for (let left = rows, next = block, from = row; left > 0; next++, from = 0) {
        if (next !== at) {
          const frame = blocks[next].frame([...columns])
          own = columns.map(name => frameColumn(frame, name))
          at = next
        }
        const to = Math.min(own[0].values.length, from + left)
        take(own, from, to)
        left -= to - from
      }
    }
  }
}

/** Makes numbers in memory that threads share. */
export const shared = (rows: number) => new Float64Array(new SharedArrayBuffer(8 * rows))
