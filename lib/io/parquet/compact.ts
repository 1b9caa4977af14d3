const [TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, STRUCT] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12]
const MAX_DEPTH = 8

/**
 * Reads structs of Thrift's compact protocol that nobody has checked: nothing is read beyond the bytes, no number grows
 * beyond 2^53 and no list is longer than its bytes. Throws an Error where something does not add up.
 */
export class CompactReader {
  constructor(
    private readonly bytes: Uint8Array,
    private at = 0,
  ) {}

  /** How many bytes have been read. */
  get position(): number {
    return this.at
  }

  /** Reads a struct: `field` is told each field and reads it, or returns false to have it passed over. */
  struct(field: (id: number, type: number) => boolean, depth = 0): void {
    if (depth > MAX_DEPTH) throw new Error('structs are nested too deep')
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
    if (type !== LIST) throw new Error('a list is missing where one belongs')
    const head = this.byte()
    const size = head >> 4 === 15 ? this.varint() : head >> 4
    if (size > this.bytes.length - this.at) throw new Error(`a list states ${size} items`)
    const items: Item[] = []
    for (let i = 0; i < size; i++) items.push(item(head & 15))
    return items
  }

  /** Reads a list of structs, of each by telling `item` that it is next. */
  structs<Item>(type: number, item: () => Item): Item[] {
    return this.list(type, each => {
      if (each !== STRUCT) throw new Error('a struct is missing where one belongs')
      return item()
    })
  }

  /** Reads a flag of a field. */
  flagOf(type: number): boolean {
    if (type !== TRUE && type !== FALSE) throw new Error('a flag is missing where one belongs')
    return type === TRUE
  }

  /** Reads an integer of a list or a field. */
  whole(type: number): number {
    if (type !== I32 && type !== I64) throw new Error('an integer is missing where one belongs')
    return this.integer()
  }

  /** Reads a flag of a list. */
  flag(type: number): boolean {
    if (type !== TRUE && type !== FALSE) throw new Error('a flag is missing where one belongs')
    return this.byte() === TRUE
  }

  /** Reads a byte string, a view of the bytes. */
  binary(type: number): Uint8Array {
    if (type !== BINARY) throw new Error('bytes are missing where they belong')
    return this.take(this.varint())
  }

  private take(length: number): Uint8Array {
    if (length > this.bytes.length - this.at) throw new Error('bytes end early')
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }

  private byte(): number {
    if (this.at === this.bytes.length) throw new Error('bytes end early')
    return this.bytes[this.at++]
  }

  private varint(): number {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte()
      value += (byte & 127) * factor
      if (value > Number.MAX_SAFE_INTEGER) throw new Error('a number is beyond 2^53')
      if (byte < 128) return value
      if (factor > Number.MAX_SAFE_INTEGER) throw new Error('a number has no end')
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
        while (this.byte() >= 128); // whatever its size
        return
      case DOUBLE:
        this.take(8)
        return
      case BINARY:
        this.take(this.varint())
        return
      case LIST:
      case SET:
        this.list(LIST, item => this.passItem(item, depth))
        return
      case STRUCT:
        this.struct(() => false, depth + 1)
        return
      default:
        throw new Error('a field has an unknown type')
    }
  }

  /** Flags, which a field holds in its head, are bytes in a list. */
  private passItem(type: number, depth: number): void {
    if (type === TRUE || type === FALSE) this.take(1)
    else if (type === LIST || type === SET) throw new Error('lists hold lists')
    else this.pass(type, depth)
  }
}
