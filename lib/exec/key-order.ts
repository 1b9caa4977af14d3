import { type Column, compareBytes, type Frame, frameColumn, halves, Interner, translated } from '../core/index.js'

/** The values of one key column, made ready for comparison. Text of all rows that are compared has one interner. */
interface KeyValues {
  kind: 'number' | 'long' | 'text'
  values: Float64Array | Int32Array | Uint8Array
  valid: Uint8Array | null
}

/** Rows that can be compared by their keys with rows of other frames. */
export type Keyed = readonly KeyValues[]

/** Compares rows of several frames by key columns: numbers ascending, text by its UTF-8 bytes, null last. */
export class KeyOrder {
  private readonly interners: Interner[]

  constructor(private readonly keys: readonly string[]) {
    this.interners = keys.map(() => new Interner())
  }

  /** Views the keys of a frame. */
  keyed(frame: Frame): Keyed {
    return this.keys.map((key, k) => valuesOf(frameColumn(frame, key), this.interners[k]))
  }

  /** Returns less than, more than or 0 as a row comes before, after or nowhere of another. */
  compare(a: Keyed, i: number, b: Keyed, j: number): number {
    for (let k = 0; k < a.length; k++) {
      const [x, y] = [a[k], b[k]]
      const absent = x.valid !== null && !x.valid[i]
      const other = y.valid !== null && !y.valid[j]
      if (absent || other) {
        if (absent && other) continue
        return absent ? 1 : -1
      }
      const order =
        x.kind === 'long'
          ? compareLongs(x.values, i, y.values, j)
          : x.kind === 'text'
            ? this.compareWords(k, x.values[i], y.values[j])
            : compareNumbers(x.values[i], y.values[j])
      if (order !== 0) return order
    }
    return 0
  }

  private compareWords(key: number, a: number, b: number): number {
    if (a === b) return 0
    const { words } = this.interners[key]
    return compareBytes(words[a], words[b])
  }
}

function valuesOf(column: Column, interner: Interner): KeyValues {
  const { valid } = column
  switch (column.type) {
    case 'i64':
    case 'ts':
      return { kind: 'long', values: halves(column.values), valid }
    case 'str':
      return { kind: 'text', values: translated(column.values, column.dictionary, interner), valid }
    default:
      return { kind: 'number', values: column.values, valid }
  }
}

/** Compares 64-bit integers by their halves: a BigInt for each would cost more than all else. */
function compareLongs(a: KeyValues['values'], i: number, b: KeyValues['values'], j: number): number {
  const [high, other] = [a[2 * i + 1], b[2 * j + 1]]
  return high !== other ? high - other : (a[2 * i] >>> 0) - (b[2 * j] >>> 0)
}

/** A NaN counts as null does. */
function compareNumbers(a: number, b: number): number {
  const [x, y] = [Number.isNaN(a) ? Infinity : a, Number.isNaN(b) ? Infinity : b]
  return x === y ? 0 : x < y ? -1 : 1
}
