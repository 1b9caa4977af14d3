import { BasaltError } from '../../core/error.js'

const FIRST_BLOCK = 4096
const LARGEST_BLOCK = 2 ** 20
const MAX_BYTES = 2 ** 28 // of one chunk's distinct strings: twice the largest page

/** Numbers byte strings in the order they come, without making text of each. It keeps copies of their bytes. */
export class Entries {
  readonly list: Uint8Array[] = []
  private block = new Uint8Array(0)
  private used = 0
  private bytes = 0
  private slots = new Int32Array(64).fill(-1)
  private hashes: number[] = []
  private last = -1

  /** Adds bytes [start, end) as the next entry, even when they are one already: a dictionary's codes are positions. */
  add(bytes: Uint8Array, start: number, end: number): void {
    this.list.push(this.kept(bytes, start, end))
  }

  /** Returns the code of bytes [start, end). Equal neighbours, the usual case in sorted data, cost one comparison. */
  code(bytes: Uint8Array, start: number, end: number): number {
    if (this.last >= 0 && same(this.list[this.last], bytes, start, end)) return this.last
    while (this.hashes.length < this.list.length) this.place(this.hashes.length)
    const hash = hashOf(bytes, start, end)
    let slot = hash & (this.slots.length - 1)
    for (; this.slots[slot] >= 0; slot = (slot + 1) & (this.slots.length - 1)) {
      const code = this.slots[slot]
      if (this.hashes[code] === hash && same(this.list[code], bytes, start, end)) {
        this.last = code
        return code
      }
    }
    this.last = this.list.push(this.kept(bytes, start, end)) - 1
    this.place(this.last)
    return this.last
  }

  /** Puts an entry into the table that `code` looks in, which entries of a dictionary need only when strings follow. */
  private place(code: number): void {
    if (this.hashes.length * 2 >= this.slots.length) this.grow()
    const entry = this.list[code]
    this.hashes.push(hashOf(entry, 0, entry.length))
    this.settle(code)
  }

  private settle(code: number): void {
    let slot = this.hashes[code] & (this.slots.length - 1)
    while (this.slots[slot] >= 0) slot = (slot + 1) & (this.slots.length - 1)
    this.slots[slot] = code
  }

  private grow(): void {
    this.slots = new Int32Array(this.slots.length * 2).fill(-1)
    for (let code = 0; code < this.hashes.length; code++) this.settle(code)
  }

  private kept(bytes: Uint8Array, start: number, end: number): Uint8Array {
    const size = end - start
    this.bytes += size
    if (this.bytes > MAX_BYTES)
      throw new BasaltError('limit', `distinct strings of a column chunk take more than ${MAX_BYTES} bytes`)
    if (this.used + size > this.block.length) {
      this.block = new Uint8Array(Math.max(size, Math.min(LARGEST_BLOCK, Math.max(FIRST_BLOCK, this.bytes))))
      this.used = 0
    }
    const entry = this.block.subarray(this.used, this.used + size)
    entry.set(bytes.subarray(start, end))
    this.used += size
    return entry
  }
}

function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193)
  return hash ^ (hash >>> 15) // the low bits, which choose the slot, must depend on all bytes
}

function same(entry: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (entry.length !== end - start) return false
  for (let i = 0; i < entry.length; i++) if (entry[i] !== bytes[start + i]) return false
  return true
}
