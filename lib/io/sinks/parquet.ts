import type { FileMetaData, KeyValue, RowGroup } from 'hyparquet'
import { ByteWriter } from 'hyparquet-writer'
import { writeMetadata } from 'hyparquet-writer/src/metadata.js'
import type { Sink, SinkOptions } from '../../core/sink.js'
import { encodeChunk } from '../parquet/encode.js'
import { ColumnGatherer } from '../parquet/gather.js'
import { writtenColumns } from '../parquet/shape.js'
import { PendingFile } from './file.js'

const MAGIC = 0x31524150 // 'PAR1'
const BOUND_BYTES = 64 // longer string bounds are cut in the footer and marked as inexact

/**
 * Opens a sink of one Parquet file. One row group is held in memory at a time. The bytes depend on the rows, the schema
 * and the options alone: not on how the rows were cut into batches, a clock or the path.
 */
export async function parquetSink(options: SinkOptions): Promise<Sink> {
  const columns = writtenColumns(options.schema)
  const gatherers = columns.map(column => new ColumnGatherer(column))
  const codec = options.compression === 'none' ? 'UNCOMPRESSED' : 'SNAPPY'
  const groupRows = options.rowGroupRows ?? 131_072
  const row_groups: RowGroup[] = []
  let filled = 0
  let rows = 0

  const file = await PendingFile.create(options.path)
  const put = async (fill: (writer: ByteWriter) => void) => {
    const writer = new ByteWriter(1 << 16)
    writer.offset = file.bytes
    fill(writer)
    await file.write(writer.getBytes())
  }

  const flush = async () => {
    const start = file.bytes
    const group: RowGroup = { columns: [], total_byte_size: 0n, num_rows: BigInt(filled) }
    for (const gatherer of gatherers) {
      await put(writer => {
        const chunk = encodeChunk(writer, gatherer, filled, codec)
        group.columns.push(chunk)
        group.total_byte_size += chunk.meta_data!.total_uncompressed_size
      })
      gatherer.clear()
    }
    row_groups.push({ ...group, total_compressed_size: BigInt(file.bytes - start) })
    filled = 0
  }

  const footer = async () => {
    const root = { name: 'schema', num_children: columns.length }
    const metadata: FileMetaData = {
      version: 2,
      created_by: 'basalt',
      schema: [root, ...columns.map(column => column.element)],
      num_rows: BigInt(rows),
      row_groups,
      key_value_metadata: keyValues(options),
      metadata_length: 0, // not written; the length stands behind the footer
    }
    await put(writer => {
      writeMetadata(writer, metadata, BOUND_BYTES)
      writer.appendUint32(MAGIC)
    })
  }

  await put(writer => writer.appendUint32(MAGIC))
  return {
    async write(batch) {
      for (let from = 0; from < batch.numRows; ) {
        const to = Math.min(batch.numRows, from + groupRows - filled)
        for (const gatherer of gatherers) gatherer.append(batch, from, to, filled)
        filled += to - from
        rows += to - from
        from = to
        if (filled === groupRows) await flush()
      }
    },
    async commit() {
      if (filled > 0) await flush()
      await footer()
      await file.commit()
      return [{ path: file.path, bytes: file.bytes, rows }]
    },
    abort: () => file.abort(),
  }
}

/** The file's own metadata, then that of each field as JSON under one key. */
function keyValues({ schema, metadata }: SinkOptions): KeyValue[] | undefined {
  const pairs = Object.entries({ ...Object.fromEntries(schema.metadata), ...metadata }).map(([key, value]) => ({
    key,
    value,
  }))
  const described = schema.fields.filter(field => field.metadata.size > 0)
  if (described.length > 0) {
    const value = JSON.stringify(
      Object.fromEntries(described.map(({ name, metadata }) => [name, Object.fromEntries(metadata)])),
    )
    pairs.push({ key: 'basalt:columns', value })
  }
  return pairs.length > 0 ? pairs : undefined
}
