import type { Chunk, DataFile, Partial, PassPlan, ScanRequest, Wanted } from '../core/index.js'

/** Reads one row group as canonical chunks. The engine is given it, so units do not know where bytes come from. */
export type Scan = (
  request: ScanRequest,
  signal?: AbortSignal,
  options?: { onNonFinite?: (column: string, count: number) => void; onUnread?: (rows: number) => void },
) => AsyncIterable<Chunk>

/** A chunk and where its rows are in their row group. */
export interface PlacedChunk {
  chunk: Chunk
  /** The number of the first row. */
  first: number
  /** The number of each row, where they need not follow one another. */
  numbers: Int32Array | null
}

/** What reading told beside rows: values that are not finite, by column, and rows that were not read. */
export type Told = Pick<Partial, 'nonFinite'> & { unread: number }

/** Reads what a pass needs of a row group from its file; `told` is added to. */
export async function* chunksOfFile(
  { pass, file, batchRows }: { pass: PassPlan; file: DataFile; batchRows: number },
  rowGroup: number,
  wanted: Wanted | undefined,
  { scan, signal }: { scan: Scan; signal?: AbortSignal },
  told: Told,
): AsyncGenerator<PlacedChunk> {
  let first = 0
  const chunks = scan({ file, rowGroup, columns: pass.bindings, batchRows, wanted }, signal, {
    onNonFinite: (column, count) => {
      told.nonFinite[column] = (told.nonFinite[column] ?? 0) + count
    },
    onUnread: rows => {
      first += rows
      told.unread += rows
    },
  })
  for await (const chunk of chunks) {
    yield { chunk, first, numbers: null }
    first += chunk.rows
  }
}
