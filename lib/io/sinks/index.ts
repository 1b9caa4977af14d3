import type { Sink } from '../../core/sink.js'
import { arrowSink } from './arrow.js'
import { csvSink } from './csv.js'
import { ndjsonSink } from './ndjson.js'
import { type ParquetSinkOptions, parquetSink } from './parquet.js'

export type SinkType = 'parquet' | 'arrow' | 'ndjson' | 'csv'

const sinks: Record<SinkType, (options: ParquetSinkOptions) => Promise<Sink>> = {
  parquet: parquetSink,
  arrow: arrowSink,
  ndjson: ndjsonSink,
  csv: csvSink,
}

/**
 * Opens a sink for one file. Rows are written as they come, to a temporary name in the same directory; `commit` makes
 * them visible under `options.path`, `abort` removes them. Batches must have the fields of `options.schema`, in order.
 * `options.encode` is for Parquet: the other formats are written by this thread.
 */
export function openSink(type: SinkType, options: ParquetSinkOptions): Promise<Sink> {
  return sinks[type](options)
}
