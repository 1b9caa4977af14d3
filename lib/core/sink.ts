import type { RecordBatch, Schema } from 'apache-arrow'

/**
 * Where finished rows go. `commit` makes them visible in one step; until then, and after `abort`, nothing is. `finish`
 * ends what is written and lets go of memory and handles, where rows have to wait before they may be seen.
 */
export interface Sink {
  write(batch: RecordBatch): Promise<void>
  finish?(): Promise<void>
  commit(): Promise<WrittenFile[]>
  abort(reason: unknown): Promise<void>
}

export interface WrittenFile {
  path: string
  bytes: number
  rows: number
  sha256: string // of the file's bytes, in hex
}

export interface SinkOptions {
  path: string
  schema: Schema
  compression?: 'snappy' | 'zstd' | 'none'
  rowGroupRows?: number
  /** Columns that rows are sorted by, the first one first: ascending, nulls last. Noted where the format can say it. */
  sortedBy?: readonly string[]
  /** Written to the file's own metadata where the format has one. */
  metadata?: Record<string, string>
  int64?: 'number' | 'string'
}
