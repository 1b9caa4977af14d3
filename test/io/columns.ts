import { ColumnReader } from '../../lib/io/parquet/reader.js'
import { memory } from '../../lib/wasm/memory.js'
import { type Cell, type Form, leafOf, metaOf } from './pages.js'

/**
 * Reads a chunk in vectors of the sizes that `next` returns, where the page has so many rows left. Throws as the reader
 * does. A null row that does not hold 0 is a cell of its own.
 */
export function cellsOf(bytes: Uint8Array, form: Form, rows: number, next: () => number): Cell[] {
  const chunk = memory().u8(bytes.length)
  chunk.set(bytes)
  const reader = new ColumnReader(memory(), chunk, leafOf(form), metaOf(form.codec), rows)
  const cells: Cell[] = []
  try {
    while (reader.advance()) {
      while (reader.ahead > 0) {
        const { rows: n, codes, values, valid } = reader.read(Math.min(reader.ahead, next()))
        for (let i = 0; i < n; i++) {
          const held = (codes ?? values)![i]
          if (valid && !valid[i]) cells.push(held === 0 || held === 0n ? null : 'a null row holds something')
          else cells.push(codes ? entryOf(reader, codes[i]) : held)
        }
      }
    }
    return cells
  } finally {
    reader.close()
    memory().free(chunk)
  }
}

/** Returns what a code of a reader stands for. */
export function entryOf({ dictionary }: ColumnReader, code: number): Cell {
  return dictionary!.values ? dictionary!.values[code] : Buffer.from(dictionary!.entries[code]).toString('latin1')
}
