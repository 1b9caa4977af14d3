import { createReadStream } from 'node:fs'
import { type RecordBatch, RecordBatchReader } from 'apache-arrow'
import { columnTypeOf } from '../../core/batch.js'
import { chunkOf } from '../../core/chunk.js'
import { BasaltError, faultOf } from '../../core/error.js'
import { LocalFile } from '../bytes.js'
import type { ResultColumn, ResultFile } from './index.js'

/** Opens a file of Arrow IPC, of either form: a stream, as Basalt writes, or a file with an index at its end. */
export async function openArrow(path: string): Promise<ResultFile> {
  const columns = await reading(path, async reader => {
    const { fields } = reader.schema
    return fields.map(({ name, type }): ResultColumn => ({ name, type: columnTypeOf(type) ?? null }))
  })
  return {
    columns,
    async *chunks() {
      const source = createReadStream(path)
      try {
        const reader = await (await RecordBatchReader.from(source)).open()
        for await (const batch of reader as AsyncIterable<RecordBatch>) yield chunkOf(batch)
      } catch (error) {
        throw faultOf(error, { file: path }, 'data')
      } finally {
        source.destroy()
      }
    },
  }
}

async function reading<T>(path: string, read: (reader: RecordBatchReader) => Promise<T>): Promise<T> {
  await LocalFile.at(path) // says when there is none
  const source = createReadStream(path)
  try {
    const reader = await (await RecordBatchReader.from(source)).open()
    // Where the bytes are those of no schema, there is none, and no error.
    if (!reader.schema) throw new BasaltError('data', 'is no Arrow IPC: it does not begin with a schema')
    return await read(reader)
  } catch (error) {
    throw faultOf(error, { file: path }, 'data')
  } finally {
    source.destroy()
  }
}
