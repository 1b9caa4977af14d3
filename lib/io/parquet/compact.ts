const [TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, STRUCT] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12]
const MAX_DEPTH = 8

/**
 * Reads structs of Thrift's compact protocol that nobody has checked: nothing is read beyond the bytes, no number grows
 * beyond 2^53 and no list is longer than its bytes. Throws an Error where something does not add up.
 */
export class CompactReader {
  private at = 0

  constructor(private readonly bytes: Uint8Array) {}

  /** Reads a struct: `field` is told each field and reads it, or returns false to have it passed over. */
  struct(field: (id: number, type: number) => boolean, depth = 0): void {
    if (depth > MAX_DEPTH) throw new Error('an index is nested')
    for (let id = 0; ; ) {
      const head = this.byte()
      const type = head & 15
      if (type === 0) return
      id = head >> 4 ? id + (head >> 4) : this.integer()
      if (!field(id, type)) this.pass(type, depth)
    }
  }

  /** Reads a list by reading each of its items, which take a byte at least. */
  list<Item>(type: number, item: (type: number) => Item): Item[] {
    if (type !== LIST) throw new Error('an index has no list where one belongs')
    const head = this.byte()
    const size = head >> 4 === 15 ? this.varint() : head >> 4
    if (size > this.bytes.length - this.at) throw new Error(`an index states ${size} items`)
    const items: Item[] = []
    for (let i = 0; i < size; i++) items.push(item(head & 15))
    return items
  }

  /** Reads an integer of a list or a field. */
  whole(type: number): number {
    if (type !== I32 && type !== I64) throw new Error('an index has no integer where one belongs')
    return this.integer()
  }

  /** Reads a flag of a list. */
  flag(type: number): boolean {
    if (type !== TRUE && type !== FALSE) throw new Error('an index has no flag where one belongs')
    return this.byte() === TRUE
  }

  /** Reads a byte string, a view of the bytes. */
  binary(type: number): Uint8Array {
    if (type !== BINARY) throw new Error('an index has no bytes where they belong')
    return this.take(this.varint())
  }

  private take(length: number): Uint8Array {
    if (length > this.bytes.length - this.at) throw new Error('an index is cut')
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }

  private byte(): number {
    return this.take(1)[0]
  }

  private varint(): number {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte()
      value += (byte & 127) * factor
      if (value > Number.MAX_SAFE_INTEGER) throw new Error('an index states a number beyond 2^53')
      if (byte < 128) return value
      if (factor > Number.MAX_SAFE_INTEGER) throw new Error('an index has a number without an end')
    }
  }

  private integer(): number {
    const value = this.varint()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  private pass(type: number, depth: number): void {
    switch (type) {
      case TRUE:
      case FALSE:
        return
      case BYTE:
        this.take(1)
        return
      case I16:
      case I32:
      case I64:
        this.integer()
        return
      case DOUBLE:
        this.take(8)
        return
      case BINARY:
        this.binary(type)
        return
      case LIST:
      case SET:
        this.list(LIST, item => this.passItem(item, depth))
        return
      case STRUCT:
        this.struct(() => false, depth + 1)
        return
      default:
        throw new Error('an index has a field of an unknown type')
    }
  }

  /** Flags, which a field holds in its head, are bytes in a list. */
  private passItem(type: number, depth: number): void {
    if (type === TRUE || type === FALSE) this.take(1)
    else if (type === LIST || type === SET) throw new Error('an index has lists of lists')
    else this.pass(type, depth)
  }
}
