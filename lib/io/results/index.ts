import { extname } from 'node:path'
import type { ColumnType } from '../../core/batch.js'
import type { Chunk } from '../../core/chunk.js'
import { BasaltError } from '../../core/error.js'
import { openArrow } from './arrow.js'
import { openCsv } from './csv.js'
import { openNdjson } from './ndjson.js'
import { openParquet } from './parquet.js'

/** A file that a run wrote. It is read anew by every call of `chunks`. */
export interface ResultFile {
  columns: ResultColumn[]
  /**
   * Reads columns, all rows in the order of the file. `listing` lets a reader leave out rows of other listings; none has
   * to. Text formats hand out every value as text. Chunks are borrowed: the next may take the memory of the one before.
   */
  chunks(names: readonly string[], listing?: string): AsyncGenerator<Chunk, void, undefined>
}

export interface ResultColumn {
  name: string
  /** Null for types that Basalt does not write. Of text formats, what the first rows look like. */
  type: ColumnType | null
}

const readers: Record<string, (path: string) => Promise<ResultFile>> = {
  '.parquet': openParquet,
  '.arrow': openArrow,
  '.ipc': openArrow,
  '.csv': openCsv,
  '.ndjson': openNdjson,
  '.jsonl': openNdjson,
}

/** What the names of files end in that `openResult` reads. */
export const RESULT_ENDINGS: readonly string[] = Object.keys(readers)

/** Tells whether a path ends as the files do that `openResult` reads. */
export const isResult = (path: string): boolean => RESULT_ENDINGS.includes(extname(path).toLowerCase())

/**
 * Opens a file of results by what its name ends in: Parquet, Arrow IPC, CSV or NDJSON. A missing file is an `io` fault,
 * one that is damaged a `data` fault, another name a `config` fault.
 */
export function openResult(path: string): Promise<ResultFile> {
  const open = readers[extname(path).toLowerCase()]
  if (!open) {
    const problem = `is no file of results by its name, which ends in ${RESULT_ENDINGS.join(', ')}`
    throw new BasaltError('config', problem, { file: path })
  }
  return open(path)
}
