import { Schema } from 'apache-arrow'
import type { Sink, SinkOptions } from '../../core/sink.js'
import { arrowFileEncoder } from '../ipc.js'
import { encodedSink } from './encoded.js'

/** Opens a sink of one Arrow IPC file; `metadata` joins the schema's own. */
export function arrowSink(options: SinkOptions): Promise<Sink> {
  const { fields, metadata } = options.schema
  const schema = new Schema(fields, new Map([...metadata, ...Object.entries(options.metadata ?? {})]))
  return encodedSink(arrowFileEncoder(), { ...options, schema })
}
