import { type Column, halves } from '../core/index.js'

/** Knows the least and the greatest label of the rows of each date, which has a number. */
export class DateLabels {
  private readonly ranges: BigInt64Array[] = []

  /** Takes in the labels of rows and the numbers of their dates. */
  note(dates: Int32Array, { values }: Column): void {
    const labels = values as BigInt64Array
    const words = halves(labels)
    for (let from = 0; from < dates.length; ) {
      let [least, most, to] = [from, from, from + 1]
      for (; to < dates.length && dates[to] === dates[from]; to++) {
        if (isBelow(words, to, least)) least = to
        if (isBelow(words, most, to)) most = to
      }
      this.widen(dates[from], labels[least], labels[most])
      from = to
    }
  }

  /** Tells whether it has labels of the dates of the first numbers. */
  knows(count: number): boolean {
    for (let date = 0; date < count; date++) if (!this.ranges[date]) return false
    return true
  }

  /**
   * Marks the dates of an ascending order of which rows may come to lie under a label that rows of an earlier one lie
   * under, too. `moved` returns the labels that those of a day come to lie under.
   */
  meet(
    order: Int32Array,
    days: Int32Array,
    out: Uint8Array,
    moved: (labels: BigInt64Array, day: number) => BigInt64Array,
  ): void {
    let latest: bigint | undefined
    for (const [place, date] of order.entries()) {
      const [least, most] = moved(this.ranges[date], days[date])
      if (latest !== undefined && least <= latest) out[place] = 1
      if (latest === undefined || most > latest) latest = most
    }
  }

  private widen(date: number, least: bigint, most: bigint): void {
    const known = this.ranges[date]
    if (!known) this.ranges[date] = BigInt64Array.of(least, most)
    else {
      if (least < known[0]) known[0] = least
      if (most > known[1]) known[1] = most
    }
  }
}

/** Compares 64-bit integers by their halves: a BigInt a row would cost more than all else. */
function isBelow(words: Int32Array, a: number, b: number): boolean {
  const [high, other] = [words[2 * a + 1], words[2 * b + 1]]
  return high !== other ? high < other : words[2 * a] >>> 0 < words[2 * b] >>> 0
}
