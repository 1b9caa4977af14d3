import { type AggregateParameters, BasaltError, type Chunk, type Column, MS_PER_DAY } from '../core/index.js'
import { type Memory, offsetsOf, Scratch } from '../wasm/index.js'

/** Rows of one date that follow one another, up to row `to`. */
export interface Stretch {
  day: number // since the epoch
  to: number
}

const NONE = new Float64Array(0)

/**
 * Turns event times into ns after the UTC midnight of each row's partition date: exact doubles, so comparing, bucketing
 * and subtracting times needs no BigInt. More than 104 days between stamp and partition date would lose that exactness;
 * it is a data fault, and in practice a wrong time unit.
 */
export class Offsets {
  /** Stretches of the chunk last asked for. */
  stretches: Stretch[] = []
  private readonly scratch: Scratch<Float64Array>
  private offsets: Float64Array = NONE
  private readonly range: Float64Array
  private readonly time: string | null
  private readonly date: string | null

  constructor(
    private readonly memory: Memory,
    { order, entity }: AggregateParameters,
  ) {
    this.scratch = new Scratch(memory, n => memory.f64(n))
    this.range = memory.f64(2)
    this.time = order.time
    this.date = entity.find(({ type }) => type === 'date')?.name ?? null
  }

  /** The least and the greatest offset of the chunk last asked for; of none, nothing is outside. */
  get least(): number {
    return this.range[0]
  }

  get greatest(): number {
    return this.range[1]
  }

  /** Returns the offset of each row, borrowed until the next chunk; 0 where rows have no time. */
  of(chunk: Chunk): Float64Array {
    const { time, date } = this
    this.offsets = this.scratch.of(chunk.rows)
    this.range[0] = Infinity
    this.range[1] = -Infinity
    this.stretches = date === null ? [{ day: 0, to: chunk.rows }] : this.datesOf(chunk, date)
    if (time === null) return this.offsets.fill(0)
    const stamps = chunk.required(time)
    if (stamps.type !== 'ts') throw new BasaltError('internal', `'${time}' holds no time stamps`)
    if (stamps.valid) this.refuseNulls(chunk, stamps.valid, 'the event time is null', time)
    let from = 0
    for (const { day, to } of this.stretches) {
      this.subtract(chunk, stamps.values, BigInt(day * MS_PER_DAY) * 1_000_000n, from, to)
      from = to
    }
    return this.offsets
  }

  private subtract(chunk: Chunk, stamps: BigInt64Array, midnight: bigint, start: number, to: number): void {
    for (let from = start; from < to; ) {
      const { memory, offsets, range } = this
      const part = stamps.subarray(from, to)
      from += offsetsOf(memory, part, midnight, offsets.subarray(from, to), part.length, range)
      if (from === to) return
      if (chunk.holds(from)) {
        throw new BasaltError(
          'data',
          'the event time lies more than 104 days from its partition date; check time_unit and the layout',
          { row: from, field: this.time as string },
        )
      }
      offsets[from++] = 0
    }
  }

  private datesOf(chunk: Chunk, name: string): Stretch[] {
    const { values, valid, uniform } = chunk.required(name) as Column & { type: 'date' }
    if (valid) this.refuseNulls(chunk, valid, 'the date is null', name)
    if (uniform || chunk.rows === 0) return [{ day: values[0] ?? 0, to: chunk.rows }]
    const stretches: Stretch[] = []
    for (let row = 1; row <= chunk.rows; row++) {
      if (row === chunk.rows || values[row] !== values[row - 1]) stretches.push({ day: values[row - 1], to: row })
    }
    return stretches
  }

  private refuseNulls(chunk: Chunk, valid: Uint8Array, problem: string, field: string): void {
    for (let row = 0; row < chunk.rows; row++) {
      if (!valid[row] && chunk.holds(row)) throw new BasaltError('data', problem, { row, field })
    }
  }

  free(): void {
    this.scratch.close()
    this.memory.free(this.range)
  }
}
