const STOP = 0
const TRUE = 1
const FALSE = 2
const I32 = 5
const I64 = 6
const BINARY = 8
const LIST = 9
const STRUCT = 12

const LONG = 0x7fn

/** Writes Thrift's compact protocol: fields of a struct in the order of their ids, undefined ones left out. */
export class ThriftWriter {
  private buffer: Buffer
  private at = 0
  private last = 0 // id of the field before, in the struct that is open

  constructor(capacity = 256) {
    this.buffer = Buffer.allocUnsafeSlow(capacity)
  }

  /** Writes one struct and returns its bytes; they are valid until the next one. */
  document(fields: () => void): Uint8Array {
    this.at = 0
    this.body(fields)
    return this.buffer.subarray(0, this.at)
  }

  i32(id: number, value: number | undefined): void {
    if (value === undefined) return
    this.field(id, I32)
    this.zigzag(value)
  }

  i64(id: number, value: number | undefined): void {
    if (value === undefined) return
    this.field(id, I64)
    this.zigzag(value)
  }

  bool(id: number, value: boolean | undefined): void {
    if (value !== undefined) this.field(id, value ? TRUE : FALSE)
  }

  binary(id: number, value: Uint8Array | string | undefined): void {
    if (value === undefined) return
    this.field(id, BINARY)
    this.blob(value)
  }

  struct(id: number, fields: (() => void) | undefined): void {
    if (!fields) return
    this.field(id, STRUCT)
    this.body(fields)
  }

  structs<Item>(id: number, items: readonly Item[] | undefined, fields: (item: Item, i: number) => void): void {
    this.list(id, STRUCT, items, (item, i) => this.body(() => fields(item, i)))
  }

  bools(id: number, items: readonly boolean[]): void {
    this.list(id, TRUE, items, item => this.byte(item ? TRUE : FALSE))
  }

  i32s(id: number, items: readonly number[]): void {
    this.list(id, I32, items, item => this.zigzag(item))
  }

  i64s(id: number, items: readonly number[]): void {
    this.list(id, I64, items, item => this.zigzag(item))
  }

  binaries(id: number, items: readonly (Uint8Array | string)[]): void {
    this.list(id, BINARY, items, item => this.blob(item))
  }

  private list<Item>(
    id: number,
    type: number,
    items: readonly Item[] | undefined,
    put: (item: Item, i: number) => void,
  ): void {
    if (!items) return
    this.field(id, LIST)
    this.byte((Math.min(items.length, 15) << 4) | type)
    if (items.length >= 15) this.varint(items.length)
    items.forEach(put)
  }

  private body(fields: () => void): void {
    const outer = this.last
    this.last = 0
    fields()
    this.byte(STOP)
    this.last = outer
  }

  private field(id: number, type: number): void {
    const step = id - this.last // every struct of the format has ids that are less than 16 apart
    this.byte((step << 4) | type)
    this.last = id
  }

  private blob(value: Uint8Array | string): void {
    const bytes = typeof value === 'string' ? Buffer.from(value) : value
    this.varint(bytes.length)
    this.reserve(bytes.length)
    this.buffer.set(bytes, this.at)
    this.at += bytes.length
  }

  private zigzag(value: number): void {
    if (value >= -0x4000_0000 && value < 0x4000_0000) return this.varint(((value << 1) ^ (value >> 31)) >>> 0)
    let rest = BigInt(value) << 1n
    if (value < 0) rest = ~rest
    for (; rest > LONG; rest >>= 7n) this.byte(Number(rest & LONG) | 0x80)
    this.byte(Number(rest))
  }

  private varint(value: number): void {
    for (; value > 0x7f; value >>>= 7) this.byte((value & 0x7f) | 0x80)
    this.byte(value)
  }

  private byte(value: number): void {
    this.reserve(1)
    this.buffer[this.at++] = value
  }

  private reserve(bytes: number): void {
    if (this.at + bytes <= this.buffer.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(this.at + bytes, this.buffer.length * 2))
    grown.set(this.buffer.subarray(0, this.at))
    this.buffer = grown
  }
}
