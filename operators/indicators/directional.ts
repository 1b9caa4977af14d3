import { trueRange } from './true-range.js'
import { isZero } from './zero.js'

/** Returns how far the high rose, where that is more than the low fell; else 0. */
const upMove = (rise: number, fall: number): number => (rise > 0 && rise > fall ? rise : 0)

/** Returns how far the low fell, where that is more than the high rose; else 0. */
const downMove = (rise: number, fall: number): number => (fall > 0 && rise < fall ? fall : 0)

const index = (move: number, range: number): number => (isZero(range) ? 0 : 100 * (move / range))

/**
 * Follows the directional movement of a series row by row. After `next()` its fields are those of the row it has passed.
 * Sums are Wilder's: they add up over `period - 1` rows, then lose 1/period of themselves before each row is added.
 * Source: Wilder, New Concepts in Technical Trading Systems (1978).
 */
export class DirectionalMovement {
  row = 0
  up = 0
  down = 0
  range = 0

  constructor(
    private readonly high: Float64Array,
    private readonly low: Float64Array,
    // Without closes there is no true range.
    private readonly close: Float64Array | undefined,
    private readonly period: number,
  ) {}

  next(): void {
    const { high, low, close, period } = this
    const row = ++this.row
    const rise = high[row] - high[row - 1]
    const fall = low[row - 1] - low[row]
    const up = upMove(rise, fall)
    const down = downMove(rise, fall)
    const range = close ? trueRange(high[row], low[row], close[row - 1]) : 0
    // While sums build up nothing fades; of period 1 nothing stays.
    if (row >= period) {
      this.up = period === 1 ? 0 : this.up - this.up / period
      this.down = period === 1 ? 0 : this.down - this.down / period
      this.range = period === 1 ? 0 : this.range - this.range / period
    }
    this.up += up
    this.down += down
    this.range += range
  }

  /** Passes rows up to and including one. */
  passTo(row: number): void {
    while (this.row < row) this.next()
  }

  get upIndex(): number {
    return index(this.up, this.range)
  }

  get downIndex(): number {
    return index(this.down, this.range)
  }

  /** Returns how one-sided the movement is, 0 to 100; undefined where nothing moved. */
  get oneSided(): number | undefined {
    if (isZero(this.range)) return undefined
    const up = this.upIndex
    const down = this.downIndex
    return isZero(up + down) ? undefined : 100 * (Math.abs(down - up) / (up + down))
  }
}
