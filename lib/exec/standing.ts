import {
  type Column,
  frameColumn,
  type Listing,
  listingAt,
  MS_PER_DAY,
  type StandingPlan,
  type StandingValues,
  type Unit,
} from '../core/index.js'
import type { Results } from './results.js'

/** Bytes of a value and its time. */
export const STANDING_BYTES = 16

/** The rows of one listing and day, which follow one another through blocks. */
interface Entry {
  day: number
  listing: Listing
  block: number
  row: number
  rows: number
}

/** Values that an earlier pass left, for the rows of a unit as of their time. */
export class StandingSource {
  private readonly entries: Entry[] = []
  private listingType: 'i64' | 'str' = 'i64'

  constructor(
    private readonly results: Results,
    private readonly plan: StandingPlan,
  ) {
    this.survey()
  }

  /** Finds where each listing's day lies. */
  private survey(): void {
    let last: Entry | undefined
    for (const [block, part] of this.results.blocks(this.plan.source).entries()) {
      const frame = part.frame(['Date', 'ListingId'])
      const days = frameColumn(frame, 'Date').values as Int32Array
      const listings = frameColumn(frame, 'ListingId')
      this.listingType = listings.type === 'str' ? 'str' : 'i64'
      for (let row = 0; row < frame.rows; row++) {
        const listing = listingAt(listings, row)
        if (listing === null) continue // of no listing: nothing is theirs
        if (last?.day === days[row] && last.listing === listing) last.rows++
        else {
          last = { day: days[row], listing, block, row, rows: 1 }
          this.entries.push(last)
        }
      }
    }
  }

  private of(unit: Pick<Unit, 'day' | 'listings'>): Entry[] {
    const wanted = unit.listings && new Set(unit.listings)
    return this.entries.filter(
      ({ day, listing }) => (unit.day === null || day === unit.day) && (!wanted || wanted.has(String(listing))),
    )
  }

  /** Counts the rows of a unit's listings, by name. */
  rows(unit: Pick<Unit, 'day' | 'listings'>): Map<string, number> {
    const rows = new Map<string, number>()
    for (const entry of this.of(unit))
      rows.set(String(entry.listing), (rows.get(String(entry.listing)) ?? 0) + entry.rows)
    return rows
  }

  /** Reads the values of a unit's days and listings. */
  read(unit: Pick<Unit, 'day' | 'listings'>): StandingValues {
    const entries = this.of(unit)
    const total = entries.reduce((sum, { rows }) => sum + rows, 0)
    const starts = new Int32Array(new SharedArrayBuffer(4 * (entries.length + 1)))
    const times = new Float64Array(new SharedArrayBuffer(8 * total))
    const values = new Float64Array(new SharedArrayBuffer(8 * total))
    const { source, value } = this.plan
    const blocks = this.results.blocks(source)
    let at = -1
    let stamps = new BigInt64Array(0)
    let numbers = new Float64Array(0)
    let valid: Uint8Array | null = null
    const turnTo = (block: number) => {
      if (block === at) return
      const frame = blocks[block].frame(['TimeBucket', value])
      stamps = frameColumn(frame, 'TimeBucket').values as typeof stamps
      const column = frameColumn(frame, value)
      numbers = column.values as typeof numbers
      valid = column.valid
      at = block
    }
    const breakStarts = new Int32Array(entries.length + 1)
    const breaks: number[] = []
    let filled = 0
    for (const [e, { day, block, row, rows }] of entries.entries()) {
      starts[e] = filled
      breakStarts[e] = breaks.length
      const midnight = BigInt(day * MS_PER_DAY) * 1_000_000n
      turnTo(block)
      for (let left = rows, from = row; left > 0; from++) {
        if (from === stamps.length) {
          turnTo(at + 1)
          from = 0
        }
        const time = Number(stamps[from] - midnight)
        if (valid && !valid[from]) breaks.push(time)
        else {
          times[filled] = time
          values[filled++] = numbers[from]
        }
        left--
      }
    }
    starts[entries.length] = filled
    breakStarts[entries.length] = breaks.length
    return {
      days: Int32Array.from(entries, ({ day }) => day),
      listings: columnOf(
        entries.map(({ listing }) => listing),
        this.listingType,
      ),
      starts,
      times,
      values,
      breakStarts,
      breaks: Float64Array.from(breaks),
    }
  }
}

function columnOf(listings: readonly Listing[], type: 'i64' | 'str'): Column {
  if (type === 'i64') return { type, values: BigInt64Array.from(listings as bigint[]), valid: null }
  const words = [...new Set(listings as string[])]
  const codes = new Map(words.map((word, code) => [word, code]))
  const values = Int32Array.from(listings as string[], word => codes.get(word) as number)
  return { type, values, valid: null, dictionary: { words: words.length > 0 ? words : [''] } }
}
