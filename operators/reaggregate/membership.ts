import {
  type Column,
  type ColumnType,
  dayOfStamp,
  type Frame,
  frameColumn,
  gathered,
  KeyTable,
  take,
} from '../../lib/core/index.js'
import { grown } from '../generic/accumulator.js'

/** How a membership is read: plain JSON. */
export interface MembershipParameters {
  join: { name: string; type: ColumnType }
  group: { name: string; type: ColumnType }
  /** What its rows hold for: any day, from their Date until the member's next one, or ValidFrom ≤ day < ValidTo. */
  dates: 'always' | 'Date' | 'ValidFrom'
  /** It has a column ValidTo. */
  ends: boolean
}

const FOREVER = 2 ** 31 - 1
const EVER = -(2 ** 31)

/**
 * Knows the groups of each member on each day. Rows of a member's greatest Date at or before a day hold on that day, all
 * of them: a member can be in several groups, and a row without a group says that it is in none from then on. Rows that
 * say the same twice count once.
 */
export class Membership {
  private readonly members: KeyTable
  /** Rows of the membership by member: those of member m stand in [starts[m], starts[m + 1]). */
  private readonly starts: Int32Array
  private readonly rows: Int32Array
  private readonly from: Int32Array
  private readonly to: Int32Array
  private readonly groups: Column
  /** Groups as numbers, -1 for none. */
  private readonly codes: Int32Array

  constructor(
    frame: Frame,
    private readonly parameters: MembershipParameters,
  ) {
    const { join, group } = parameters
    const empty = frame.rows === 0
    this.members = new KeyTable([join])
    this.groups = empty ? NOTHING : frameColumn(frame, group.name)
    const members = empty ? new Int32Array(0) : this.members.resolve([frameColumn(frame, join.name)], frame.rows)
    const { valid } = this.groups
    this.codes = empty ? members : new KeyTable([group]).resolve([this.groups], frame.rows)
    if (valid) for (let i = 0; i < frame.rows; i++) if (!valid[i]) this.codes[i] = -1
    ;[this.from, this.to] = this.spans(frame)
    this.rows = Int32Array.from(members.keys()).sort(
      (a, b) => members[a] - members[b] || this.from[a] - this.from[b] || a - b,
    )
    this.starts = new Int32Array(this.members.count + 1)
    for (const member of members) this.starts[member + 1]++
    for (let m = 0; m < this.members.count; m++) this.starts[m + 1] += this.starts[m]
    if (parameters.dates === 'Date') this.endAtNextDate()
  }

  /**
   * Returns each row of a source once for every group that its member is in on its day: the numbers of the rows, in
   * their order, and the groups. Rows of members in no group are left out.
   */
  expand(join: Column, days: Int32Array): { rows: Int32Array; groups: Column; unmapped: number } {
    const count = days.length
    const known = this.starts.length - 1
    const members = this.members.resolve([join], count)
    const { valid } = join
    let rows = new Int32Array(count)
    let places = new Int32Array(count)
    let found = 0
    let unmapped = 0
    for (let i = 0; i < count; i++) {
      const member = members[i]
      const before = found
      // A null is no member, and a member that the membership does not list has no rows.
      if (member < known && (!valid || valid[i])) {
        for (let at = this.starts[member]; at < this.starts[member + 1]; at++) {
          const place = this.rows[at]
          if (!this.holds(place, days[i]) || this.isTwin(place, places, before, found)) continue
          rows = grown(rows, found + 1)
          places = grown(places, found + 1)
          rows[found] = i
          places[found++] = place
        }
      }
      if (found === before) unmapped++
    }
    return { rows: rows.subarray(0, found), groups: take(this.groups, places, found), unmapped }
  }

  /** Tells whether a row of the membership puts its member into a group on a day. */
  private holds(place: number, day: number): boolean {
    return this.codes[place] >= 0 && this.from[place] <= day && day < this.to[place]
  }

  /** Tells whether one of places[from..to) names the same group. */
  private isTwin(place: number, places: Int32Array, from: number, to: number): boolean {
    for (let k = from; k < to; k++) if (this.codes[places[k]] === this.codes[place]) return true
    return false
  }

  /** Reads the days from which rows hold, and those on which they no longer do. */
  private spans(frame: Frame): [from: Int32Array, to: Int32Array] {
    const { dates, ends } = this.parameters
    if (dates === 'always' || frame.rows === 0)
      return [new Int32Array(frame.rows).fill(EVER), new Int32Array(frame.rows).fill(FOREVER)]
    const from = daysIn(frameColumn(frame, dates), EVER)
    return [from, ends ? daysIn(frameColumn(frame, 'ValidTo'), FOREVER) : new Int32Array(frame.rows).fill(FOREVER)]
  }

  private endAtNextDate(): void {
    const { rows, from, to, starts } = this
    for (let m = 0; m + 1 < starts.length; m++) {
      let next = FOREVER
      for (let at = starts[m + 1] - 1; at >= starts[m]; at--) {
        to[rows[at]] = next
        if (at > starts[m] && from[rows[at - 1]] < from[rows[at]]) next = from[rows[at]]
      }
    }
  }
}

const NOTHING: Column = { type: 'i32', values: new Int32Array(0), valid: null }

/** Reads a membership whole. */
export async function readMembership(
  frames: AsyncIterable<Frame>,
  parameters: MembershipParameters,
): Promise<Membership> {
  return new Membership(await gathered(frames), parameters)
}

function daysIn(column: Column, missing: number): Int32Array {
  const { values, valid, type } = column
  return Int32Array.from(values as ArrayLike<number | bigint>, (value, i) => {
    if (valid && !valid[i]) return missing
    return type === 'ts' ? dayOfStamp(value as bigint) : Number(value)
  })
}

/**
 * Returns the day of each row: its Date, or, where it has none, the one that its label ends on (an end label of midnight
 * is of the day before).
 */
export function daysOfRows({ columns, rows }: Frame, anchor: 'end' | 'start'): Int32Array {
  const date = columns.get('Date')
  if (date?.type === 'date' && !date.valid) return date.values
  const labels = columns.get('TimeBucket')?.values as BigInt64Array | undefined
  return Int32Array.from({ length: rows }, (_, i) => {
    if (date?.type === 'date' && (date.valid as Uint8Array)[i]) return date.values[i]
    return labels ? dayOfStamp(anchor === 'end' ? labels[i] - 1n : labels[i]) : 0
  })
}
