/** Thrift's compact protocol as a tree that can be changed and written again: the shape matters, not the meaning. */
export type Thrift = boolean | bigint | Uint8Array | Sequence | Struct

/** A list or set; items of a list of structs are structs. */
export interface Sequence {
  kind: 'list'
  element: number
  items: Thrift[]
}

export interface Struct {
  kind: 'struct'
  fields: Field[]
}

export interface Field {
  id: number
  type: number // as on the wire, booleans as TRUE whatever their value
  value: Thrift
}

export const TRUE = 1
const FALSE = 2
export const BYTE = 3
export const I32 = 5
export const I64 = 6
const DOUBLE = 7
export const BINARY = 8
export const LIST = 9
const SET = 10
export const STRUCT = 12

/** Reads a struct from position `at`; returns it with the position behind it. Throws on bytes that are no struct. */
export function readStruct(bytes: Uint8Array, at: number): { struct: Struct; end: number } {
  const reader = new Reader(bytes, at)
  const struct = reader.struct()
  return { struct, end: reader.at }
}

class Reader {
  constructor(
    private readonly bytes: Uint8Array,
    public at: number,
  ) {}

  struct(): Struct {
    const fields: Field[] = []
    for (let id = 0; ; ) {
      const head = this.byte()
      if (head === 0) return { kind: 'struct', fields }
      id = head >> 4 ? id + (head >> 4) : Number(unzigzag(this.varint()))
      const type = head & 15
      if (type === TRUE || type === FALSE) fields.push({ id, type: TRUE, value: type === TRUE })
      else fields.push({ id, type, value: this.value(type) })
    }
  }

  private value(type: number): Thrift {
    switch (type) {
      case TRUE:
      case FALSE:
        return this.byte() === TRUE
      case BYTE:
        return BigInt(this.byte())
      case 4:
      case I32:
      case I64:
        return unzigzag(this.varint())
      case DOUBLE:
        return this.take(8)
      case BINARY:
        return this.take(Number(this.varint()))
      case LIST:
      case SET: {
        const head = this.byte()
        const count = head >> 4 === 15 ? Number(this.varint()) : head >> 4
        if (count > this.bytes.length) throw new Error('a list is longer than its bytes')
        const element = head & 15
        return { kind: 'list', element, items: Array.from({ length: count }, () => this.value(element)) }
      }
      case STRUCT:
        return this.struct()
      default:
        throw new Error(`Thrift type ${type} at ${this.at}`)
    }
  }

  private byte(): number {
    if (this.at >= this.bytes.length) throw new Error('bytes end within a struct')
    return this.bytes[this.at++]
  }

  private take(length: number): Uint8Array {
    if (this.at + length > this.bytes.length) throw new Error('bytes end within a struct')
    return this.bytes.slice(this.at, (this.at += length))
  }

  private varint(): bigint {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte()
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    throw new Error('an endless varint')
  }
}

const unzigzag = (value: bigint): bigint => (value >> 1n) ^ -(value & 1n)
const zigzag = (value: bigint): bigint => BigInt.asUintN(64, (value << 1n) ^ (value >> 63n))

/** Writes a struct. Ids may be in any order, values beyond their type's range keep their low 64 bits. */
export function writeStruct(struct: Struct): Uint8Array {
  const out: number[] = []
  putStruct(out, struct)
  return Uint8Array.from(out)
}

function putStruct(out: number[], { fields }: Struct): void {
  let last = 0
  for (const { id, type, value } of fields) {
    const wire = typeof value === 'boolean' ? (value ? TRUE : FALSE) : type
    const step = id - last
    if (step > 0 && step < 16) out.push((step << 4) | wire)
    else {
      out.push(wire)
      putVarint(out, zigzag(BigInt(id)))
    }
    last = id
    if (typeof value !== 'boolean') putValue(out, type, value)
  }
  out.push(0)
}

function putValue(out: number[], type: number, value: Thrift): void {
  if (typeof value === 'boolean') out.push(value ? TRUE : FALSE)
  else if (typeof value === 'bigint') {
    if (type === BYTE) out.push(Number(value & 0xffn))
    else putVarint(out, zigzag(BigInt.asIntN(64, value)))
  } else if (value instanceof Uint8Array) {
    if (type === BINARY) putVarint(out, BigInt(value.length))
    for (const byte of value) out.push(byte)
  } else if (value.kind === 'list') {
    const { items, element } = value
    if (items.length < 15) out.push((items.length << 4) | element)
    else {
      out.push(0xf0 | element)
      putVarint(out, BigInt(items.length))
    }
    for (const item of items) putValue(out, element, item)
  } else putStruct(out, value)
}

/** Appends an unsigned LEB128 number. */
export function putVarint(out: number[], value: bigint): void {
  let rest = value
  for (; rest >= 128n; rest >>= 7n) out.push(Number(rest & 0x7fn) | 0x80)
  out.push(Number(rest))
}
