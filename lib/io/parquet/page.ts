import type { CompressionCodec, Encoding } from 'hyparquet'
import type { Memory } from '../../wasm/memory.js'
import type { Scratch } from '../../wasm/scratch.js'
import { checkSize, unpack } from './codec.js'
import type { Frame } from './frames.js'
import { rowsOf } from './frames.js'

/** A page of rows, unpacked. */
export interface DataPage {
  rows: number
  encoding: Encoding
  /** Definition levels; null where the column has none. */
  levels: { bytes: Uint8Array; bitPacked: boolean } | null
  body: Uint8Array
  nulls: number | null // as stated, null where it is not
}

/** Unpacks pages, one after another, into one buffer: a page is gone when the next one comes. */
export class PageUnpacker {
  constructor(
    private readonly memory: Memory,
    private readonly codec: CompressionCodec,
    private readonly buffer: Scratch<Uint8Array>,
  ) {}

  /** Unpacks a data page of either version. Everything that its header states is checked; throws on damage. */
  data(frame: Frame, nullable: boolean): DataPage {
    return frame.header.type === 'DATA_PAGE' ? this.first(frame, nullable) : this.second(frame, nullable)
  }

  /** Unpacks bytes that state to be `size`. */
  bytes(packed: Uint8Array, size: number, codec = this.codec): Uint8Array {
    checkSize(packed, size, codec)
    if (codec === 'UNCOMPRESSED' || size === 0) return packed.subarray(0, size)
    const to = this.buffer.of(size)
    unpack(this.memory, packed, to, codec)
    return to
  }

  private first({ header, packed }: Frame, nullable: boolean): DataPage {
    const facts = header.data_page_header
    if (!facts) throw new Error('a data page has no header')
    const rows = rowsOf(header)
    const { encoding } = facts
    const page = this.bytes(packed, header.uncompressed_page_size)
    if (!nullable) return { rows, encoding, levels: null, body: page, nulls: null }
    const bitPacked = facts.definition_level_encoding === 'BIT_PACKED'
    if (!bitPacked && page.length < 4) throw new Error('a data page ends before its levels')
    const start = bitPacked ? 0 : 4
    const size = bitPacked ? Math.ceil(rows / 8) : new DataView(page.buffer, page.byteOffset).getUint32(0, true)
    if (size > page.length - start) throw new Error(`levels of ${size} bytes do not fit a page of ${page.length}`)
    const end = start + size
    const levels = { bytes: page.subarray(start, end), bitPacked }
    return { rows, encoding, levels, body: page.subarray(end), nulls: null }
  }

  private second({ header, packed }: Frame, nullable: boolean): DataPage {
    const facts = header.data_page_header_v2
    if (!facts) throw new Error('a data page has no header')
    const { encoding, num_nulls: nulls } = facts
    const { repetition_levels_byte_length: repeated, definition_levels_byte_length: defined } = facts
    const start = repeated + defined
    if (!(repeated >= 0 && defined >= 0 && start <= packed.length)) {
      throw new Error(`levels of ${start} bytes do not fit a page of ${packed.length}`)
    }
    const codec = facts.is_compressed === false ? 'UNCOMPRESSED' : this.codec
    const body = this.bytes(packed.subarray(start), header.uncompressed_page_size - start, codec)
    const levels = nullable ? { bytes: packed.subarray(repeated, start), bitPacked: false } : null
    return { rows: rowsOf(header), encoding, levels, body, nulls: nullable ? nulls : null }
  }
}
