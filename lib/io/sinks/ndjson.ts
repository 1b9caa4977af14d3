import type { Sink, SinkOptions } from '../../core/sink.js'
import { encoderFor } from '../text.js'
import { encodedSink } from './encoded.js'

/** Opens a sink of newline-delimited JSON, UTF-8, one object a row. */
export const ndjsonSink = (options: SinkOptions): Promise<Sink> => encodedSink(encoderFor('ndjson', options), options)
