/** Words of an entry: the name's two, its number plus one, and one that fills 16 bytes, so that a look meets one cache line. */
const ENTRY = 4

/** Numbers distinct 64-bit names, given as words, in the order they are first seen: open addressing over 32-bit words. */
export class NameTable {
  count = 0
  private readonly entries: Int32Array
  private readonly shift: number
  private readonly mask: number

  /** `most` is how many names there may be. */
  constructor(most: number) {
    const bits = Math.max(4, 32 - Math.clz32(Math.ceil(1.5 * most)))
    this.entries = new Int32Array(ENTRY * 2 ** bits)
    this.shift = 32 - bits
    this.mask = 2 ** bits - 1
  }

  /** Returns the number of a name. */
  number(low: number, high: number): number {
    const { entries, mask } = this
    let mixed = low ^ Math.imul(high, 0x85ebca77)
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb352d)
    for (let slot = Math.imul(mixed ^ (mixed >>> 15), 0x9e3779b1) >>> this.shift; ; slot = (slot + 1) & mask) {
      const at = ENTRY * slot
      const known = entries[at + 2]
      if (known === 0) {
        entries[at] = low
        entries[at + 1] = high
        entries[at + 2] = ++this.count
        return this.count - 1
      }
      if (entries[at] === low && entries[at + 1] === high) return known - 1
    }
  }
}
