import { mixed } from './hash.js'

/** Words of an entry: the two of the order's name, the next entry of its chain, and its level, -1 if it is given back. */
export const ENTRY = 4
const FIRST_CAPACITY = 64 // entries, the one that stands for none included

/**
 * The orders that rest in a book, by name: chains over 32-bit words. An order's entry is given to another when it leaves,
 * so the table is as small as the book is: of 75,000 orders of a liquid listing's day at most 2,700 rest at a time, and
 * 115 kB stay in cache.
 */
export class LiveOrders {
  /** First entry of each chain; 0 is none, as where a chain ends. */
  heads = new Int32Array(FIRST_CAPACITY)
  entries = new Int32Array(ENTRY * FIRST_CAPACITY)
  /** By entry: displayed size. */
  sizes = new Float64Array(FIRST_CAPACITY)
  shift = Math.clz32(FIRST_CAPACITY) + 1
  /** Entries given back, as a chain. */
  free = 0
  /** Entries from here on were never given. */
  used = 1

  clear(): void {
    this.heads.fill(0)
    this.free = 0
    this.used = 1
  }

  /** Returns the entry of an order, 0 if it does not rest here. */
  find(low: number, high: number): number {
    const { entries } = this
    let entry = this.heads[mixed(low, high) >>> this.shift]
    while (entry !== 0 && (entries[ENTRY * entry] !== low || entries[ENTRY * entry + 1] !== high)) {
      entry = entries[ENTRY * entry + 2]
    }
    return entry
  }

  /** Adds an order that is not here. */
  add(low: number, high: number, level: number, size: number): void {
    let entry = this.free
    if (entry === 0) {
      if (this.used === this.heads.length) this.grow()
      entry = this.used++
    } else this.free = this.entries[ENTRY * entry + 2]
    const { entries, heads, sizes } = this
    const bucket = mixed(low, high) >>> this.shift
    const at = ENTRY * entry
    entries[at] = low
    entries[at + 1] = high
    entries[at + 2] = heads[bucket]
    entries[at + 3] = level
    heads[bucket] = entry
    sizes[entry] = size
  }

  remove(entry: number): void {
    const { entries, heads } = this
    const at = ENTRY * entry
    const bucket = mixed(entries[at], entries[at + 1]) >>> this.shift
    if (heads[bucket] === entry) heads[bucket] = entries[at + 2]
    else {
      let before = heads[bucket]
      while (entries[ENTRY * before + 2] !== entry) before = entries[ENTRY * before + 2]
      entries[ENTRY * before + 2] = entries[at + 2]
    }
    entries[at + 2] = this.free
    entries[at + 3] = -1
    this.free = entry
  }

  low(entry: number): number {
    return this.entries[ENTRY * entry]
  }

  high(entry: number): number {
    return this.entries[ENTRY * entry + 1]
  }

  level(entry: number): number {
    return this.entries[ENTRY * entry + 3]
  }

  size(entry: number): number {
    return this.sizes[entry]
  }

  resize(entry: number, size: number): void {
    this.sizes[entry] = size
  }

  /** Makes room for as many orders again, when no entry is free. */
  private grow(): void {
    const count = this.heads.length
    this.shift--
    const [heads, entries, sizes] = [
      new Int32Array(2 * count),
      new Int32Array(2 * this.entries.length),
      new Float64Array(2 * count),
    ]
    entries.set(this.entries)
    sizes.set(this.sizes)
    for (let entry = 1; entry < count; entry++) {
      const bucket = mixed(entries[ENTRY * entry], entries[ENTRY * entry + 1]) >>> this.shift
      entries[ENTRY * entry + 2] = heads[bucket]
      heads[bucket] = entry
    }
    this.heads = heads
    this.entries = entries
    this.sizes = sizes
  }
}
