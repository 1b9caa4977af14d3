import { type ColumnChunk, type ColumnMetaData, parquetMetadata, type SchemaElement } from 'hyparquet'
import { CompressionCodecs, Encodings, PageTypes, ParquetTypes } from 'hyparquet/src/constants.js'
import { convertMetadata } from 'hyparquet/src/metadata.js'
import { CompactReader } from './compact.js'
import { unreadable } from './damage.js'
import { RAW } from './raw-bounds.js'

/** What is used of a footer. */
export interface Metadata {
  schema: SchemaElement[]
  rowGroups: RowGroup[]
}

export interface RowGroup {
  rows: number
  /** Returns what the footer says of a column's chunk; undefined where it has none. What is damaged is a data fault. */
  chunk: (index: number) => ColumnChunk | undefined
}

const ROW_GROUPS = 4
const EMPTY_LIST = [0x0c, 0x00] // of no structs, and the end of the struct that it is the last field of

/**
 * Reads the footer's struct. Most of it are chunks of columns, thousands in a large file: those that are asked for are
 * read then, the others are passed over. Throws where something does not add up.
 */
export function metadataOf(bytes: Uint8Array): Metadata {
  const reader = new CompactReader(bytes)
  let metadata: Metadata | undefined
  reader.struct((id, type) => {
    if (id !== ROW_GROUPS) return false
    // The schema stands before them: what comes first, ended here, is a footer without row groups.
    const { schema } = parquetMetadata(footerOf(bytes.subarray(0, reader.position)), {
      parsers: RAW,
      geoparquet: false,
    })
    const elements = schema.filter(element => element.type)
    metadata = { schema, rowGroups: reader.structs(type, () => rowGroup(reader, bytes, elements)) }
    return true
  })
  if (!metadata) throw new Error('it has no list of row groups')
  return metadata
}

function footerOf(head: Uint8Array): Uint8Array {
  const length = head.length + EMPTY_LIST.length
  const footer = new Uint8Array(length + 8)
  footer.set(head)
  footer.set(EMPTY_LIST, head.length)
  new DataView(footer.buffer).setUint32(length, length, true)
  footer.set(MAGIC, length + 4)
  return footer
}

const MAGIC = new TextEncoder().encode('PAR1')

function rowGroup(reader: CompactReader, bytes: Uint8Array, elements: readonly SchemaElement[]): RowGroup {
  let places: number[] = []
  let rows = 0
  reader.struct((id, type) => {
    if (id === 1) {
      places = reader.structs(type, () => {
        const { position } = reader
        reader.struct(() => false)
        return position
      })
    } else if (id === 3) rows = reader.whole(type)
    else return false
    return true
  })
  const chunk = (index: number) => {
    if (index >= places.length) return undefined
    try {
      return columnChunk(new CompactReader(bytes, places[index]), elements[index])
    } catch (error) {
      throw unreadable(error)
    }
  }
  return { rows, chunk }
}

const INDEX_FIELDS = {
  4: 'offset_index_offset',
  5: 'offset_index_length',
  6: 'column_index_offset',
  7: 'column_index_length',
} as const

function columnChunk(reader: CompactReader, element: SchemaElement): ColumnChunk {
  const chunk: Partial<Record<string, unknown>> = { file_offset: 0n, meta_data: undefined }
  reader.struct((id, type) => {
    if (id === 3) chunk.meta_data = columnMetadata(reader, element)
    else if (id === 4 || id === 6) chunk[INDEX_FIELDS[id]] = BigInt(reader.whole(type))
    else if (id === 5 || id === 7) chunk[INDEX_FIELDS[id]] = reader.whole(type)
    else return false
    return true
  })
  return chunk as unknown as ColumnChunk
}

const SIZES = {
  5: 'num_values',
  6: 'total_uncompressed_size',
  7: 'total_compressed_size',
  9: 'data_page_offset',
  11: 'dictionary_page_offset',
} as const

const decoder = new TextDecoder()

function columnMetadata(reader: CompactReader, element: SchemaElement): ColumnMetaData {
  const meta: Partial<Record<string, unknown>> = { path_in_schema: [] }
  reader.struct((id, type) => {
    if (id === 1) meta.type = ParquetTypes[reader.whole(type)]
    else if (id === 2) meta.encodings = reader.list(type, each => Encodings[reader.whole(each)])
    else if (id === 3) meta.path_in_schema = reader.list(type, each => decoder.decode(reader.binary(each)))
    else if (id === 4) meta.codec = CompressionCodecs[reader.whole(type)]
    else if (id in SIZES) meta[SIZES[id as keyof typeof SIZES]] = BigInt(reader.whole(type))
    else if (id === 12) meta.statistics = statisticsOf(reader, element)
    else if (id === 13) meta.encoding_stats = reader.structs(type, () => encodingStats(reader))
    else return false
    return true
  })
  return meta as unknown as ColumnMetaData
}

function encodingStats(reader: CompactReader) {
  const stats = { page_type: PageTypes[0], encoding: Encodings[0], count: 0 }
  reader.struct((id, type) => {
    if (id === 1) stats.page_type = PageTypes[reader.whole(type)]
    else if (id === 2) stats.encoding = Encodings[reader.whole(type)]
    else if (id === 3) stats.count = reader.whole(type)
    else return false
    return true
  })
  return stats
}

/** Reads statistics, but for the deprecated `min` and `max`, which were written in no fixed order. */
function statisticsOf(reader: CompactReader, element: SchemaElement): ColumnMetaData['statistics'] {
  const statistics: ColumnMetaData['statistics'] = {}
  reader.struct((id, type) => {
    if (id === 3) statistics.null_count = BigInt(reader.whole(type))
    else if (id === 5) statistics.max_value = convertMetadata(reader.binary(type), element, RAW)
    else if (id === 6) statistics.min_value = convertMetadata(reader.binary(type), element, RAW)
    else if (id === 7) statistics.is_max_value_exact = reader.flagOf(type)
    else if (id === 8) statistics.is_min_value_exact = reader.flagOf(type)
    else return false
    return true
  })
  return statistics
}
