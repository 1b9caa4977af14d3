import type { ColumnChunk } from 'hyparquet'
import { convertMetadata } from 'hyparquet/src/metadata.js'
import type { Hint } from '../../core/dataset.js'
import type { ByteSource } from '../bytes.js'
import { CompactReader } from './compact.js'
import { boundOf } from './footer.js'
import { chunkRange, type Leaf } from './leaf.js'
import { RAW } from './raw-bounds.js'

/** Where a page of rows stands in the file, header included, and which rows of its row group it has. */
export interface PagePlace {
  at: number
  bytes: number
  firstRow: number
  rows: number
}

const MAX_BYTES = 2 ** 22 // of one index: that of a row group with a hundred thousand pages

/**
 * Reads where the pages of a chunk stand. Undefined where the file does not tell, or tells what cannot be: pages must
 * follow one another without a gap up to the chunk's end, and so must their rows. An index is an offer, not a need: one
 * that is damaged is not used, and the chunk is read as a whole.
 */
export async function pagePlacesOf(
  source: ByteSource,
  chunk: ColumnChunk,
  rows: number,
): Promise<PagePlace[] | undefined> {
  return offered(async () => {
    const bytes = await indexBytes(source, chunk.offset_index_offset, chunk.offset_index_length)
    return bytes && placesIn(bytes, chunk, rows)
  })
}

function placesIn(bytes: Uint8Array, { meta_data: meta }: ColumnChunk, rows: number): PagePlace[] | undefined {
  const reader = new CompactReader(bytes)
  let pages: PagePlace[] = []
  const place = (): PagePlace => {
    const page = { at: -1, bytes: -1, firstRow: -1, rows: 0 }
    reader.struct((id, type) => {
      if (id === 1) page.at = reader.whole(type)
      else if (id === 2) page.bytes = reader.whole(type)
      else if (id === 3) page.firstRow = reader.whole(type)
      return id >= 1 && id <= 3
    })
    return page
  }
  reader.struct((id, type) => {
    if (id === 1) pages = reader.list(type, place)
    return id === 1
  })
  if (!meta || pages.length === 0) return undefined
  const { start, end } = chunkRange(meta)
  let at = pages[0].at
  if (!(at >= start) || pages[0].firstRow !== 0) return undefined
  for (const [i, page] of pages.entries()) {
    page.rows = (pages[i + 1]?.firstRow ?? rows) - page.firstRow
    if (page.at !== at || !(page.bytes > 0) || !(page.rows > 0)) return undefined
    at += page.bytes
  }
  return at === end ? pages : undefined
}

/** Reads what the file says of each page's values; undefined where it says nothing, or what cannot be. */
export async function pageHintsOf(
  source: ByteSource,
  chunk: ColumnChunk,
  leaf: Leaf,
  pages: readonly PagePlace[],
): Promise<Hint[] | undefined> {
  return offered(async () => {
    const bytes = await indexBytes(source, chunk.column_index_offset, chunk.column_index_length)
    return bytes && hintsIn(bytes, leaf, pages)
  })
}

function hintsIn(bytes: Uint8Array, leaf: Leaf, pages: readonly PagePlace[]): Hint[] | undefined {
  const reader = new CompactReader(bytes)
  let empty: boolean[] = []
  let least: Uint8Array[] = []
  let greatest: Uint8Array[] = []
  let nulls: number[] | undefined
  reader.struct((id, type) => {
    if (id === 1) empty = reader.list(type, each => reader.flag(each))
    else if (id === 2) least = reader.list(type, each => reader.binary(each))
    else if (id === 3) greatest = reader.list(type, each => reader.binary(each))
    else if (id === 5) nulls = reader.list(type, each => reader.whole(each))
    return id <= 3 || id === 5
  })
  const { length } = pages
  if ([empty, least, greatest, nulls ?? empty].some(list => list.length !== length)) return undefined
  return pages.map(({ rows }, i) => {
    const count = empty[i] ? rows : nulls?.[i]
    if (empty[i]) return nulls && nulls[i] !== rows ? {} : { nulls: rows }
    const [min, max] = [least[i], greatest[i]].map(bound => boundOf(leaf, convertMetadata(bound, leaf.element, RAW)))
    const known = count === undefined || count < 0 || count >= rows ? {} : { nulls: count }
    // Of doubles one bound that is NaN makes the other one doubtful.
    if (leaf.kind === 'double' && (min === undefined || max === undefined)) return known
    return { ...known, ...(min !== undefined && { min }), ...(max !== undefined && { max }) }
  })
}

async function indexBytes(source: ByteSource, offset: bigint | undefined, length: number | undefined) {
  const start = Number(offset ?? -1)
  if (!(start > 0 && length !== undefined && length > 0 && length <= MAX_BYTES)) return undefined
  if (!(start + length <= source.byteLength)) return undefined
  return new Uint8Array(await source.slice(start, start + length))
}

/** Runs what reads an index; whatever is wrong with it, there is none. */
async function offered<T>(read: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await read()
  } catch {
    return undefined
  }
}
