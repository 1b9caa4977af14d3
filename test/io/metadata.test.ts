import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ColumnChunk, parquetMetadata } from 'hyparquet'
import t from 'tap'
import { metadataOf } from '../../lib/io/parquet/metadata.js'
import { RAW } from '../../lib/io/parquet/raw-bounds.js'
import { sharedData } from './shared.js'

const folders = [sharedData('parquet', 'hyparquet'), sharedData('parquet', 'apache-parquet-testing', 'valid')]
const files = folders.flatMap(folder =>
  folder ? readdirSync(folder).flatMap(name => (name.endsWith('.parquet') ? join(folder, name) : [])) : [],
)

/** What is used of a chunk. */
function used(chunk: ColumnChunk | undefined) {
  const { meta_data: meta } = chunk ?? {}
  const { statistics } = meta ?? {}
  const { null_count, min_value, max_value, is_min_value_exact, is_max_value_exact } = statistics ?? {}
  return {
    index: [chunk?.offset_index_offset, chunk?.offset_index_length],
    bounds: [chunk?.column_index_offset, chunk?.column_index_length],
    ...(meta && {
      kind: [meta.type, meta.codec, meta.path_in_schema, meta.encodings, meta.encoding_stats],
      sizes: [meta.num_values, meta.total_uncompressed_size, meta.total_compressed_size],
      places: [meta.data_page_offset, meta.dictionary_page_offset],
    }),
    statistics: [null_count, min_value, max_value, is_min_value_exact, is_max_value_exact],
  }
}

t.test(
  'footers say what another reader finds in them',
  { skip: files.length === 0 && 'set BASALT_SHARED to the folder that holds data/parquet to run it' },
  async t => {
    let chunks = 0
    for (const file of files) {
      const bytes = readFileSync(file)
      if (bytes.toString('latin1', bytes.length - 4) !== 'PAR1') continue
      const end = bytes.length - 8
      const expected = parquetMetadata(new Uint8Array(bytes), { parsers: RAW, geoparquet: false })
      const found = metadataOf(new Uint8Array(bytes.subarray(end - bytes.readUInt32LE(end), end)))
      t.same(found.schema, expected.schema, `schema of ${file}`)
      t.same(
        found.rowGroups.map(({ rows }) => BigInt(rows)),
        expected.row_groups.map(group => group.num_rows),
      )
      for (const [i, { columns }] of expected.row_groups.entries()) {
        const { chunk } = found.rowGroups[i]
        t.same(
          columns.map((_, c) => used(chunk(c))),
          columns.map(used),
          `row group ${i} of ${file}`,
        )
        t.equal(chunk(columns.length), undefined)
        chunks += columns.length
      }
    }
    t.ok(chunks > 500, `${chunks} chunks`)
  },
)

t.test('a footer that is cut, or has no row groups, is refused', async t => {
  const [file] = files
  if (!file) return
  const bytes = readFileSync(file)
  const end = bytes.length - 8
  const footer = new Uint8Array(bytes.subarray(end - bytes.readUInt32LE(end), end))
  for (const length of [0, 1, footer.length >> 1, footer.length - 1])
    t.throws(() => metadataOf(footer.slice(0, length)), `${length} bytes`)
  t.throws(() => metadataOf(Uint8Array.of(0)), /no list of row groups/)
})
