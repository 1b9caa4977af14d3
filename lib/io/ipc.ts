import { type RecordBatch, RecordBatchStreamWriter, type Schema } from 'apache-arrow'
import { selected } from '../core/batch.js'
import { BasaltError } from '../core/error.js'
import { plain, plainSchema } from '../core/plain.js'
import type { Encoder } from './text.js'

/**
 * Returns an encoder of one Arrow IPC stream: schema, batches, end mark. Code columns leave as plain strings, because
 * streams whose dictionaries grow are read differently by different libraries.
 */
export function arrowEncoder(): Encoder {
  const writer = new MessageWriter()
  return {
    start: schema => writer.open(plainSchema(schema)),
    batch: batch => writer.message(plain(batch)),
    end: () => writer.finishStream(),
  }
}

/** Encodes one column of a batch as an Arrow IPC stream of its own; text keeps its dictionary. */
export function columnStream(batch: RecordBatch, name: string): Uint8Array {
  const writer = new MessageWriter()
  const alone = selected(batch, [name])
  return Buffer.concat([writer.open(alone.schema), writer.message(alone), writer.finishStream()])
}

/** Arrow's own stream writer queues without bound; this one hands over the bytes of each message as it is made. */
class MessageWriter extends RecordBatchStreamWriter {
  private parts: Uint8Array[] = []

  constructor() {
    super({ autoDestroy: false })
  }

  open(schema: Schema): Uint8Array {
    this._started = true
    this._schema = schema
    this._writeSchema(schema)
    return this.taken()
  }

  message(batch: RecordBatch): Uint8Array {
    if (!this._schema) throw new BasaltError('internal', 'an Arrow stream was given a batch before its schema')
    this._writeRecordBatch(batch)
    return this.taken()
  }

  finishStream(): Uint8Array {
    if (this._schema) this._writeFooter(this._schema)
    return this.taken()
  }

  protected override _write(chunk: Parameters<RecordBatchStreamWriter['_write']>[0]): this {
    const view = chunk as Uint8Array
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
    if (bytes.length > 0) this.parts.push(bytes)
    this._position += bytes.length
    return this
  }

  private taken(): Uint8Array {
    const bytes = Buffer.concat(this.parts)
    this.parts = []
    this._recordBatchBlocks = [] // the file format's index, which a stream does not have and must not gather
    return bytes
  }
}
