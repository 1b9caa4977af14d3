import { mixed } from './hash.js'

/** Words of a slot: the two of a price, its number plus one, and one that fills 16 bytes. */
const SLOT = 4
const FIRST_CAPACITY = 64 // prices
const SLOTS = 4 // a price: nearly every one is where it is first looked for

const double = new Float64Array(1)
const words = new Int32Array(double.buffer)

/**
 * Numbers the distinct prices of a day from 1 on; 0 is none, NaN. Open addressing over the bits of doubles: bits that mean
 * the same, as those of 0 and -0, are given one number when they are first seen, so that no other row is asked.
 */
export class PriceNumbers {
  /** By row: the number of its price. */
  rows = new Int32Array(0)
  /** Numbers that there are, 0 included. */
  count = 1
  /** By number. */
  values = new Float64Array(FIRST_CAPACITY).fill(Number.NaN, 0, 1)
  private slots = new Int32Array(SLOT * SLOTS * FIRST_CAPACITY)
  private shift = Math.clz32(SLOTS * FIRST_CAPACITY) + 1
  /** Slots that are taken. */
  private taken = new Int32Array(FIRST_CAPACITY)
  private used = 0

  /** Numbers the prices of another day. */
  begin(prices: Float64Array): void {
    this.clear()
    const { length } = prices
    if (this.rows.length < length) this.rows = new Int32Array(length)
    const all = new Int32Array(prices.buffer, prices.byteOffset, 2 * length)
    const { rows } = this
    for (let row = 0; row < length; row++) rows[row] = this.number(all[2 * row], all[2 * row + 1])
  }

  /** Returns the number of a price, 0 if the day has no such. */
  find(price: number): number {
    double[0] = price + 0 // of 0 and -0, 0 is there if either is
    return Math.max(this.slots[this.slotOf(words[0], words[1]) + 2] - 1, 0)
  }

  private number(low: number, high: number): number {
    const known = this.slots[this.slotOf(low, high) + 2]
    return known > 0 ? known - 1 : this.add(low, high)
  }

  private add(low: number, high: number): number {
    words[0] = low
    words[1] = high
    const [price] = double
    const number = Number.isNaN(price) ? 0 : Object.is(price, -0) ? this.number(0, 0) : this.count++
    if (number > 0) this.values[number] = price + 0
    this.put(low, high, number + 1)
    if (this.used === this.taken.length - 1) this.grow()
    return number
  }

  private put(low: number, high: number, known: number): void {
    const at = this.slotOf(low, high)
    this.slots[at] = low
    this.slots[at + 1] = high
    this.slots[at + 2] = known
    this.taken[this.used++] = at
  }

  /** Returns where in `slots` a price is, or would be. */
  private slotOf(low: number, high: number): number {
    const { slots } = this
    const last = slots.length - SLOT
    let at = SLOT * (mixed(low, high) >>> this.shift)
    while (slots[at + 2] !== 0 && (slots[at] !== low || slots[at + 1] !== high)) at = (at + SLOT) & last
    return at
  }

  private clear(): void {
    for (let i = 0; i < this.used; i++) this.slots[this.taken[i] + 2] = 0
    this.used = 0
    this.count = 1
  }

  private grow(): void {
    const { slots, values, taken, used } = this
    this.values = new Float64Array(4 * values.length)
    this.values.set(values)
    this.slots = new Int32Array(4 * slots.length)
    this.shift -= 2
    this.taken = new Int32Array(4 * taken.length)
    this.used = 0
    for (let i = 0; i < used; i++) {
      const at = taken[i]
      this.put(slots[at], slots[at + 1], slots[at + 2])
    }
  }
}
