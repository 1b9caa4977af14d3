import type { ColumnMetaData } from 'hyparquet'
import type { FileColumn, Hint, RowGroupFacts } from '../../core/dataset.js'
import { BasaltError, type Where } from '../../core/error.js'
import type { Scalar } from '../../core/expr.js'
import type { ByteSource } from '../bytes.js'
import { unreadable } from './damage.js'
import { type Leaf, leavesOf } from './leaf.js'
import { type Metadata, metadataOf, type RowGroup } from './metadata.js'

/** What a file says about itself, checked as far as it can be without reading rows. */
export interface Footer {
  schema: Metadata['schema']
  rowGroups: Metadata['rowGroups']
  leaves: Map<string, Leaf> // flat columns by name
  columns: FileColumn[]
}

/**
 * Reads the footer of a Parquet file. A file that is cut, encrypted or no Parquet at all is a data fault; a failed read
 * is an `io` fault.
 */
export async function readFooter(source: ByteSource, where: Where = {}): Promise<Footer> {
  if (source.byteLength < 12) {
    throw new BasaltError(
      'data',
      `is no Parquet file: ${source.byteLength} bytes are less than the smallest one`,
      where,
    )
  }
  const from = Math.max(0, source.byteLength - LIKELY_BYTES)
  const tail = new Uint8Array(await source.slice(from, source.byteLength))
  const magic = String.fromCharCode(...tail.subarray(-4))
  if (magic === 'PARE') throw new BasaltError('data', 'is encrypted, which this version cannot read', where)
  if (magic !== 'PAR1') throw new BasaltError('data', 'is no Parquet file or is cut: it does not end in PAR1', where)
  const length = new DataView(tail.buffer).getUint32(tail.length - 8, true)
  if (length > source.byteLength - 8) {
    const text = `has a footer that cannot be read: it states ${length} bytes of a file of ${source.byteLength}`
    throw new BasaltError('data', text, where)
  }
  const start = source.byteLength - 8 - length
  const bytes =
    start >= from
      ? tail.slice(start - from, start - from + length) // a copy: what it was read with is larger
      : new Uint8Array(await source.slice(start, start + length))
  try {
    const metadata = metadataOf(bytes)
    for (const [rowGroup, { rows }] of metadata.rowGroups.entries())
      if (rows < 0) throw new BasaltError('data', `states ${rows} rows`, { rowGroup })
    return { ...metadata, ...leavesOf(metadata) }
  } catch (error) {
    throw unreadable(error).at(where)
  }
}

const LIKELY_BYTES = 2 ** 19 // of a footer: read at once, before its size is known

/**
 * Returns what a footer says of each row group. Bounds are given only where a reader may rely on them: exact minimum and
 * maximum in the format's current order, no NaN. Stamps are ns as decimal text; those of naive columns are wall times
 * read as UTC, so a binding with another `timeZone` must not use them.
 */
export function rowGroupFacts({ rowGroups, leaves }: Footer, where: Where = {}): RowGroupFacts[] {
  try {
    return rowGroups.map(rowGroup => factsOf(rowGroup, leaves))
  } catch (error) {
    throw unreadable(error).at(where)
  }
}

function factsOf({ rows, chunk }: RowGroup, leaves: Map<string, Leaf>): RowGroupFacts {
  const facts: RowGroupFacts = { rows, bytes: {}, bounds: {} }
  for (const leaf of leaves.values()) {
    const meta = chunk(leaf.index)?.meta_data
    if (!meta) continue // a fault only if the column is read
    facts.bytes[leaf.name] = Number(meta.total_compressed_size)
    const { statistics } = meta
    const bounds = boundsOf(leaf, statistics)
    if (bounds) facts.bounds[leaf.name] = bounds
    else {
      const hint = hintOf(leaf, statistics)
      if (hint) facts.hints = { ...facts.hints, [leaf.name]: hint }
    }
  }
  return facts
}

type Statistics = ColumnMetaData['statistics']

/** Returns what is known of a column without usable bounds: its nulls, and bounds of text that was cut short. */
function hintOf(leaf: Leaf, statistics: Statistics): Hint | undefined {
  const min = leaf.kind === 'text' ? boundOf(leaf, statistics?.min_value) : undefined
  const max = leaf.kind === 'text' ? boundOf(leaf, statistics?.max_value) : undefined
  const nulls = statistics?.null_count === undefined ? undefined : Number(statistics.null_count)
  if (min === undefined && max === undefined && nulls === undefined) return undefined
  return { ...(min !== undefined && { min }), ...(max !== undefined && { max }), ...(nulls !== undefined && { nulls }) }
}

/** Returns usable bounds. The deprecated `min` and `max` were written in no fixed order and are ignored. */
function boundsOf(leaf: Leaf, statistics: Statistics): RowGroupFacts['bounds'][string] | undefined {
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
