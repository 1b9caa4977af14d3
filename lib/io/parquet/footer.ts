import { type ColumnMetaData, type FileMetaData, parquetMetadataAsync } from 'hyparquet'
import type { FileColumn, Hint, RowGroupFacts } from '../../core/dataset.js'
import { BasaltError, type Where } from '../../core/error.js'
import type { Scalar } from '../../core/expr.js'
import type { ByteSource } from '../bytes.js'
import { damageOf } from './damage.js'
import { type Leaf, leavesOf } from './leaf.js'

/** What a file says about itself, checked as far as it can be without reading rows. */
export interface Footer {
  metadata: FileMetaData
  leaves: Map<string, Leaf> // flat columns by name
  columns: FileColumn[]
  rowGroups: RowGroupFacts[]
}

/**
 * Reads the footer of a Parquet file. Bounds are given only where a reader may rely on them: exact minimum and maximum
 * in the format's current order, no NaN. Stamps are ns as decimal text; those of naive columns are wall times read as
 * UTC, so a binding with another `timeZone` must not use them. A file that is cut, encrypted or no Parquet at all is a
 * data fault; a failed read is an `io` fault.
 */
export async function readFooter(source: ByteSource, where: Where = {}): Promise<Footer> {
  if (source.byteLength < 12) {
    throw new BasaltError(
      'data',
      `is no Parquet file: ${source.byteLength} bytes are less than the smallest one`,
      where,
    )
  }
  const tail = new Uint8Array(await source.slice(source.byteLength - 4, source.byteLength))
  const magic = String.fromCharCode(...tail)
  if (magic === 'PARE') throw new BasaltError('data', 'is encrypted, which this version cannot read', where)
  if (magic !== 'PAR1') throw new BasaltError('data', 'is no Parquet file or is cut: it does not end in PAR1', where)
  try {
    const metadata = await parquetMetadataAsync(source, { parsers: RAW, geoparquet: false })
    const { leaves, columns } = leavesOf(metadata)
    return { metadata, leaves, columns, rowGroups: metadata.row_groups.map((_, i) => factsOf(metadata, leaves, i)) }
  } catch (error) {
    if (error instanceof BasaltError) throw error.at(where)
    throw new BasaltError('data', `has a footer that cannot be read: ${damageOf(error)}`, where, error)
  }
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const nothing = () => undefined

/** Bounds as they are stored: bigints and day numbers, no dates; text that is not UTF-8 is no bound. */
export const RAW = {
  timestampFromMilliseconds: (ms: bigint) => ms,
  timestampFromMicroseconds: (us: bigint) => us,
  timestampFromNanoseconds: (ns: bigint) => ns,
  dateFromDays: (day: number) => day,
  stringFromBytes(bytes: Uint8Array) {
    try {
      return strict.decode(bytes)
    } catch {
      return undefined
    }
  },
  jsonFromBytes: nothing,
  geometryFromBytes: nothing,
  geographyFromBytes: nothing,
  uuidFromBytes: nothing,
}

function factsOf({ row_groups }: FileMetaData, leaves: Map<string, Leaf>, index: number): RowGroupFacts {
  const { num_rows, columns } = row_groups[index]
  const rows = Number(num_rows)
  if (!Number.isSafeInteger(rows) || rows < 0)
    throw new BasaltError('data', `states ${num_rows} rows`, { rowGroup: index })
  const facts: RowGroupFacts = { rows, bytes: {}, bounds: {} }
  for (const leaf of leaves.values()) {
    const meta = columns[leaf.index]?.meta_data
    if (!meta) continue // a fault only if the column is read
    facts.bytes[leaf.name] = Number(meta.total_compressed_size)
    const bounds = boundsOf(leaf, meta)
    if (bounds) facts.bounds[leaf.name] = bounds
    else {
      const hint = hintOf(leaf, meta)
      if (hint) facts.hints = { ...facts.hints, [leaf.name]: hint }
    }
  }
  return facts
}

/** Returns what is known of a column without usable bounds: its nulls, and bounds of text that was cut short. */
function hintOf(leaf: Leaf, { statistics }: ColumnMetaData): Hint | undefined {
  const min = leaf.kind === 'text' ? boundOf(leaf, statistics?.min_value) : undefined
  const max = leaf.kind === 'text' ? boundOf(leaf, statistics?.max_value) : undefined
  const nulls = statistics?.null_count === undefined ? undefined : Number(statistics.null_count)
  if (min === undefined && max === undefined && nulls === undefined) return undefined
  return { ...(min !== undefined && { min }), ...(max !== undefined && { max }), ...(nulls !== undefined && { nulls }) }
}

/** Returns usable bounds. The deprecated `min` and `max` were written in no fixed order and are ignored. */
function boundsOf(leaf: Leaf, { statistics }: ColumnMetaData): RowGroupFacts['bounds'][string] | undefined {
  if (!statistics || statistics.is_min_value_exact === false || statistics.is_max_value_exact === false)
    return undefined
  const min = boundOf(leaf, statistics.min_value)
  const max = boundOf(leaf, statistics.max_value)
  if (min === undefined || max === undefined) return undefined
  const nulls = statistics.null_count === undefined ? undefined : Number(statistics.null_count)
  return { min, max, ...(nulls !== undefined && { nulls }) }
}

/** Returns a bound as `RowGroupFacts` hold it; undefined where it is of no use. */
export function boundOf({ kind, element, tick, unsigned }: Leaf, value: unknown): Scalar | undefined {
  switch (kind) {
    case 'stamp':
      return typeof value === 'bigint' && element.type === 'INT64' ? String(value * BigInt(tick)) : undefined
    case 'long':
      return typeof value === 'bigint' ? String(value) : undefined
    case 'int': // an unsigned one is held as i64
      if (typeof value !== 'number') return undefined
      return unsigned && element.converted_type !== 'UINT_8' && element.converted_type !== 'UINT_16'
        ? String(value)
        : value
    case 'day':
    case 'double':
      return typeof value === 'number' && !Number.isNaN(value) ? value : undefined
    case 'flag':
      return typeof value === 'boolean' ? value : undefined
    case 'text':
      return typeof value === 'string' ? value : undefined
    default:
      return undefined // decimals and halves would be bounds of the rounded value
  }
}
