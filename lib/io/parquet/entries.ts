/** Numbers distinct byte strings in the order they are first seen, without making text of each. */
export class Entries {
  readonly list: Uint8Array[] = []
  private slots = new Int32Array(64).fill(-1)
  private hashes: number[] = []
  private last = -1

  /** Returns the code of bytes [start, end). Equal neighbours, the usual case in sorted data, cost one comparison. */
  code(bytes: Uint8Array, start: number, end: number): number {
    if (this.last >= 0 && same(this.list[this.last], bytes, start, end)) return this.last
    let hash = 0x811c9dc5
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193)
    hash ^= hash >>> 15 // the low bits, which choose the slot, must depend on all bytes
    let slot = hash & (this.slots.length - 1)
    for (; this.slots[slot] >= 0; slot = (slot + 1) & (this.slots.length - 1)) {
      const code = this.slots[slot]
      if (this.hashes[code] === hash && same(this.list[code], bytes, start, end)) {
        this.last = code
        return code
      }
    }
    this.slots[slot] = this.last = this.list.push(bytes.subarray(start, end)) - 1
    this.hashes.push(hash)
    if (this.list.length * 2 > this.slots.length) this.grow()
    return this.last
  }

  private grow(): void {
    const slots = new Int32Array(this.slots.length * 2).fill(-1)
    for (let code = 0; code < this.list.length; code++) {
      let slot = this.hashes[code] & (slots.length - 1)
      while (slots[slot] >= 0) slot = (slot + 1) & (slots.length - 1)
      slots[slot] = code
    }
    this.slots = slots
  }
}

function same(entry: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (entry.length !== end - start) return false
  for (let i = 0; i < entry.length; i++) if (entry[i] !== bytes[start + i]) return false
  return true
}
