import { discard } from '../../core/discard.js'
import { BasaltError, faultOf } from '../../core/error.js'
import type { Sink, SinkOptions } from '../../core/sink.js'
import { Footer } from '../parquet/write/footer.js'
import { ColumnGatherer } from '../parquet/write/gather.js'
import { type EncodedGroup, type EncodeGroup, encodeRowGroup } from '../parquet/write/group.js'
import { writtenColumns } from '../parquet/write/shape.js'
import { PendingFile } from './file.js'

const MAGIC = Buffer.from('PAR1')
const IN_FLIGHT = 1 // row groups that are encoded elsewhere: what gathers them has memory for one beside that which fills

export interface ParquetSinkOptions extends SinkOptions {
  /**
   * Encodes row groups, for example on other threads; by default this thread does it. Its data lies in shared memory, and
   * stays as it is until it has answered.
   */
  encode?: EncodeGroup
}

/**
 * Opens a sink of one Parquet file. One row group is held in memory at a time, and one more while `encode` works on
 * it. The bytes depend on the rows, the schema and the options alone: not on how the rows were cut into batches, the
 * order in which encoders finish, a clock or the path.
 */
export async function parquetSink(options: ParquetSinkOptions): Promise<Sink> {
  const { encode } = options
  const columns = writtenColumns(options.schema)
  const groupRows = options.rowGroupRows ?? 131_072
  const gatherers = columns.map(column => new ColumnGatherer(column, groupRows, encode !== undefined))
  const encoding = { codec: options.compression ?? 'snappy' }
  const sortedBy = (options.sortedBy ?? []).map(name => {
    const index = columns.findIndex(column => column.name === name)
    if (index < 0) throw new BasaltError('internal', 'rows are sorted by a column that is not written', { field: name })
    return index
  })
  const footer = new Footer({ columns, metadata: keyValues(options), sortedBy })
  const encoded: Promise<EncodedGroup>[] = []
  let filled = 0
  let rows = 0
  let groups = 0 // that are in the file

  const file = await PendingFile.create(options.path)
  const put = async (group: EncodedGroup) => {
    footer.add(file.bytes, group)
    await file.write(group.bytes)
    discard([group.bytes])
    groups++
  }

  const flush = async () => {
    const count = filled
    filled = 0
    if (!encode) {
      const data = gatherers.map(gatherer => gatherer.gathered())
      await put(encodeRowGroup(columns, data, count, encoding))
      for (const gatherer of gatherers) gatherer.forget()
      return
    }
    if (encoded.length === IN_FLIGHT) await put(await encoded.shift()!)
    const data = gatherers.map(gatherer => gatherer.lend())
    const place = { file: file.path, rowGroup: groups }
    const group = encode(columns, data, count, encoding, place).catch(error => {
      throw faultOf(error, { file: file.path })
    })
    group.catch(() => {}) // thrown where it is awaited, which may be later than it happens
    encoded.push(group)
  }

  let isWhole = false
  const finish = async () => {
    if (isWhole) return
    isWhole = true
    if (filled > 0) await flush()
    for (const group of encoded.splice(0)) await put(await group)
    await file.write(footer.bytes(file.bytes))
    await file.finish()
    for (const gatherer of gatherers.splice(0)) gatherer.letGo()
  }

  await file.write(MAGIC)
  return {
    async write(batch) {
      const sources = gatherers.map(gatherer => gatherer.sourceOf(batch))
      for (let from = 0; from < batch.numRows; ) {
        const to = Math.min(batch.numRows, from + groupRows - filled)
        for (const [i, gatherer] of gatherers.entries()) gatherer.append(sources[i], from, to)
        filled += to - from
        rows += to - from
        from = to
        if (filled === groupRows) await flush()
      }
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

/** The file's own metadata, then that of each field as JSON under one key. */
function keyValues({ schema, metadata }: SinkOptions): [key: string, value: string][] {
  const pairs = Object.entries({ ...Object.fromEntries(schema.metadata), ...metadata })
  const described = schema.fields.filter(field => field.metadata.size > 0)
  if (described.length > 0) {
    const value = JSON.stringify(
      Object.fromEntries(described.map(({ name, metadata }) => [name, Object.fromEntries(metadata)])),
    )
    pairs.push(['basalt:columns', value])
  }
  return pairs
}
