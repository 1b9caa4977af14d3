import {
  type Column,
  type ColumnType,
  columnOfDoubles,
  doublesOf,
  type Frame,
  frameColumn,
  growState,
  type Kernel,
  makeState,
  type Order,
  type Rows,
  rowNumbers,
  type State,
} from '../../lib/core/index.js'

/** Gathers one value a group over the rows of a source, in its order: each cell is one left-to-right fold. */
export interface Accumulator {
  /** Takes a frame in; row i belongs to group `groups[i]`, of `count` groups so far. */
  add(frame: Frame, groups: Int32Array, count: number): void
  /** Returns the value of each group. */
  column(count: number): Column
}

const NO_ORDER: Order = { time: new Float64Array(0), source: null, number: null, sourceValid: null, numberValid: null }

/**
 * Folds a column of numbers, or of times or dates as integers, by a kernel; `type` is that of integers. Groups without a
 * value are null, or what the kernel makes of none of them.
 */
export class KernelAccumulator implements Accumulator {
  private readonly state: State
  private capacity = 1024
  private seen = new Uint8Array(1024)

  constructor(
    private readonly kernel: Kernel,
    private readonly of: string,
    private readonly empty: 'null' | 'kernel' = 'null',
    private readonly type: ColumnType = 'i64',
  ) {
    this.state = makeState(kernel.fields, this.capacity)
  }

  add(frame: Frame, groups: Int32Array, count: number): void {
    this.grow(count)
    const column = frameColumn(frame, this.of)
    const exact = this.kernel.input === 'i64'
    const { values, valid } = column
    const f64 = exact || this.kernel.input === 'none' ? new Float64Array(0) : doublesOf(column)
    const i64 = exact ? longs(values) : new BigInt64Array(0)
    const rows: Rows = {
      count: frame.rows,
      index: rowNumbers(frame.rows),
      slots: groups,
      f64,
      i64,
      words: new Int32Array(i64.buffer, i64.byteOffset, i64.length * 2),
      codes: new Int32Array(0),
      valid: exact ? valid : null,
      order: NO_ORDER,
    }
    this.kernel.update(this.state, rows)
    for (let i = 0; i < frame.rows; i++) {
      if (exact ? !valid || valid[i] : !Number.isNaN(f64[i])) this.seen[groups[i]] = 1
    }
  }

  column(count: number): Column {
    const { kernel, state, seen } = this
    this.grow(count)
    const value = (group: number) => (seen[group] || this.empty === 'kernel' ? kernel.read(state, group) : null)
    if (kernel.result === 'i64') {
      const values = new BigInt64Array(count)
      const valid = new Uint8Array(count)
      for (let g = 0; g < count; g++) {
        const read = value(g)
        if (read === null) continue
        values[g] = BigInt(read)
        valid[g] = 1
      }
      const shown = this.type === 'date' ? Int32Array.from(values, Number) : values
      return { type: this.type, values: shown, valid: valid.includes(0) ? valid : null } as Column
    }
    const values = new Float64Array(count)
    for (let g = 0; g < count; g++) values[g] = (value(g) as number | null) ?? Number.NaN
    return columnOfDoubles(values)
  }

  private grow(count: number): void {
    if (count <= this.capacity) return
    const capacity = Math.max(count, this.capacity * 2)
    growState(this.state, this.kernel.fields, capacity)
    const seen = new Uint8Array(capacity)
    seen.set(this.seen)
    this.seen = seen
    this.capacity = capacity
  }
}

const longs = (values: Column['values']): BigInt64Array =>
  values instanceof BigInt64Array ? values : BigInt64Array.from(values as Int32Array, BigInt)

/** Counts the rows that have a value. */
export class CountAccumulator implements Accumulator {
  private counts = new Float64Array(1024)

  constructor(private readonly of: string) {}

  add(frame: Frame, groups: Int32Array, count: number): void {
    this.counts = grown(this.counts, count)
    const { valid, type, values } = frameColumn(frame, this.of)
    for (let i = 0; i < frame.rows; i++) {
      if ((!valid || valid[i]) && (type !== 'f64' || Number.isFinite(values[i]))) this.counts[groups[i]]++
    }
  }

  column(count: number): Column {
    this.counts = grown(this.counts, count)
    const values = new BigInt64Array(count)
    for (let g = 0; g < count; g++) values[g] = BigInt(this.counts[g])
    return { type: 'i64', values, valid: null }
  }
}

/** Averages x by weights w: Σxw / Σw over rows that have both; null where Σw is 0. */
export class WeightedMeanAccumulator implements Accumulator {
  private sums = new Float64Array(1024)
  private weights = new Float64Array(1024)

  constructor(
    private readonly of: string,
    private readonly weight: string,
  ) {}

  add(frame: Frame, groups: Int32Array, count: number): void {
    this.sums = grown(this.sums, count)
    this.weights = grown(this.weights, count)
    const x = doublesOf(frameColumn(frame, this.of))
    const w = doublesOf(frameColumn(frame, this.weight))
    for (let i = 0; i < frame.rows; i++) {
      if (Number.isNaN(x[i]) || Number.isNaN(w[i])) continue
      this.sums[groups[i]] += x[i] * w[i]
      this.weights[groups[i]] += w[i]
    }
  }

  column(count: number): Column {
    this.sums = grown(this.sums, count)
    this.weights = grown(this.weights, count)
    return columnOfDoubles(this.sums.slice(0, count).map((sum, g) => sum / this.weights[g]))
  }
}

/** Takes the middle value, or the mean of the two middle ones. */
export class MedianAccumulator implements Accumulator {
  private values = new Float64Array(1024)
  private owners = new Int32Array(1024)
  private length = 0

  constructor(private readonly of: string) {}

  add(frame: Frame, groups: Int32Array): void {
    const x = doublesOf(frameColumn(frame, this.of))
    this.values = grown(this.values, this.length + frame.rows)
    this.owners = grown(this.owners, this.length + frame.rows)
    for (let i = 0; i < frame.rows; i++) {
      if (Number.isNaN(x[i])) continue
      this.values[this.length] = x[i]
      this.owners[this.length++] = groups[i]
    }
  }

  column(count: number): Column {
    const { values, owners, length } = this
    const ends = new Int32Array(count + 1)
    for (let i = 0; i < length; i++) ends[owners[i] + 1]++
    for (let g = 0; g < count; g++) ends[g + 1] += ends[g]
    const places = ends.slice()
    const sorted = new Float64Array(length)
    for (let i = 0; i < length; i++) sorted[places[owners[i]]++] = values[i]
    const out = new Float64Array(count)
    for (let g = 0; g < count; g++) {
      const own = sorted.subarray(ends[g], ends[g + 1]).sort()
      const middle = own.length >> 1
      out[g] = own.length % 2 ? own[middle] : (own[middle - 1] + own[middle]) / 2
    }
    return columnOfDoubles(out)
  }
}

/** Returns an array that has room for `length` values; the same one where it has. */
export function grown<T extends Float64Array | Int32Array | Uint8Array | BigInt64Array>(array: T, length: number): T {
  if (length <= array.length) return array
  const Values = array.constructor as new (length: number) => T
  const larger = new Values(Math.max(length, array.length * 2))
  larger.set(array as never)
  return larger
}
