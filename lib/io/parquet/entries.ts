import { BasaltError } from '../../core/error.js'

const MAX_BYTES = 2 ** 28 // of one chunk's distinct strings: twice the largest page

/**
 * Numbers byte strings in the order they come, without making text of each. Their bytes stand one behind the other in
 * one array: an array object for each would cost a microsecond where nearly every string is new.
 */
export class Entries {
  private bytes = new Uint8Array(1024)
  private ends = new Int32Array(64) // of entry i in `bytes`, which begins where the one before ends
  private count = 0
  private readonly views: Uint8Array[] = []
  private slots = new Int32Array(128).fill(-1)
  private hashes = new Int32Array(64)
  private placed = 0 // entries that the slots know
  private last = -1

  /** Takes at most `most` bytes of strings; more are a `limit` fault. */
  constructor(private readonly most = MAX_BYTES) {}

  get size(): number {
    return this.count
  }

  /** The entries by code. Those that are new since it was last asked for are added to the same list. */
  get list(): readonly Uint8Array[] {
    for (let code = this.views.length; code < this.count; code++)
      this.views.push(this.bytes.subarray(this.start(code), this.ends[code]))
    return this.views
  }

  /** Adds bytes [start, end) as the next entry, even when they are one already: a dictionary's codes are positions. */
  add(from: Uint8Array, start: number, end: number): void {
    if (this.count === this.ends.length) this.ends = grown(this.ends, this.count * 2)
    const used = this.start(this.count)
    const size = used + end - start
    if (size > this.most)
      throw new BasaltError('limit', `distinct strings of a column chunk take more than ${this.most} bytes`)
    if (size > this.bytes.length) {
      const larger = new Uint8Array(Math.max(size, this.bytes.length * 2))
      larger.set(this.bytes)
      this.bytes = larger
    }
    // Most strings are short, and an array object for the part to copy costs more than they do.
    if (end - start > 64) this.bytes.set(from.subarray(start, end), used)
    else for (let i = start, to = used; i < end; i++) this.bytes[to++] = from[i]
    this.ends[this.count++] = size
  }

  /** Returns the code of bytes [start, end). Equal neighbours, the usual case in sorted data, cost one comparison. */
  code(from: Uint8Array, start: number, end: number): number {
    if (this.last >= 0 && this.same(this.last, from, start, end)) return this.last
    while (this.placed < this.count) this.place(hashOf(this.bytes, this.start(this.placed), this.ends[this.placed]))
    const hash = hashOf(from, start, end)
    const mask = this.slots.length - 1
    for (let slot = hash & mask; this.slots[slot] >= 0; slot = (slot + 1) & mask) {
      const code = this.slots[slot]
      if (this.hashes[code] === hash && this.same(code, from, start, end)) {
        this.last = code
        return code
      }
    }
    this.add(from, start, end)
    this.place(hash)
    this.last = this.count - 1
    return this.last
  }

  private start(code: number): number {
    return code === 0 ? 0 : this.ends[code - 1]
  }

  private same(code: number, from: Uint8Array, start: number, end: number): boolean {
    let at = this.start(code)
    if (this.ends[code] - at !== end - start) return false
    for (let i = start; i < end; i++) if (this.bytes[at++] !== from[i]) return false
    return true
  }

  /** Lets the slots know the next entry; those of a dictionary need it only when plain strings follow. */
  private place(hash: number): void {
    if (this.placed === this.hashes.length) {
      this.hashes = grown(this.hashes, this.placed * 2)
      this.slots = new Int32Array(this.placed * 4).fill(-1)
      for (let code = 0; code < this.placed; code++) this.settle(code)
    }
    this.hashes[this.placed] = hash
    this.settle(this.placed++)
  }

  private settle(code: number): void {
    const mask = this.slots.length - 1
    let slot = this.hashes[code] & mask
    while (this.slots[slot] >= 0) slot = (slot + 1) & mask
    this.slots[slot] = code
  }
}

function grown(array: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length)
  larger.set(array)
  return larger
}

function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193)
  return hash ^ (hash >>> 15) // the low bits, which choose the slot, must depend on all bytes
}
