import type { Sink, SinkOptions } from '../../core/sink.js'
import { arrowSink } from './arrow.js'
import { csvSink } from './csv.js'
import { ndjsonSink } from './ndjson.js'
import { parquetSink } from './parquet.js'

export type SinkType = 'parquet' | 'arrow' | 'ndjson' | 'csv'

const sinks: Record<SinkType, (options: SinkOptions) => Promise<Sink>> = {
  parquet: parquetSink,
  arrow: arrowSink,
  ndjson: ndjsonSink,
  csv: csvSink,
}

/**
 * Opens a sink for one file. Rows are written as they come, to a temporary name in the same directory; `commit` makes
 * them visible under `options.path`, `abort` removes them. Batches must have the fields of `options.schema`, in order.
 */
export function openSink(type: SinkType, options: SinkOptions): Promise<Sink> {
  return sinks[type](options)
}
