import { BasaltError, type Chunk, MS_PER_DAY } from '../../lib/core/index.js'

const TWO_32 = 4294967296

/** Splits an i64 into a signed high and an unsigned low half, both doubles. */
function halves(value: bigint): [number, number] {
  return [Number(BigInt.asIntN(64, value) >> 32n), Number(BigInt.asUintN(32, value))]
}

/**
 * Returns event times as ns after the UTC midnight of each row's partition date: exact doubles, so comparing, bucketing
 * and subtracting times needs no BigInt. More than 104 days between stamp and partition date would lose that exactness;
 * it is a data fault, and in practice a wrong time unit.
 */
export class TimeOffsets {
  private offsets = new Float64Array(0)
  private day = Number.NaN
  private high = 0
  private low = 0

  of(chunk: Chunk, timeColumn: string, dateColumn: string | null): Float64Array {
    const { rows } = chunk
    if (this.offsets.length < rows) this.offsets = new Float64Array(rows)
    const time = chunk.required(timeColumn)
    if (time.type !== 'ts') throw new BasaltError('internal', `'${timeColumn}' holds no time stamps`)
    const dates = dateColumn === null ? null : chunk.required(dateColumn)
    const words = new Int32Array(time.values.buffer, time.values.byteOffset, rows * 2)
    const { offsets } = this
    const timeValid = time.valid
    const dateValid = dates?.valid ?? null
    const days = dates ? (dates.values as Int32Array) : null
    for (let i = 0; i < rows; i++) {
      if (!chunk.holds(i)) continue
      if (timeValid && !timeValid[i])
        throw new BasaltError('data', 'the event time is null', { row: i, field: timeColumn })
      if (dateValid && !dateValid[i])
        throw new BasaltError('data', 'the date is null', { row: i, field: dateColumn as string })
      const day = days ? days[i] : 0
      if (day !== this.day) this.startOf(day)
      const offset = (words[2 * i + 1] - this.high) * TWO_32 + ((words[2 * i] >>> 0) - this.low)
      if (offset > Number.MAX_SAFE_INTEGER || offset < -Number.MAX_SAFE_INTEGER) {
        throw new BasaltError(
          'data',
          'the event time lies more than 104 days from its partition date; check time_unit and the layout',
          { row: i, field: timeColumn },
        )
      }
      offsets[i] = offset
    }
    return offsets
  }

  private startOf(day: number): void {
    this.day = day
    ;[this.high, this.low] = halves(BigInt(day * MS_PER_DAY) * 1_000_000n)
  }
}
