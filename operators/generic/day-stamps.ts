import { halves, NS_PER_DAY } from '../../lib/core/index.js'

const HALF = 2 ** 32

/**
 * Reads and writes stamps of a date, in low and high halves of 32 bits (`halves`), as ns after its midnight, UTC. A BigInt a
 * row would cost more than all else that is done with it.
 */
export class DayStamps {
  private day = Number.NaN
  private low = 0
  private high = 0

  /** Turns to a date, in days since the epoch; returns whether it is another one. */
  turn(day: number): boolean {
    if (day === this.day) return false
    this.day = day
    const [low, high] = halves(BigInt64Array.of(BigInt(day) * BigInt(NS_PER_DAY)))
    this.low = low >>> 0
    this.high = high
    return true
  }

  /** Returns a stamp as ns after midnight, before it below 0; exact below 2^53. */
  offset(stamps: Int32Array, row: number): number {
    return (stamps[2 * row + 1] - this.high) * HALF + ((stamps[2 * row] >>> 0) - this.low)
  }

  /** Writes the stamp that is so many whole ns after midnight. */
  put(stamps: Int32Array, row: number, offset: number): void {
    const sum = this.low + offset
    const carry = Math.floor(sum / HALF)
    stamps[2 * row] = sum - carry * HALF
    stamps[2 * row + 1] = this.high + carry
  }
}

/** Tells whether one stamp is before another, both in halves. */
export function isEarlier(a: Int32Array, i: number, b: Int32Array, j: number): boolean {
  const high = a[2 * i + 1]
  const other = b[2 * j + 1]
  return high !== other ? high < other : a[2 * i] >>> 0 < b[2 * j] >>> 0
}
