import { type ColumnMetaData, type FileMetaData, parquetSchema, type SchemaElement, type TimeUnit } from 'hyparquet'
import type { FileColumn } from '../../core/dataset.js'

/** What the values of a flat column are, whatever their physical type. */
export type LeafKind = 'int' | 'long' | 'stamp' | 'day' | 'double' | 'flag' | 'text' | 'decimal' | 'half' | 'uuid'

/** A flat column of a file, as its schema describes it. */
export interface Leaf {
  name: string
  index: number // of its chunk in every row group
  element: SchemaElement
  nullable: boolean
  kind: LeafKind
  type: FileColumn['type']
  unsigned: boolean
  /** stamp: ns in one tick. */
  tick: number
  /** stamp: without a zone; its values are wall times. */
  naive: boolean
  places: number // decimal: digits after the point
}

/** Returns the flat columns by name, and every top-level column with its type, null where no stage can hold it. */
export function leavesOf(metadata: Pick<FileMetaData, 'schema'>): { leaves: Map<string, Leaf>; columns: FileColumn[] } {
  const leaves = new Map<string, Leaf>()
  const columns: FileColumn[] = []
  let index = 0
  for (const node of parquetSchema(metadata as FileMetaData).children) {
    const { element } = node
    const flat = node.children.length === 0 && element.repetition_type !== 'REPEATED' && element.type !== undefined
    const kind = flat ? kindOf(element) : undefined
    const type = kind ? typeOf(kind, element) : null
    columns.push({ name: element.name, type, physical: flat ? physicalText(element) : 'nested' })
    if (kind && !leaves.has(element.name)) leaves.set(element.name, leafOf(element, index, kind, type))
    index += leafCount(node)
  }
  return { leaves, columns }
}

/** Returns the byte range of a column chunk. A dictionary offset of 0 is how some writers say that there is none. */
export function chunkRange(meta: ColumnMetaData): { start: number; end: number } {
  const data = Number(meta.data_page_offset)
  const dictionary = Number(meta.dictionary_page_offset ?? 0)
  const start = dictionary > 0 && dictionary < data ? dictionary : data
  return { start, end: start + Number(meta.total_compressed_size) }
}

function leafCount(node: { children: unknown[] }): number {
  const children = node.children as { children: unknown[] }[]
  return children.length === 0 ? 1 : children.reduce((sum, child) => sum + leafCount(child), 0)
}

function leafOf(element: SchemaElement, index: number, kind: LeafKind, type: FileColumn['type']): Leaf {
  const { logical_type: logical } = element
  return {
    name: element.name,
    index,
    element,
    nullable: element.repetition_type !== 'REQUIRED',
    kind,
    type,
    unsigned: isUnsigned(element),
    tick: kind === 'stamp' ? NS[stampUnit(element)] : 1,
    // The old annotations meant instants; INT96 says nothing, like a naive stamp.
    naive: element.type === 'INT96' || (logical?.type === 'TIMESTAMP' && !logical.isAdjustedToUTC),
    places: element.scale ?? (logical?.type === 'DECIMAL' ? logical.scale : 0),
  }
}

const NS: Record<TimeUnit, number> = { MILLIS: 1_000_000, MICROS: 1000, NANOS: 1 }

function stampUnit({ type, converted_type, logical_type }: SchemaElement): TimeUnit {
  if (type === 'INT96') return 'NANOS' // as decoded
  if (logical_type?.type === 'TIMESTAMP') return logical_type.unit
  return converted_type === 'TIMESTAMP_MILLIS' ? 'MILLIS' : 'MICROS'
}

function isUnsigned({ converted_type, logical_type }: SchemaElement): boolean {
  return converted_type?.startsWith('UINT_') || (logical_type?.type === 'INTEGER' && !logical_type.isSigned)
}

function kindOf(element: SchemaElement): LeafKind | undefined {
  const { type, converted_type: converted, logical_type: logical } = element
  const decimal = converted === 'DECIMAL' || logical?.type === 'DECIMAL'
  switch (type) {
    case 'BOOLEAN':
      return 'flag'
    case 'FLOAT':
    case 'DOUBLE':
      return 'double'
    case 'INT96':
      return 'stamp'
    case 'INT32':
      if (decimal) return 'decimal'
      return converted === 'DATE' || logical?.type === 'DATE' ? 'day' : 'int'
    case 'INT64':
      if (decimal) return 'decimal'
      return logical?.type === 'TIMESTAMP' || converted?.startsWith('TIMESTAMP') ? 'stamp' : 'long'
    default:
      return decimal ? 'decimal' : bytesKind(element)
  }
}

function bytesKind({ type, converted_type: converted, logical_type: logical }: SchemaElement): LeafKind | undefined {
  if (converted === 'BSON' || converted === 'INTERVAL') return undefined
  if (type === 'FIXED_LEN_BYTE_ARRAY') {
    if (logical?.type === 'FLOAT16') return 'half'
    if (logical?.type === 'UUID') return 'uuid'
  }
  const opaque = ['BSON', 'VARIANT', 'GEOMETRY', 'GEOGRAPHY', 'INTERVAL', 'MAP', 'LIST']
  return logical && opaque.includes(logical.type) ? undefined : 'text'
}

function typeOf(kind: LeafKind, element: SchemaElement): FileColumn['type'] {
  switch (kind) {
    case 'int':
      return isUnsigned(element) && element.converted_type !== 'UINT_8' && element.converted_type !== 'UINT_16'
        ? 'i64'
        : 'i32'
    case 'long':
      return 'i64'
    case 'stamp':
      return 'ts'
    case 'day':
      return 'date'
    case 'flag':
      return 'bool'
    case 'text':
    case 'uuid':
      return 'str'
    default:
      return 'f64'
  }
}

/** Writes a column's type in Parquet's own words: `INT64 TIMESTAMP(MICROS, naive)`, `INT32 DECIMAL(9, 2)`. */
export function physicalText({
  type,
  type_length,
  converted_type,
  logical_type: logical,
  precision,
  scale,
}: SchemaElement): string {
  const base = type_length === undefined ? `${type}` : `${type}(${type_length})`
  if (logical?.type === 'TIMESTAMP' || logical?.type === 'TIME') {
    return `${base} ${logical.type}(${logical.unit}, ${logical.isAdjustedToUTC ? 'UTC' : 'naive'})`
  }
  if (logical?.type === 'DECIMAL' || converted_type === 'DECIMAL')
    return `${base} DECIMAL(${precision ?? '?'}, ${scale ?? 0})`
  if (logical?.type === 'INTEGER') return `${base} ${logical.isSigned ? 'INT' : 'UINT'}_${logical.bitWidth}`
  const note = logical?.type ?? converted_type
  return note ? `${base} ${note}` : base
}

/** Tells whether a column's values are byte strings, which are held as codes. */
export function isBytes({ element: { type } }: Leaf): boolean {
  return type === 'BYTE_ARRAY' || type === 'FIXED_LEN_BYTE_ARRAY'
}

/** Returns the bytes of each value of a fixed-length column, null for others. Throws where the schema lacks it. */
export function fixedLength({ element: { type, type_length } }: Leaf): number | null {
  if (type !== 'FIXED_LEN_BYTE_ARRAY') return null
  if (!(type_length! > 0)) throw new Error('a fixed length is missing')
  return type_length!
}
