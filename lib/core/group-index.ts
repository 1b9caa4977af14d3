import type { Column, Words } from './batch.js'
import { BasaltError } from './error.js'
import type { Interner } from './interner.js'

/** One key column of a batch as 32-bit words: two a row for 64-bit values, else one. */
export interface KeyView {
  words: Int32Array
  width: 1 | 2
  valid: Uint8Array | null
}

/** Views fixed-width key columns as words; text keys are translated to codes of `interner` first. */
export function keyView(column: Column, interner: Interner): KeyView {
  const { values, valid } = column
  switch (column.type) {
    case 'i64':
    case 'ts':
    case 'f64':
      return { words: new Int32Array(values.buffer, values.byteOffset, values.length * 2), width: 2, valid }
    case 'i32':
    case 'date':
      return { words: column.values, width: 1, valid }
    case 'bool':
      return { words: Int32Array.from(column.values), width: 1, valid }
    case 'str':
      return { words: translated(column.values, column.dictionary, interner), width: 1, valid }
  }
}

const tables = new WeakMap<Interner, WeakMap<Words, Int32Array>>()

/** Rewrites codes of a dictionary as codes of an interner, through a table made once a dictionary. */
export function translated(codes: Int32Array, dictionary: Words, interner: Interner): Int32Array {
  let known = tables.get(interner)
  if (!known) tables.set(interner, (known = new WeakMap()))
  let table = known.get(dictionary)
  if (!table) known.set(dictionary, (table = interner.translate(dictionary)))
  const out = new Int32Array(codes.length)
  for (let i = 0; i < codes.length; i++) out[i] = codes[i] < 0 ? -1 : table[codes[i]]
  return out
}

const LIMIT = 2 ** 30

/**
 * Numbers distinct keys in the order they are first seen: open addressing over 32-bit words, null included (the last
 * word of a key holds one bit a null column). A row equal to the one before it costs one comparison.
 */
export class GroupIndex {
  size = 0
  private readonly width: number
  private keys: Int32Array
  private table: Int32Array // slot + 1; 0 is empty
  private readonly key: Int32Array
  private changed = new Uint8Array(1024) // by selected row: its key is not that of the one before

  constructor(widths: readonly (1 | 2)[]) {
    this.width = widths.reduce((total: number, each) => total + each, 1)
    this.keys = new Int32Array(1024 * this.width)
    this.table = new Int32Array(4096)
    this.key = new Int32Array(this.width)
  }

  /** Writes the group of each selected row into `slots[row]`. */
  resolve(views: readonly KeyView[], index: Int32Array, count: number, slots: Int32Array): void {
    if (this.changed.length < count) this.changed = new Uint8Array(Math.max(count, 2 * this.changed.length))
    const { changed } = this
    changed.fill(0, 0, count)
    changed[0] = 1 // the batch before may be of another dictionary
    // Column by column: a loop over all columns of a row costs several times as much.
    for (const view of views) markChanges(view, index, count, changed)
    let slot = -1
    for (let k = 0; k < count; k++) {
      const row = index[k]
      if (changed[k]) {
        this.load(views, row)
        slot = this.find()
      }
      slots[row] = slot
    }
  }

  private load(views: readonly KeyView[], row: number): void {
    const { key, width } = this
    let at = 0
    let nulls = 0
    for (let v = 0; v < views.length; v++) {
      const { words, width: wide, valid } = views[v]
      const absent = valid !== null && !valid[row]
      if (absent) nulls |= 1 << v
      if (wide === 2) {
        key[at++] = absent ? 0 : words[2 * row]
        key[at++] = absent ? 0 : words[2 * row + 1]
      } else key[at++] = absent ? 0 : words[row]
    }
    key[width - 1] = nulls
  }

  private find(): number {
    const { key, width } = this
    const mask = this.table.length - 1
    let at = hash(key, width) & mask
    for (;;) {
      const slot = this.table[at] - 1
      if (slot < 0) break
      if (this.matches(slot)) return slot
      at = (at + 1) & mask
    }
    return this.insert(at)
  }

  private matches(slot: number): boolean {
    const { key, keys, width } = this
    for (let w = 0, at = slot * width; w < width; w++, at++) if (keys[at] !== key[w]) return false
    return true
  }

  private insert(at: number): number {
    const slot = this.size++
    if (slot >= LIMIT) throw new BasaltError('limit', 'more than 2^30 groups in one unit; cut it by listing or date')
    if (this.size * this.width > this.keys.length) {
      const grown = new Int32Array(this.keys.length * 2)
      grown.set(this.keys)
      this.keys = grown
    }
    this.keys.set(this.key, slot * this.width)
    this.table[at] = slot + 1
    if (this.size * 2 > this.table.length) this.rehash()
    return slot
  }

  private rehash(): void {
    const table = new Int32Array(this.table.length * 4)
    const mask = table.length - 1
    for (let slot = 0; slot < this.size; slot++) {
      const key = this.keys.subarray(slot * this.width, (slot + 1) * this.width)
      let at = hash(key, this.width) & mask
      while (table[at]) at = (at + 1) & mask
      table[at] = slot + 1
    }
    this.table = table
  }
}

/** Marks the selected rows of which a key column differs from that of the selected row before. */
function markChanges({ words, width, valid }: KeyView, index: Int32Array, count: number, changed: Uint8Array): void {
  if (valid) {
    for (let k = 1; k < count; k++) {
      const row = index[k]
      const before = index[k - 1]
      if (!valid[row] !== !valid[before]) changed[k] = 1
      else if (valid[row] && !isEqual(words, width, row, before)) changed[k] = 1
    }
  } else if (width === 2) {
    for (let k = 1; k < count; k++) {
      const row = 2 * index[k]
      const before = 2 * index[k - 1]
      if (words[row] !== words[before] || words[row + 1] !== words[before + 1]) changed[k] = 1
    }
  } else {
    for (let k = 1; k < count; k++) if (words[index[k]] !== words[index[k - 1]]) changed[k] = 1
  }
}

function isEqual(words: Int32Array, width: 1 | 2, row: number, other: number): boolean {
  if (width === 1) return words[row] === words[other]
  return words[2 * row] === words[2 * other] && words[2 * row + 1] === words[2 * other + 1]
}

/** Mixes words as murmur3's finaliser does: neighbouring ids and labels must not collide. */
function hash(key: Int32Array, width: number): number {
  let h = 0x9747b28c
  for (let w = 0; w < width; w++) {
    h = Math.imul(h ^ key[w], 0xcc9e2d51)
    h = (h << 15) | (h >>> 17)
    h = Math.imul(h, 0x1b873593)
  }
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
