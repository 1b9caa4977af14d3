import {
  type Column,
  type ColumnType,
  type Frame,
  frameColumn,
  Interner,
  NS_PER_DAY,
  type StateColumn,
} from '../../lib/core/index.js'
import { type Accumulator, grown } from './accumulator.js'

type Values = Float64Array | Int32Array | BigInt64Array

/**
 * Takes the first or last value of each group by its own time; rows of equal times follow their order in the source.
 * Two rows of one listing never share a time, so on equal times the listing that comes later in the source is later.
 */
export class EdgeAccumulator implements Accumulator {
  private times = new BigInt64Array(1024)
  private seen = new Uint8Array(1024)
  private values: Values
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
    const rows = this.rowsThatWin(frame, column, groups, count)
    const { values } = this
    if (column.type === 'str') {
      const table = this.interner.translate(column.dictionary)
      for (let g = 0; g < count; g++) if (rows[g] >= 0) values[g] = table[column.values[rows[g]]]
    } else {
      for (let g = 0; g < count; g++) if (rows[g] >= 0) values[g] = column.values[rows[g]] as never
    }
  }

  /** Returns, by group, the row of a frame that takes the edge, or -1; notes its time. */
  private rowsThatWin(frame: Frame, column: Column, groups: Int32Array, count: number): Int32Array {
    const rows = new Int32Array(count).fill(-1)
    const { times, seen, isFirst } = this
    const { values, valid, type } = column
    const at = this.timesOf(frame)
    for (let i = 0; i < frame.rows; i++) {
      if ((valid && !valid[i]) || (type === 'f64' && !Number.isFinite(values[i]))) continue
      const group = groups[i]
      if (seen[group] && at && (isFirst ? at[i] >= times[group] : at[i] < times[group])) continue
      if (seen[group] && !at && isFirst) continue
      if (at) times[group] = at[i]
      seen[group] = 1
      rows[group] = i
    }
    return rows
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

  /** Returns the times of the values; a value that was filled in has none, and is of its row's label. */
  private timesOf(frame: Frame): BigInt64Array | null {
    if (!this.time) return null
    const { values, valid, type } = frameColumn(frame, this.time.name)
    if (type === 'ts' && !valid) return values
    const labels = frame.columns.get('TimeBucket')?.values as BigInt64Array | undefined
    const days = type === 'ts' ? null : frameColumn(frame, 'Date').values
    const out = new BigInt64Array(frame.rows)
    for (let i = 0; i < out.length; i++) {
      if (valid && !valid[i]) out[i] = labels?.[i] ?? 0n
      else out[i] = days ? BigInt(days[i]) * BigInt(NS_PER_DAY) + BigInt(values[i]) : (values[i] as bigint)
    }
    return out
  }

  private room(): Values {
    if (this.type === 'f64') return new Float64Array(1024)
    return this.type === 'i64' || this.type === 'ts' ? new BigInt64Array(1024) : new Int32Array(1024)
  }
}
