import type { RecordBatch, Schema } from 'apache-arrow'

/** Where finished rows go. `commit` makes them visible in one step; until then, and after `abort`, nothing is. */
export interface Sink {
  write(batch: RecordBatch): Promise<void>
  commit(): Promise<WrittenFile[]>
  abort(reason: unknown): Promise<void>
}

export interface WrittenFile {
  path: string
  bytes: number
  rows: number
}

export interface SinkOptions {
  path: string
  schema: Schema
  compression?: 'snappy' | 'none'
  rowGroupRows?: number
  /** Written to the file's own metadata where the format has one. */
  metadata?: Record<string, string>
  int64?: 'number' | 'string'
}
