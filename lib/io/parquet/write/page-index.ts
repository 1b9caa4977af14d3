import type { BoundaryOrder, EncodedPage } from './chunk.js'
import type { ThriftWriter } from './thrift.js'

const ORDERS: Record<BoundaryOrder, number> = { unordered: 0, ascending: 1, descending: 2 }

/**
 * Returns the column index of a chunk: bounds and nulls of each page. A page of NaN alone has no bounds and is not null,
 * which an index cannot say: such a chunk has none.
 */
export function columnIndex(
  thrift: ThriftWriter,
  pages: readonly EncodedPage[],
  order: BoundaryOrder,
): Uint8Array | undefined {
  if (pages.some(page => !page.least && page.nulls < page.rows)) return undefined
  const empty = new Uint8Array(0)
  const list = <Item>(of: (page: EncodedPage) => Item) => pages.map(of)
  const bytes = thrift.document(() => {
    thrift.bools(
      1,
      list(page => !page.least),
    )
    thrift.binaries(
      2,
      list(page => page.least ?? empty),
    )
    thrift.binaries(
      3,
      list(page => page.greatest ?? empty),
    )
    thrift.i32(4, ORDERS[order])
    thrift.i64s(
      5,
      list(page => page.nulls),
    )
  })
  return Uint8Array.from(bytes)
}

/** Returns the offset index of a chunk: where each page lies, in a row group that begins at `start`. */
export function offsetIndex(thrift: ThriftWriter, pages: readonly EncodedPage[], start: number): Uint8Array {
  const bytes = thrift.document(() =>
    thrift.structs(1, pages, ({ at, bytes, firstRow }) => {
      thrift.i64(1, start + at)
      thrift.i32(2, bytes)
      thrift.i64(3, firstRow)
    }),
  )
  return Uint8Array.from(bytes)
}
