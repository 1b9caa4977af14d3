import type { Column } from '../../../core/batch.js'
import type { Where } from '../../../core/error.js'
import { type EncodedChunk, type EncodeOptions, encodeChunk } from './chunk.js'
import { GroupBytes } from './pages.js'
import { ownRoom } from './room.js'
import type { WrittenColumn } from './shape.js'

/** A row group as bytes, and what the footer says about it: plain data. `bytes.buffer` is its own, to be transferred. */
export interface EncodedGroup {
  bytes: Uint8Array<ArrayBuffer>
  rows: number
  chunks: EncodedChunk[]
}

/** What a row group is encoded from: the first `rows` rows of each column. */
export type GroupToEncode = [
  columns: readonly WrittenColumn[],
  data: readonly Column[],
  rows: number,
  options: EncodeOptions,
]

/** Turns a row group into bytes, on this thread or another one. `place` says which one it is, where that is known. */
export type EncodeGroup = (...group: [...GroupToEncode, place?: Where]) => Promise<EncodedGroup>

/**
 * Encodes the first `rows` rows of each column. The bytes depend on the rows and the options alone: values of null rows
 * and words that no row has leave no trace. A column without nulls in its type must have none; words must differ.
 */
export function encodeRowGroup(...[columns, data, rows, options]: GroupToEncode): EncodedGroup {
  const room = ownRoom()
  const out = new GroupBytes(rows * columns.length + 65_536)
  const chunks = columns.map((column, i) => encodeChunk(room, out, column, data[i], rows, options))
  return { bytes: out.taken(), rows, chunks }
}
