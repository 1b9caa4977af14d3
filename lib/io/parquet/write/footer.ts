import type { EncodedChunk } from './chunk.js'
import type { Codec } from './codec.js'
import type { EncodedGroup } from './group.js'
import { columnIndex, offsetIndex } from './page-index.js'
import { ENCODINGS } from './pages.js'
import { STORED, writeSchema } from './schema.js'
import type { WrittenColumn } from './shape.js'
import { ThriftWriter } from './thrift.js'

const CODECS: Record<Codec, number> = { none: 0, snappy: 1, zstd: 6 }
const DATA_PAGE = 0
const DICTIONARY_PAGE = 2

/** What is known of the file besides its row groups. */
export interface FileFacts {
  columns: readonly WrittenColumn[]
  metadata: readonly (readonly [key: string, value: string])[]
  /** Indexes of the columns that rows are sorted by, the first one first; ascending, nulls last. */
  sortedBy: readonly number[]
}

interface Place {
  at: number
  length: number
}

/** An encoded chunk, its pages as the bytes of its indexes: a file of many row groups keeps nothing larger. */
interface ListedChunk extends Omit<EncodedChunk, 'pages' | 'order'> {
  pageCount: number
  columnIndex: Uint8Array | undefined
  offsetIndex: Uint8Array
  columnIndexPlace?: Place
  offsetIndexPlace?: Place
}

interface ListedGroup {
  at: number
  rows: number
  chunks: ListedChunk[]
}

/** Keeps the entries of row groups until the end of the file, where the page indexes and the footer stand. */
export class Footer {
  private readonly groups: ListedGroup[] = []
  private readonly thrift = new ThriftWriter(4096)

  constructor(private readonly facts: FileFacts) {}

  /** Notes a row group whose first byte stands at `at` of the file. */
  add(at: number, { rows, chunks }: EncodedGroup): void {
    const listed = chunks.map(({ pages, order, ...chunk }) => ({
      ...chunk,
      pageCount: pages.length,
      columnIndex: columnIndex(this.thrift, pages, order),
      offsetIndex: offsetIndex(this.thrift, pages, at),
    }))
    this.groups.push({ at, rows, chunks: listed })
  }

  /** Returns everything that follows the row groups, which end at `at`. */
  bytes(at: number): Uint8Array {
    const parts: Uint8Array[] = []
    const place = (bytes: Uint8Array): Place => {
      const placed = { at, length: bytes.length }
      parts.push(bytes)
      at += bytes.length
      return placed
    }
    const chunks = this.groups.flatMap(group => group.chunks)
    for (const chunk of chunks) if (chunk.columnIndex) chunk.columnIndexPlace = place(chunk.columnIndex)
    for (const chunk of chunks) chunk.offsetIndexPlace = place(chunk.offsetIndex)
    const metadata = this.thrift.document(() => this.writeMetadata())
    const end = Buffer.alloc(8)
    end.writeUInt32LE(metadata.length)
    end.write('PAR1', 4, 'latin1')
    return Buffer.concat([...parts, metadata, end])
  }

  private writeMetadata(): void {
    const { thrift, groups } = this
    const { columns, metadata } = this.facts
    const rows = groups.reduce((sum, group) => sum + group.rows, 0)
    thrift.i32(1, 1) // what readers without a later version's features ask for
    writeSchema(thrift, 2, columns)
    thrift.i64(3, rows)
    thrift.structs(4, groups, group => this.writeGroup(group))
    thrift.structs(5, metadata.length > 0 ? metadata : undefined, ([key, value]) => {
      thrift.binary(1, key)
      thrift.binary(2, value)
    })
    thrift.binary(6, 'basalt')
    thrift.structs(7, columns, () => thrift.struct(1, () => {})) // bounds are in the order of the column's type
  }

  private writeGroup({ at, rows, chunks }: ListedGroup): void {
    const { thrift } = this
    const { columns, sortedBy } = this.facts
    thrift.structs(1, chunks, (chunk, i) => {
      thrift.i64(2, at + (chunk.dictionaryAt ?? chunk.dataAt))
      thrift.struct(3, () => this.writeChunk(columns[i], at, rows, chunk))
      thrift.i64(4, chunk.offsetIndexPlace?.at)
      thrift.i32(5, chunk.offsetIndexPlace?.length)
      thrift.i64(6, chunk.columnIndexPlace?.at)
      thrift.i32(7, chunk.columnIndexPlace?.length)
    })
    const sum = (of: (chunk: ListedChunk) => number) => chunks.reduce((total, chunk) => total + of(chunk), 0)
    thrift.i64(
      2,
      sum(chunk => chunk.uncompressed),
    )
    thrift.i64(3, rows)
    thrift.structs(4, sortedBy.length > 0 ? sortedBy : undefined, column => {
      thrift.i32(1, column)
      thrift.bool(2, false)
      thrift.bool(3, false)
    })
    thrift.i64(5, at)
    thrift.i64(
      6,
      sum(chunk => chunk.bytes),
    )
  }

  private writeChunk({ name, type }: WrittenColumn, at: number, rows: number, chunk: ListedChunk): void {
    const { thrift } = this
    const { dictionaryAt, encoding, least, greatest } = chunk
    thrift.i32(1, STORED[type].physical)
    const used = new Set([encoding, 'RLE', ...(dictionaryAt === undefined ? [] : ['PLAIN'])] as (typeof encoding)[])
    thrift.i32s(
      2,
      Array.from(used, each => ENCODINGS[each]),
    )
    thrift.binaries(3, [name])
    thrift.i32(4, CODECS[chunk.codec])
    thrift.i64(5, rows)
    thrift.i64(6, chunk.uncompressed)
    thrift.i64(7, chunk.bytes)
    thrift.i64(9, at + chunk.dataAt)
    thrift.i64(11, dictionaryAt === undefined ? undefined : at + dictionaryAt)
    thrift.struct(12, () => {
      thrift.i64(3, chunk.nulls)
      thrift.binary(5, greatest?.bytes)
      thrift.binary(6, least?.bytes)
      thrift.bool(7, greatest?.exact)
      thrift.bool(8, least?.exact)
    })
    const dictionary = { type: DICTIONARY_PAGE, encoding: 'PLAIN' as const, count: 1 }
    const data = { type: DATA_PAGE, encoding, count: chunk.pageCount }
    thrift.structs(13, dictionaryAt === undefined ? [data] : [dictionary, data], ({ type, encoding, count }) => {
      thrift.i32(1, type)
      thrift.i32(2, ENCODINGS[encoding])
      thrift.i32(3, count)
    })
  }
}
