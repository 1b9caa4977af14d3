import {
  type Column,
  type ColumnType,
  type Frame,
  frameColumn,
  halves,
  Interner,
  type StateColumn,
} from '../../lib/core/index.js'
import { type Accumulator, grown } from './accumulator.js'
import { DayStamps, isEarlier } from './day-stamps.js'

type Values = Float64Array | Int32Array | BigInt64Array

/**
 * Takes the first or last value of each group by its own time; rows of equal times follow their order in the source.
 * Two rows of one listing never share a time, so on equal times the listing that comes later in the source is later.
 */
export class EdgeAccumulator implements Accumulator {
  private times = new BigInt64Array(1024)
  private seen = new Uint8Array(1024)
  private values: Values
  private winners = new Int32Array(1024) // by group, its row in the frame at hand
  private touched = new Int32Array(1024) // groups that it changes
  private readonly interner = new Interner()

  /** `time` holds stamps, or ns after the midnight of Date; null where the source has neither: its order decides. */
  constructor(
    private readonly isFirst: boolean,
    private readonly of: string,
    private readonly type: ColumnType,
    private readonly time: StateColumn | null,
  ) {
    this.values = this.room()
  }

  add(frame: Frame, groups: Int32Array, count: number): void {
    this.times = grown(this.times, count)
    this.seen = grown(this.seen, count)
    this.values = grown(this.values, count)
    const column = frameColumn(frame, this.of)
    this.winners = grown(this.winners, count)
    this.touched = grown(this.touched, frame.rows)
    const touched = this.findWinners(frame, column, groups)
    const { values, winners } = this
    const table = column.type === 'str' ? this.interner.translate(column.dictionary) : null
    const from = column.values
    if (values instanceof BigInt64Array) {
      const [source, into] = [halves(from as BigInt64Array), halves(values)]
      for (let k = 0; k < touched; k++) {
        const group = this.touched[k]
        const row = winners[group]
        into[2 * group] = source[2 * row]
        into[2 * group + 1] = source[2 * row + 1]
      }
    } else {
      for (let k = 0; k < touched; k++) {
        const group = this.touched[k]
        const value = from[winners[group]] as number
        values[group] = table ? table[value] : value
      }
    }
  }

  /** Notes, for each group that a frame changes, the row that takes the edge, and its time; returns how many groups. */
  private findWinners(frame: Frame, column: Column, groups: Int32Array): number {
    const { times, seen, isFirst, winners, touched } = this
    const { values, valid, type } = column
    const at = this.timesOf(frame)
    const known = halves(times)
    let count = 0
    for (let i = 0; i < frame.rows; i++) {
      if ((valid && !valid[i]) || (type === 'f64' && !Number.isFinite(values[i]))) continue
      const group = groups[i]
      if (seen[group] && at && isEarlier(at, i, known, group) !== isFirst) continue
      if (seen[group] && !at && isFirst) continue
      if (at) {
        known[2 * group] = at[2 * i]
        known[2 * group + 1] = at[2 * i + 1]
      }
      seen[group] = 1
      // Rows of a group mostly follow one another.
      if (count === 0 || touched[count - 1] !== group) touched[count++] = group
      winners[group] = i
    }
    return count
  }

  column(count: number): Column {
    this.seen = grown(this.seen, count)
    this.values = grown(this.values, count)
    const valid = this.seen.slice(0, count)
    const values = this.values.slice(0, count)
    const shape = { type: this.type, values, valid: valid.includes(0) ? valid : null }
    if (this.type === 'bool') return { ...shape, values: Uint8Array.from(values as Int32Array) } as Column
    return (this.type === 'str' ? { ...shape, dictionary: this.interner.snapshot() } : shape) as Column
  }

  /** Returns the times of the values, ns since the epoch. */
  timeColumn(count: number): Column {
    this.times = grown(this.times, count)
    const valid = this.seen.slice(0, count)
    return { type: 'ts', values: this.times.slice(0, count), valid: valid.includes(0) ? valid : null }
  }

  /** Returns the times of the values, in halves; a value that was filled in has none, and is of its row's label. */
  private timesOf(frame: Frame): Int32Array | null {
    if (!this.time) return null
    const { values, valid, type } = frameColumn(frame, this.time.name)
    if (type === 'ts' && !valid) return halves(values)
    const labels = frame.columns.get('TimeBucket')?.values as BigInt64Array | undefined
    const label = labels && halves(labels)
    const days = type === 'ts' ? null : frameColumn(frame, 'Date').values
    const stamps = new DayStamps()
    const out = new Int32Array(2 * frame.rows)
    const own = days ? undefined : halves(values as BigInt64Array)
    for (let i = 0; i < frame.rows; i++) {
      const source = valid && !valid[i] ? label : own
      if (source) {
        out[2 * i] = source[2 * i]
        out[2 * i + 1] = source[2 * i + 1]
      } else if (days && (!valid || valid[i])) {
        stamps.turn(days[i] as number)
        stamps.put(out, i, Number(values[i]))
      }
    }
    return out
  }

  private room(): Values {
    if (this.type === 'f64') return new Float64Array(1024)
    return this.type === 'i64' || this.type === 'ts' ? new BigInt64Array(1024) : new Int32Array(1024)
  }
}
