import { crc32 } from 'node:zlib'
import { copied, dropFields, intOf, setField, structOf, structsOf } from './struct.js'
import { I32, I64, readStruct, type Struct, writeStruct } from './thrift.js'

/** One page as stored: its header and the bytes behind it. */
export interface PagePart {
  /** Whether it was read as a dictionary: a header that says otherwise moves no offset. */
  dictionary: boolean
  header: Struct
  body: Uint8Array // compressed, levels of the second version in front
}

/** The pages of one column chunk. */
export interface ChunkPart {
  group: number
  column: number // position within its row group
  pages: PagePart[]
}

/** A file in parts that can be changed and put together again. */
export interface Parts {
  chunks: ChunkPart[]
  footer: Struct
}

// Ids of Thrift fields, named as parquet.thrift names them.
export const FILE = { schema: 2, numRows: 3, rowGroups: 4 } as const
export const GROUP = { columns: 1, totalByteSize: 2, numRows: 3, fileOffset: 5, totalCompressed: 6 } as const
export const CHUNK = { fileOffset: 2, meta: 3, offsetIndex: [4, 5], columnIndex: [6, 7] } as const
export const META = {
  type: 1,
  codec: 4,
  numValues: 5,
  uncompressed: 6,
  compressed: 7,
  data: 9,
  dictionary: 11,
} as const
const BLOOM = [14, 15]
export const PAGE = { type: 1, uncompressed: 2, compressed: 3, crc: 4, data: 5, dictionary: 7, second: 8 } as const

/**
 * Takes a file apart. Page indexes and bloom filters, which neither reader looks at, are left out. Undefined where the
 * bytes are no Parquet file that this can walk: mutants of it are made from its bytes alone.
 */
export function partsOf(file: Uint8Array): Parts | undefined {
  try {
    const footer = footerOf(file)
    const chunks = structsOf(footer, FILE.rowGroups).flatMap((row, group) =>
      structsOf(row, GROUP.columns).map((chunk, column) => {
        const meta = structOf(chunk, CHUNK.meta)!
        dropFields(chunk, ...CHUNK.offsetIndex, ...CHUNK.columnIndex)
        dropFields(meta, ...BLOOM)
        return { group, column, pages: pagesOf(file, meta) }
      }),
    )
    return { chunks, footer }
  } catch {
    return undefined
  }
}

/** Reads a file's footer. Throws where there is none. */
export function footerOf(file: Uint8Array): Struct {
  const length = new DataView(file.buffer, file.byteOffset).getUint32(file.length - 8, true)
  return readStruct(file, file.length - 8 - length).struct
}

function pagesOf(file: Uint8Array, meta: Struct): PagePart[] {
  const data = intOf(meta, META.data)!
  const dictionary = intOf(meta, META.dictionary) ?? 0
  let at = dictionary > 0 && dictionary < data ? dictionary : data
  const end = at + intOf(meta, META.compressed)!
  const pages: PagePart[] = []
  while (at < end) {
    const { struct: header, end: start } = readStruct(file, at)
    const size = intOf(header, PAGE.compressed)!
    if (!(size >= 0 && start + size <= file.length)) throw new Error(`a page of ${size} bytes`)
    at = start + size
    pages.push({ dictionary: intOf(header, PAGE.type) === 2, header, body: file.slice(start, at) })
  }
  return pages
}

/** Copies parts, all but the page bodies: who changes a body replaces it. */
export function copyOf({ chunks, footer }: Parts): Parts {
  return {
    chunks: chunks.map(chunk => ({
      ...chunk,
      pages: chunk.pages.map(page => ({ ...page, header: copied(page.header) })),
    })),
    footer: copied(footer),
  }
}

/** Returns the row group and the metadata that the footer has for a chunk; undefined where it has none. */
export function metaOf(footer: Struct, { group, column }: Pick<ChunkPart, 'group' | 'column'>): Struct | undefined {
  const row = structsOf(footer, FILE.rowGroups)[group]
  const chunk = row && structsOf(row, GROUP.columns)[column]
  return chunk && structOf(chunk, CHUNK.meta)
}

/** Makes a page header state its body: compressed size, and the checksum where there is one. */
export function resealed({ header, body }: PagePart): void {
  setField(header, PAGE.compressed, I32, BigInt(body.length))
  if (intOf(header, PAGE.crc) !== undefined) setField(header, PAGE.crc, I32, BigInt(crc32(body) | 0))
}

/** Lays pages out one behind the other and writes their places into the footer. Returns the bytes in front of it. */
export function laidOut({ chunks, footer }: Parts): Uint8Array[] {
  const blocks: Uint8Array[] = [Buffer.from('PAR1')]
  let at = 4
  for (const chunk of chunks) {
    const start = at
    let dictionary = false
    let data: number | undefined
    for (const { header, body, dictionary: isDictionary } of chunk.pages) {
      if (isDictionary) dictionary = true
      else data ??= at
      const head = writeStruct(header)
      blocks.push(head, body)
      at += head.length + body.length
    }
    const meta = metaOf(footer, chunk)
    if (!meta) continue
    setField(meta, META.data, I64, BigInt(data ?? start))
    if (dictionary) setField(meta, META.dictionary, I64, BigInt(start))
    else dropFields(meta, META.dictionary)
    setField(meta, META.compressed, I64, BigInt(at - start))
  }
  return blocks
}

/** Writes the whole file: blocks, footer, its length, magic. */
export function assembled(blocks: Uint8Array[], footer: Struct): Buffer {
  const foot = writeStruct(footer)
  const tail = Buffer.alloc(8, 'PAR1')
  tail.writeUInt32LE(foot.length)
  tail.write('PAR1', 4)
  return Buffer.concat([...blocks, foot, tail])
}
