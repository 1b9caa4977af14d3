import { crc32 } from 'node:zlib'
import type { PageHeader } from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'

/** A page as it is stored. */
export interface Frame {
  header: PageHeader
  packed: Uint8Array
}

/** Yields the pages of a column chunk. Throws for one that does not fit, or that fails its checksum. */
export function* framesOf(chunk: Uint8Array): Generator<Frame, void, undefined> {
  for (const frame of boundsOf(chunk)) {
    const { header, packed } = frame
    if (header.crc !== undefined && (crc32(packed) | 0) !== (header.crc | 0))
      throw new Error('a page fails its checksum')
    yield frame
  }
}

/** Returns how many rows a page of a column without nesting states; 0 for a dictionary. */
export function rowsOf(header: PageHeader): number {
  const count = (header.data_page_header ?? header.data_page_header_v2)?.num_values ?? 0
  if (!(count >= 0)) throw new Error(`a page states ${count} values`)
  return count
}

function* boundsOf(chunk: Uint8Array): Generator<Frame, void, undefined> {
  const reader = { view: new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength), offset: 0 }
  while (reader.offset < chunk.byteLength) {
    const header = parquetHeader(reader)
    const size = header.compressed_page_size
    if (!(size >= 0 && size <= chunk.byteLength - reader.offset)) {
      throw new Error(`a page of ${size} bytes does not fit the ${chunk.byteLength - reader.offset} that are left`)
    }
    const packed = chunk.subarray(reader.offset, reader.offset + size)
    reader.offset += size
    yield { header, packed }
  }
}
