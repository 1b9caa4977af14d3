import { type RecordBatch, RecordBatchFileWriter, RecordBatchStreamWriter, type Schema } from 'apache-arrow'
import { selected } from '../core/batch.js'
import { BasaltError } from '../core/error.js'
import { plain, plainSchema } from '../core/plain.js'
import type { Encoder } from './text.js'

/**
 * Returns an encoder of one Arrow IPC stream: schema, batches, end mark. Code columns leave as plain strings, because
 * streams whose dictionaries grow are read differently by different libraries.
 */
export const arrowEncoder = (): Encoder => encoderOver(new Messages(new RecordBatchStreamWriter()))

/** Returns an encoder of an Arrow IPC file: a stream with an index behind it, which readers map and read in any order. */
export const arrowFileEncoder = (): Encoder => encoderOver(new Messages(new FileWriter()))

function encoderOver(messages: Messages): Encoder {
  return {
    start: schema => messages.open(plainSchema(schema)),
    batch: batch => messages.batch(plain(batch)),
    end: () => messages.end(),
  }
}

/** Encodes one column of a batch as an Arrow IPC stream of its own; text keeps its dictionary. */
export function columnStream(batch: RecordBatch, name: string): Uint8Array {
  const messages = new Messages(new RecordBatchStreamWriter())
  const alone = selected(batch, [name])
  return Buffer.concat([messages.open(alone.schema), messages.batch(alone), messages.end()])
}

/** What a writer of Arrow's does at each step; its own `write` queues without bound. */
interface Steps {
  _started: boolean
  _schema: Schema | null
  _position: number
  _recordBatchBlocks: unknown[]
  _write(chunk: ArrayBufferView): unknown
  _writeSchema(schema: Schema): unknown
  _writeRecordBatch(batch: RecordBatch): unknown
  _writeFooter(schema: Schema): unknown
}

/** Hands over the bytes of each message as it is made. */
class Messages {
  private readonly steps: Steps
  private parts: Uint8Array[] = []

  constructor(private readonly writer: RecordBatchStreamWriter | RecordBatchFileWriter) {
    this.steps = writer as unknown as Steps
    this.steps._write = ({ buffer, byteOffset, byteLength }) => {
      if (byteLength > 0) this.parts.push(new Uint8Array(buffer, byteOffset, byteLength))
      this.steps._position += byteLength
      return writer
    }
  }

  open(schema: Schema): Uint8Array {
    this.steps._started = true
    this.steps._schema = schema
    this.steps._writeSchema(schema)
    return this.taken()
  }

  batch(batch: RecordBatch): Uint8Array {
    if (!this.steps._schema) throw new BasaltError('internal', 'an Arrow stream was given a batch before its schema')
    this.steps._writeRecordBatch(batch)
    return this.taken()
  }

  end(): Uint8Array {
    if (this.steps._schema) this.steps._writeFooter(this.steps._schema)
    return this.taken()
  }

  private taken(): Uint8Array {
    const bytes = Buffer.concat(this.parts)
    this.parts = []
    // A stream has no index of its batches and must not gather one.
    if (!(this.writer instanceof RecordBatchFileWriter)) this.steps._recordBatchBlocks = []
    return bytes
  }
}

/** Writes the schema at the start, too: a file without it cannot be read as the stream that it holds. */
class FileWriter extends RecordBatchFileWriter {
  protected override _writeSchema(schema: Schema): this {
    super._writeSchema(schema)
    ;(RecordBatchStreamWriter.prototype as unknown as Steps)._writeSchema.call(this, schema)
    return this
  }
}
