import {
  BasaltError,
  type Column,
  type Context,
  doublesOf,
  type Frame,
  frameColumn,
  KeyTable,
  type LaterOffer,
  type Source,
  take,
  valueText,
} from '../../lib/core/index.js'
import { DayClock } from '../transforms/day-clock.js'
import { ListingDays } from '../transforms/listing-days.js'

/** Rows of one listing and day, which follow one another in order of time. */
export interface ListingDay {
  from: number
  to: number
  day: number
  /** Number of its date and instrument; -1 where it has no instrument. */
  group: number
}

/** Snapshots of a table: times, and which rows are of one listing and day. */
export interface Snapshots {
  frame: Frame
  times: Float64Array // ns after the midnight of the row's date
  days: ListingDay[]
}

/** Reports where the instrument of a listing is to come from, if it comes from nowhere. */
export function checkInstruments({ reference, refuse }: LaterOffer, sources: readonly Source[]): boolean {
  const lacking = sources.filter(({ columns }) => !columns.some(({ name }) => name === 'InstrumentId'))
  if (lacking.length === 0 || reference.some(({ name }) => name === 'InstrumentId')) return true
  const names = lacking.map(({ name }) => name).join(', ')
  refuse(
    'modules',
    `nothing says which instrument a listing of ${names} is of`,
    'map InstrumentId, or name the reference table in DATA.reference',
  )
  return false
}

/** Numbers dates and instruments: equal ones of several tables get one number. */
export class Instruments {
  private table: KeyTable | undefined
  /** A row that shows the keys of each group, as columns of their own. */
  get keys(): { dates: Int32Array; instruments: Column } | undefined {
    if (!this.table) return undefined
    const [dates, instruments] = this.table.keys.map(key => key.view())
    return { dates: dates.values as Int32Array, instruments }
  }

  constructor(private readonly context: Context) {}

  /** Finds the stretches of one listing and day, and the instrument of each. */
  read(frame: Frame): Snapshots {
    const dates = frameColumn(frame, 'Date') as Column & { type: 'date' }
    // The quotes of a pass may be of instruments alone.
    const listings = frame.columns.get('ListingId') ?? frameColumn(frame, 'InstrumentId')
    const stamps = frameColumn(frame, 'TimeBucket').values as BigInt64Array
    const times = new DayClock().offsets(stamps, dates.values)
    const starts = new ListingDays().starts(dates, listings)
    const days: ListingDay[] = []
    for (let row = 0; row < frame.rows; row++) {
      if (starts[row] || row === 0) days.push({ from: row, to: row, day: dates.values[row], group: -1 })
      days[days.length - 1].to = row + 1
    }
    this.number(frame, days, dates.values)
    return { frame, times, days }
  }

  private number(frame: Frame, days: ListingDay[], dates: Int32Array): void {
    if (days.length === 0) return
    const first = Int32Array.from(days, ({ from }) => from)
    const instruments = this.instrumentsOf(frame, days, first)
    const own = Int32Array.from(first, row => dates[row])
    this.table ??= new KeyTable([
      { name: 'Date', type: 'date' },
      { name: 'InstrumentId', type: instruments.type },
    ])
    if (this.table.keys[1].spec.type !== instruments.type)
      throw new BasaltError('data', 'instruments of two tables have ids of two types')
    const numbers = this.table.resolve([{ type: 'date', values: own, valid: null }, instruments], days.length)
    for (const [d, each] of days.entries()) if (!instruments.valid || instruments.valid[d]) each.group = numbers[d]
  }

  /** Returns the instrument of each listing's day: the table's own, or else the reference table's. */
  private instrumentsOf(frame: Frame, days: readonly ListingDay[], first: Int32Array): Column {
    const own = frame.columns.get('InstrumentId')
    if (own) return take(own, first, first.length)
    const { reference } = this.context
    if (!reference) throw new BasaltError('internal', 'no reference table is given')
    const listings = frameColumn(frame, 'ListingId')
    const rows = Int32Array.from(days, ({ from, day }) => reference.find(valueText(listings, from), day))
    const column = reference.column('InstrumentId')
    const found = take(
      column,
      rows.map(row => Math.max(row, 0)),
      rows.length,
    )
    const valid = Uint8Array.from(rows, (row, i) => Number(row >= 0 && (!found.valid || found.valid[i] === 1)))
    return { ...found, valid } as Column
  }
}

/** Returns a column as doubles, NaN where it is null or not there. */
export function doublesIn(frame: Frame, name: string): Float64Array {
  const column = frame.columns.get(name)
  return column ? doublesOf(column) : new Float64Array(frame.rows).fill(Number.NaN)
}
