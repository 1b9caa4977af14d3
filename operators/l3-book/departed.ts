import { mixed } from './hash.js'

const NONE = new Int32Array(0)

/**
 * Names of orders that have left a book, as a list to which leaving adds. Only a message about an order that does not rest
 * asks for one of them, and only then are they indexed: open addressing over places in the list, at most half full.
 */
export class Departed {
  names = new Int32Array(128)
  length = 0
  /** Places in the list plus one; 0 is none. */
  private slots = NONE
  private indexed = 0

  clear(): void {
    this.length = 0
    this.indexed = 0
    this.slots = NONE
  }

  /** Adds a name, given as words. It may be there already. */
  add(low: number, high: number): void {
    if (2 * this.length === this.names.length) {
      const grown = new Int32Array(2 * this.names.length)
      grown.set(this.names)
      this.names = grown
    }
    this.names[2 * this.length] = low
    this.names[2 * this.length + 1] = high
    this.length++
  }

  has(low: number, high: number): boolean {
    if (this.indexed < this.length) this.index()
    return this.length > 0 && this.slots[this.slotOf(low, high)] !== 0
  }

  private index(): void {
    if (this.slots.length < 2 * this.length) {
      this.slots = new Int32Array(2 ** (33 - Math.clz32(this.length)))
      this.indexed = 0
    }
    for (; this.indexed < this.length; this.indexed++) {
      const slot = this.slotOf(this.names[2 * this.indexed], this.names[2 * this.indexed + 1])
      this.slots[slot] = this.indexed + 1
    }
  }

  /** Returns where a name is, or would be. */
  private slotOf(low: number, high: number): number {
    const { names, slots } = this
    const mask = slots.length - 1
    let slot = mixed(low, high) >>> Math.clz32(mask)
    for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const at = 2 * (slots[slot] - 1)
      if (names[at] === low && names[at + 1] === high) break
    }
    return slot
  }
}
