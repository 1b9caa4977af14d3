import type { Sink, SinkOptions } from '../../core/sink.js'
import type { Encoder } from '../text.js'
import { PendingFile } from './file.js'

/** Opens a sink that writes what an encoder makes of each batch. Zero batches still give a valid file. */
export async function encodedSink(encoder: Encoder, options: SinkOptions): Promise<Sink> {
  const file = await PendingFile.create(options.path)
  let rows = 0
  let isWhole = false
  const put = (part: ReturnType<Encoder['batch']>) => file.write(typeof part === 'string' ? Buffer.from(part) : part)
  try {
    await put(encoder.start(options.schema))
  } catch (error) {
    await file.abort()
    throw error
  }
  const finish = async () => {
    if (isWhole) return
    isWhole = true
    await put(encoder.end())
    await file.finish()
  }
  return {
    async write(batch) {
      rows += batch.numRows
      await put(encoder.batch(batch))
    },
    finish,
    async commit() {
      await finish()
      await file.commit()
      return [file.facts(rows)]
    },
    abort: () => file.abort(),
  }
}
