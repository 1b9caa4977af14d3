import { crc32 } from 'node:zlib'
import { COMPRESSORS, type Codec } from './codec.js'
import type { DataEncoding } from './coding.js'
import type { Room } from './room.js'
import { ThriftWriter } from './thrift.js'

/** Encodings as the format numbers them. */
export const ENCODINGS: Record<DataEncoding, number> = { PLAIN: 0, RLE: 3, DELTA_BINARY_PACKED: 5, RLE_DICTIONARY: 8 }

/** The bytes of a row group as they grow. */
export class GroupBytes {
  length = 0
  private bytes: Uint8Array<ArrayBuffer>

  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity)
  }

  append(part: Uint8Array): void {
    const end = this.length + part.length
    if (end > this.bytes.length) {
      const grown = new Uint8Array(Math.max(end, this.bytes.length * 2))
      grown.set(this.bytes.subarray(0, this.length))
      this.bytes = grown
    }
    this.bytes.set(part, this.length)
    this.length = end
  }

  /** Returns the bytes; their buffer may be longer, by pages that were never touched and take no memory. */
  taken(): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(0, this.length)
  }
}

/** The body of a page as it is stored, and its size before compression. */
export interface Packed {
  bytes: Uint8Array
  size: number
}

/** Compresses a body that lies in the room's memory into the array of that name; `none` leaves it where it is. */
export function packed(room: Room, codec: Codec, body: Uint8Array, name: 'packed' | 'trial'): Packed {
  if (codec === 'none') return { bytes: body, size: body.length }
  const { compress, bound } = COMPRESSORS[codec]
  const into = room.bytes(name, bound(body.length))
  return { bytes: into.subarray(0, compress(room.memory, body, into)), size: body.length }
}

/** Writes the pages of one chunk behind each other: header, checksum, body. */
export class PageWriter {
  /** Bytes of all pages, were their bodies not compressed. */
  uncompressed = 0
  private readonly header = new ThriftWriter()

  constructor(private readonly out: GroupBytes) {}

  dictionary(body: Packed, entries: number): void {
    this.page(2, body, thrift =>
      thrift.struct(7, () => {
        thrift.i32(1, entries)
        thrift.i32(2, ENCODINGS.PLAIN)
      }),
    )
  }

  data(body: Packed, rows: number, encoding: DataEncoding): void {
    this.page(0, body, thrift =>
      thrift.struct(5, () => {
        thrift.i32(1, rows)
        thrift.i32(2, ENCODINGS[encoding])
        thrift.i32(3, ENCODINGS.RLE)
        thrift.i32(4, ENCODINGS.RLE)
      }),
    )
  }

  private page(type: number, { bytes, size }: Packed, facts: (thrift: ThriftWriter) => void): void {
    const header = this.header.document(() => {
      this.header.i32(1, type)
      this.header.i32(2, size)
      this.header.i32(3, bytes.length)
      this.header.i32(4, crc32(bytes) | 0)
      facts(this.header)
    })
    this.out.append(header)
    this.out.append(bytes)
    this.uncompressed += header.length + size
  }
}
