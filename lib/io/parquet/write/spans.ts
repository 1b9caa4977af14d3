import { countSet } from '../../../wasm/encode.js'
import { sizedRuns } from './numbers.js'
import type { Room } from './room.js'

const PAGE_ROWS = 32_768 // a page is what a reader can skip: few bits a value do not make it longer

/** Rows of a page, and which of the present values they have. */
export interface Span {
  firstRow: number
  rows: number
  from: number
  to: number
}

/** Returns the rows of a page whose values take `bits` on average. */
export function pageRows(bits: number, pageBytes: number): number {
  const rows = Math.min(PAGE_ROWS, Math.floor((pageBytes * 8) / Math.max(bits, 0.01)))
  // Round numbers of rows: pages of most columns then begin at the same rows.
  return rows >= 1024 ? rows - (rows % 1024) : Math.max(1, rows)
}

/** Cuts rows into pages. `valid` is null when every row is present. */
export function pagesOf({ memory }: Room, valid: Uint8Array | null, rows: number, size: number): Span[] {
  const pages: Span[] = []
  let from = 0
  for (let firstRow = 0; firstRow < rows; firstRow += size) {
    const count = Math.min(size, rows - firstRow)
    const to = from + (valid ? countSet(memory, valid.subarray(firstRow, firstRow + count)) : count)
    pages.push({ firstRow, rows: count, from, to })
    from = to
  }
  return pages
}

/** Writes a page's definition levels, their length before them, and returns the bytes written. */
export function writeLevels(
  room: Room,
  valid: Uint8Array | null,
  { firstRow, rows, from, to }: Span,
  into: Uint8Array,
): number {
  if (valid && to - from < rows) return sizedRuns(room, valid.subarray(firstRow, firstRow + rows), into)
  let at = 4
  for (let run = rows * 2; ; run >>>= 7) {
    into[at++] = run > 0x7f ? (run & 0x7f) | 0x80 : run
    if (run <= 0x7f) break
  }
  into[at++] = 1
  new DataView(into.buffer, into.byteOffset).setUint32(0, at - 4, true)
  return at
}
