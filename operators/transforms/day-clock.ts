import { halves, MS_PER_DAY } from '../../lib/core/index.js'

const TWO_32 = 4294967296

/** Turns instants into ns after the UTC midnight of their date and back, without a BigInt a row. */
export class DayClock {
  private day = Number.NaN
  private high = 0
  private low = 0

  /** Returns stamps as ns after the midnights of `days`. */
  offsets(stamps: BigInt64Array, days: Int32Array): Float64Array {
    const words = halves(stamps)
    const offsets = new Float64Array(stamps.length)
    for (let i = 0; i < offsets.length; i++) {
      if (days[i] !== this.day) this.turn(days[i])
      offsets[i] = (words[2 * i + 1] - this.high) * TWO_32 + ((words[2 * i] >>> 0) - this.low)
    }
    return offsets
  }

  /** Returns ns after the midnights of `days` as stamps. */
  stamps(offsets: Float64Array, days: Int32Array): BigInt64Array<ArrayBuffer> {
    const stamps = new BigInt64Array(days.length)
    const words = halves(stamps)
    for (let i = 0; i < days.length; i++) {
      if (days[i] !== this.day) this.turn(days[i])
      const high = Math.floor(offsets[i] / TWO_32)
      const low = this.low + (offsets[i] - high * TWO_32)
      const carry = low >= TWO_32 ? 1 : 0
      words[2 * i] = low - carry * TWO_32
      words[2 * i + 1] = this.high + high + carry
    }
    return stamps
  }

  private turn(day: number): void {
    this.day = day
    const midnight = BigInt(day * MS_PER_DAY) * 1_000_000n
    this.high = Number(midnight >> 32n)
    this.low = Number(BigInt.asUintN(32, midnight))
  }
}
