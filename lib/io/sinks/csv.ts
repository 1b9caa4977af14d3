import type { Sink, SinkOptions } from '../../core/sink.js'
import { encoderFor } from '../text.js'
import { encodedSink } from './encoded.js'

/** Opens a sink of RFC 4180 text, UTF-8, with a header. */
export const csvSink = (options: SinkOptions): Promise<Sink> => encodedSink(encoderFor('csv', options), options)
