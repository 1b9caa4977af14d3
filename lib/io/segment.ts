import { type Column, type ColumnSpec, pickAscending } from '../core/index.js'
import { encodedWords, laidOut } from '../core/words.js'

type Values = Column['values']
type Codes = Uint8Array | Uint16Array | Int32Array

/** Bytes of a value, by type; words are stored once, and as codes into them. */
const VALUES: Record<ColumnSpec['type'], (buffer: ArrayBuffer, at: number, rows: number) => Values> = {
  f64: (buffer, at, rows) => new Float64Array(buffer, at, rows),
  i64: (buffer, at, rows) => new BigInt64Array(buffer, at, rows),
  ts: (buffer, at, rows) => new BigInt64Array(buffer, at, rows),
  i32: (buffer, at, rows) => new Int32Array(buffer, at, rows),
  date: (buffer, at, rows) => new Int32Array(buffer, at, rows),
  str: (buffer, at, rows) => new Int32Array(buffer, at, rows),
  bool: (buffer, at, rows) => new Uint8Array(buffer, at, rows),
}
const aligned = (bytes: number): number => (bytes + 7) & ~7

/**
 * Encodes some rows of columns as bytes that stand by themselves: text columns have the words of these rows alone. An
 * Arrow stream would cost 40 µs a column, which is more than its values where rows are scattered over many segments.
 */
export class SegmentEncoder {
  private bytes: Uint8Array<ArrayBuffer> = new Uint8Array(65_536)
  private at = 0
  private numbers = new Int32Array(1024) // by code: 1 + its number among the words of a segment

  /** Encodes rows of columns, which ascend; the bytes are borrowed until the next segment. */
  encode(columns: readonly Column[], rows: Int32Array): Uint8Array {
    this.at = 0
    this.ints(1)[0] = rows.length
    for (const column of columns) {
      const { valid } = column
      this.ints(1)[0] = valid ? 1 : 0
      if (valid) pickAscending(valid, rows, rows.length, this.take(rows.length))
      if (column.type === 'str') this.text(column, rows)
      else {
        const width = column.values.BYTES_PER_ELEMENT
        const into = this.take(rows.length * width)
        pickAscending(
          column.values,
          rows,
          rows.length,
          VALUES[column.type](this.bytes.buffer, into.byteOffset, rows.length),
        )
      }
    }
    return this.bytes.subarray(0, this.at)
  }

  private text({ values, valid, dictionary }: Column & { type: 'str' }, rows: Int32Array): void {
    const { words } = dictionary
    if (this.numbers.length < words.length) this.numbers = new Int32Array(2 * words.length)
    const { numbers } = this
    const used: number[] = []
    for (const row of rows) {
      if ((valid && !valid[row]) || numbers[values[row]] > 0) continue
      used.push(values[row])
      numbers[values[row]] = used.length
    }
    const all = encodedWords(dictionary)
    const { offsets, data } = laidOut(used.map(code => all[code]))
    this.ints(1)[0] = used.length
    this.ints(offsets.length).set(offsets)
    this.take(data.length).set(data)
    const codes = codesOf(used.length, rows.length, bytes => this.take(bytes))
    for (let k = 0; k < rows.length; k++) codes[k] = valid && !valid[rows[k]] ? 0 : numbers[values[rows[k]]] - 1
    for (const code of used) numbers[code] = 0
  }

  private ints(count: number): Int32Array {
    const { byteOffset } = this.take(4 * count)
    return new Int32Array(this.bytes.buffer, byteOffset, count)
  }

  /** Takes the next bytes, from a place where any value may start. */
  private take(length: number): Uint8Array<ArrayBuffer> {
    const { at } = this
    this.at = aligned(at + length)
    if (this.at > this.bytes.length) {
      const larger = new Uint8Array(2 * this.at)
      larger.set(this.bytes.subarray(0, at))
      this.bytes = larger
    }
    return this.bytes.subarray(at, at + length)
  }
}

/** Decodes a segment into columns of these types, which view its bytes where they can. */
export function decodeSegment(bytes: Uint8Array<ArrayBuffer>, types: readonly ColumnSpec['type'][]): Column[] {
  let at = bytes.byteOffset
  const take = (length: number): number => {
    const from = at
    at = aligned(at + length)
    return from
  }
  const { buffer } = bytes
  const int = (): number => new Int32Array(buffer, take(4), 1)[0]
  const rows = int()
  return types.map(type => {
    const valid = int() === 1 ? new Uint8Array(buffer, take(rows), rows) : null
    if (type !== 'str') {
      const width = VALUES[type](buffer, 0, 0).BYTES_PER_ELEMENT
      return { type, values: VALUES[type](buffer, take(rows * width), rows), valid } as Column
    }
    const count = int()
    const offsets = new Int32Array(buffer, take(4 * (count + 1)), count + 1)
    const data = Buffer.from(buffer, take(offsets[count]), offsets[count])
    const words = Array.from({ length: count }, (_, w) => data.toString('utf8', offsets[w], offsets[w + 1]))
    const codes = codesOf(count, rows, length => new Uint8Array(buffer, take(length), length))
    if (count === 0) words.push('') // every row is null, and has a code nevertheless
    return { type, values: Int32Array.from(codes), valid, dictionary: { words } }
  })
}

/** Views codes in as few bytes as their words need. */
function codesOf(words: number, rows: number, take: (bytes: number) => Uint8Array<ArrayBuffer>): Codes {
  const width = words <= 256 ? 1 : words <= 65_536 ? 2 : 4
  const { buffer, byteOffset } = take(rows * width)
  const Kind = width === 1 ? Uint8Array : width === 2 ? Uint16Array : Int32Array
  return new Kind(buffer, byteOffset, rows)
}
