import {
  Bool,
  type Data,
  DateDay,
  Dictionary,
  Field,
  Float64,
  Int32,
  Int64,
  makeData,
  makeVector,
  RecordBatch,
  Schema,
  Struct,
  TimestampNanosecond,
  Type,
  Utf8,
  type Vector,
} from 'apache-arrow'
import { BasaltError } from './error.js'
import { Interner } from './interner.js'
import { encodedWords, laidOut } from './words.js'

export type { DataType } from 'apache-arrow'
export { Field, RecordBatch, Schema }

/** What every stage passes to the next. Whoever pulls decides the pace. */
export type Batches = AsyncIterable<RecordBatch>

/**
 * How values of a column are held between stages.
 * f64: Float64Array · i64: BigInt64Array · i32: Int32Array · bool: Uint8Array of 0/1 ·
 * str: Int32 codes into a dictionary · ts: BigInt64Array, ns since the Unix epoch, UTC · date: Int32 days since the epoch
 */
export type ColumnType = 'f64' | 'i64' | 'i32' | 'bool' | 'str' | 'ts' | 'date'

/** A typed view of one column of a batch. `valid` is one byte a row (1 = present), or null when nothing is null. */
export type Column = ColumnValues & {
  /** Every row holds the same value. */
  uniform?: boolean
  /** The same values as codes into distinct ones. Who changes values drops them. */
  coded?: CodedValues
}

type ColumnValues =
  | {
      type: 'f64'
      values: Float64Array
      valid: Uint8Array | null
      /** No value is NaN. */
      whole?: boolean
      /** Where a row is null, its value is NaN. */
      voided?: boolean
    }
  | { type: 'i64'; values: BigInt64Array; valid: Uint8Array | null }
  | { type: 'ts'; values: BigInt64Array; valid: Uint8Array | null }
  | { type: 'i32' | 'date'; values: Int32Array; valid: Uint8Array | null }
  | { type: 'bool'; values: Uint8Array; valid: Uint8Array | null }
  | { type: 'str'; values: Int32Array; valid: Uint8Array | null; dictionary: Words }

/** Returns a batch of these columns alone, in this order. Arrow's own `select` puts values under the wrong names. */
export function selected(batch: RecordBatch, names: readonly string[]): RecordBatch {
  const places = names.map(name => {
    const place = batch.schema.fields.findIndex(field => field.name === name)
    if (place < 0) throw new BasaltError('internal', `no column '${name}' in the batch`, { field: name })
    return place
  })
  const schema = new Schema(
    places.map(place => batch.schema.fields[place]),
    batch.schema.metadata,
  )
  const children = places.map(place => batch.data.children[place])
  const type = new Struct(schema.fields)
  return new RecordBatch(schema, makeData({ type, nullCount: 0, length: batch.numRows, children }))
}

/** The words a code column points into. The object's identity tells whether two columns share a dictionary. */
export interface Words {
  readonly words: readonly string[]
}

/** A column as codes into its distinct values, as a file's dictionary has them. Null rows hold any code. */
export interface CodedValues {
  codes: Int32Array
  /** Of the column's type; its identity tells whether two columns share it. */
  dictionary: Column
}

export interface ColumnSpec {
  name: string
  type: ColumnType
  nullable?: boolean
  metadata?: Record<string, string>
}

/** Builds an Arrow schema from column specs; `metadata` of a spec travels with its field. */
export function schemaOf(specs: readonly ColumnSpec[], metadata?: Record<string, string>): Schema {
  const fields = specs.map(
    (spec, i) =>
      new Field(
        spec.name,
        arrowType(spec.type, i),
        spec.nullable ?? true,
        new Map(Object.entries(spec.metadata ?? {})),
      ),
  )
  return new Schema(fields, new Map(Object.entries(metadata ?? {})))
}

function arrowType(type: ColumnType, index: number) {
  switch (type) {
    case 'f64':
      return new Float64()
    case 'i64':
      return new Int64()
    case 'i32':
      return new Int32()
    case 'bool':
      return new Bool()
    case 'ts':
      return new TimestampNanosecond('UTC')
    case 'date':
      return new DateDay()
    case 'str':
      // The column's index is its dictionary's id: unique in the schema, and equal for every batch of a stream.
      return new Dictionary(new Utf8(), new Int32(), index)
  }
}

/** Returns the ColumnType that holds values of an Arrow type, or undefined for a type that has none. */
export function columnTypeOf(type: { typeId: Type }): ColumnType | undefined {
  switch (type.typeId) {
    case Type.Float:
    case Type.Float64:
      return 'f64'
    case Type.Int:
    case Type.Int64:
      return (type as unknown as { bitWidth: number }).bitWidth === 64 ? 'i64' : 'i32'
    case Type.Int32:
      return 'i32'
    case Type.Bool:
      return 'bool'
    case Type.Timestamp:
    case Type.TimestampNanosecond:
      return 'ts'
    case Type.Date:
    case Type.DateDay:
      return 'date'
    case Type.Dictionary:
    case Type.Utf8:
      return 'str'
    default:
      return undefined
  }
}

/** Builds a RecordBatch over the columns' buffers: no values are copied, so the batch is as long-lived as they are. */
export function batchOf(
  specs: readonly ColumnSpec[],
  columns: readonly Column[],
  length: number,
  schema?: Schema,
): RecordBatch {
  const shape = schema ?? schemaOf(specs)
  const children = columns.map((column, i) => dataOf(column, length, shape.fields[i].type))
  const struct = makeData({ type: new Struct(shape.fields), nullCount: 0, length, children })
  return new RecordBatch(shape, struct)
}

// biome-ignore lint/suspicious/noExplicitAny: Arrow's generics follow the runtime type, which a switch cannot show.
function dataOf(column: Column, length: number, type: any): Data {
  const nullBitmap = column.valid ? bitmapOf(column.valid, length) : undefined
  const nullCount = column.valid ? countZeros(column.valid, length) : 0
  if (column.type === 'str') {
    const dictionary = wordsVector(column.dictionary)
    return makeData({ type, length, nullCount, nullBitmap, data: column.values.subarray(0, length), dictionary })
  }
  if (column.type === 'bool') {
    return makeData({ type, length, nullCount, nullBitmap, data: bitmapOf(column.values, length) })
  }
  return makeData({ type, length, nullCount, nullBitmap, data: column.values.subarray(0, length) })
}

const vectors = new WeakMap<Words, Vector<Utf8>>()

function wordsVector(dictionary: Words): Vector<Utf8> {
  let vector = vectors.get(dictionary)
  if (!vector) {
    const { offsets, data } = laidOut(encodedWords(dictionary))
    vector = makeVector(
      makeData({ type: new Utf8(), length: dictionary.words.length, nullCount: 0, valueOffsets: offsets, data }),
    )
    vectors.set(dictionary, vector)
    wordsOf.set(vector, dictionary)
  }
  return vector
}

const wordsOf = new WeakMap<Vector, Words>()

function dictionaryWords(vector: Vector): Words {
  let words = wordsOf.get(vector)
  if (!words) {
    words = { words: Array.from(vector as Iterable<string>) }
    wordsOf.set(vector, words)
  }
  return words
}

/**
 * Returns a typed view of a column by name, or undefined when the batch has none.
 * Float64, Int64, Int32, Bool, ns timestamps, dates, plain strings and string dictionaries are viewed; smaller numbers
 * are widened. Views share the batch's memory where the layout allows.
 */
export function columnOf(batch: RecordBatch, name: string): Column | undefined {
  const index = batch.schema.fields.findIndex(field => field.name === name)
  return index < 0 ? undefined : viewOf(batch.getChildAt(index) as Vector)
}

function viewOf(vector: Vector): Column | undefined {
  const data = vector.data.length === 1 ? vector.data[0] : undefined
  const type = vector.type
  const length = vector.length
  const valid = data ? bytesOf(data.nullBitmap, data.nullCount, data.offset, length) : null
  if (!data) return gathered(vector)
  // Buffers that came through IPC are padded to 8 bytes: the array may be longer than the column.
  const raw = data.values?.length > length ? data.values.subarray(0, length) : data.values
  switch (type.typeId) {
    case Type.Float:
    case Type.Float64:
      return {
        type: 'f64',
        values: raw instanceof Float64Array ? raw : Float64Array.from(raw),
        valid,
      }
    case Type.Int:
    case Type.Int64:
    case Type.Int32:
      if (raw instanceof BigInt64Array) return { type: 'i64', values: raw, valid }
      if (raw instanceof BigUint64Array) return undefined
      return {
        type: 'i32',
        values: raw instanceof Int32Array ? raw : Int32Array.from(raw),
        valid,
      }
    case Type.Bool: {
      const bits = bytesOf(data.values, 1, data.offset, length) ?? new Uint8Array(length)
      return { type: 'bool', values: bits, valid }
    }
    case Type.Timestamp:
    case Type.TimestampNanosecond:
      if (type.unit !== 3) return undefined
      return { type: 'ts', values: raw, valid }
    case Type.Date:
    case Type.DateDay:
      return raw instanceof Int32Array ? { type: 'date', values: raw, valid } : undefined
    case Type.Dictionary: {
      const codes = raw instanceof Int32Array ? raw : Int32Array.from(raw)
      return { type: 'str', values: codes, valid, dictionary: dictionaryWords(data.dictionary as Vector) }
    }
    case Type.Utf8:
      return gathered(vector)
    default:
      return undefined
  }
}

/** Copies the strings of a plain Utf8 column (a foreign producer's) into codes. */
function gathered(vector: Vector): Column | undefined {
  if (vector.type.typeId !== Type.Utf8) return undefined
  const interner = new Interner()
  const values = new Int32Array(vector.length)
  let valid: Uint8Array | null = null
  for (let i = 0; i < vector.length; i++) {
    const word = vector.get(i)
    if (word === null) {
      valid ??= new Uint8Array(vector.length).fill(1)
      valid[i] = 0
    } else values[i] = interner.code(word)
  }
  return { type: 'str', values, valid, dictionary: interner.snapshot() }
}

function bytesOf(bits: Uint8Array | undefined, nullCount: number, offset: number, length: number): Uint8Array | null {
  if (!bits || bits.length === 0 || nullCount === 0) return null
  const bytes = new Uint8Array(length)
  for (let i = 0, bit = offset; i < length; i++, bit++) bytes[i] = (bits[bit >> 3] >> (bit & 7)) & 1
  return bytes
}

/** Packs bytes of 0 and 1 as Arrow's bitmaps. */
export function bitmapOf(bytes: Uint8Array, length: number): Uint8Array {
  const bits = new Uint8Array(((length + 63) >> 6) << 3) // Arrow pads bitmaps to 8 bytes
  for (let i = 0; i < length; i++) if (bytes[i]) bits[i >> 3] |= 1 << (i & 7)
  return bits
}

/** Counts the nulls of a validity. */
export function countZeros(bytes: Uint8Array, length: number): number {
  let zeros = 0
  for (let i = 0; i < length; i++) if (!bytes[i]) zeros++
  return zeros
}
